import { describe, expect, it } from 'vitest'
import { Refusal, type RequestHead, readRequestHead } from './gate.ts'

function read(text: string, maxHeaders = 100): RequestHead | Refusal {
  return readRequestHead({ bytes: Buffer.from(text, 'latin1'), text, base: 0 }, maxHeaders)
}

function accepted(text: string): RequestHead {
  const head = read(text)
  if (head instanceof Refusal) throw new Error(`refused: ${head.reason}`)
  return head
}

const get = (...lines: string[]): string => ['GET / HTTP/1.1', ...lines, '', ''].join('\r\n')
const post = (...lines: string[]): string => ['POST / HTTP/1.1', 'Host: a', ...lines, '', ''].join('\r\n')
const target = (value: string, method = 'GET'): string => `${method} ${value} HTTP/1.1\r\nHost: a\r\n\r\n`

const REFUSED: [string, string, number?][] = [
  ['a missing Host', get()],
  ['two Hosts', get('Host: a', 'Host: a')],
  ['two Hosts in different case', get('Host: a', 'HOST: b')],
  ['a comma-listed Host', get('Host: a, b')],
  ['an empty Host', get('Host:')],
  ['a Host with userinfo', get('Host: user@a')],
  ['a Host with a path', get('Host: a/b')],
  ['a Host with a query', get('Host: a?b')],
  ['a Host with a space', get('Host: a b')],
  ['a Host with a percent code', get('Host: a%2eb')],
  ['a Host with an empty port', get('Host: a:')],
  ['a Host with a port out of range', get('Host: a:65536')],
  ['a Host with a port that is no number', get('Host: a:b')],
  ['a Host with a broken IPv6 address', get('Host: [::g]')],
  ['a Host with an unclosed bracket', get('Host: [::1')],
  ['an empty Transfer-Encoding', post('Transfer-Encoding:')],
  ['an unknown Transfer-Encoding', post('Transfer-Encoding: gzip')],
  ['a listed Transfer-Encoding', post('Transfer-Encoding: gzip, chunked')],
  ['chunked twice in one field', post('Transfer-Encoding: chunked, chunked')],
  ['chunked in two fields', post('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked')],
  ['an obfuscated chunked', post('Transfer-Encoding: xchunked')],
  ['chunked with a parameter', post('Transfer-Encoding: chunked;a=b')],
  ['Transfer-Encoding with Content-Length', post('Transfer-Encoding: chunked', 'Content-Length: 1')],
  ['Content-Length with Transfer-Encoding', post('Content-Length: 1', 'Transfer-Encoding: chunked')],
  ['Transfer-Encoding in HTTP/1.0', 'POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'],
  ['differing Content-Lengths', post('Content-Length: 1', 'Content-Length: 2')],
  ['equal Content-Lengths', post('Content-Length: 1', 'Content-Length: 1')],
  ['a listed Content-Length', post('Content-Length: 1, 1')],
  ['an empty Content-Length', post('Content-Length:')],
  ['a signed Content-Length', post('Content-Length: +1')],
  ['a negative Content-Length', post('Content-Length: -1')],
  ['a hexadecimal Content-Length', post('Content-Length: 0x1')],
  ['a fractional Content-Length', post('Content-Length: 1.0')],
  ['a Content-Length with a space inside', post('Content-Length: 1 2')],
  ['a Content-Length beyond exact integers', post('Content-Length: 9999999999999999')],
  ['GET *', target('*')],
  ['* with a query', target('*?a', 'OPTIONS')],
  ['a target without a slash', target('a')],
  ['an authority-form target', target('a:80')],
  ['an unknown scheme', target('ftp://a/')],
  ['an absolute target of another host', target('http://b/')],
  ['an absolute target of another port', target('http://a:81/')],
  ['an absolute target with userinfo', target('http://a@a/')],
  ['an absolute target without authority', target('http:///')],
  ['CONNECT', target('a:443', 'CONNECT')],
  ['CONNECT of a path', target('/', 'CONNECT')],
  ['a non-ASCII target', target('/\xe4')],
  ['a control byte in the target', target('/\x01')],
  ['a DEL in the target', target('/\x7f')],
  ['a NUL in the target', target('/\0')],
  ['a tab in the target', target('/\ta')],
  ['a fragment in the target', target('/#a')],
  ['a backslash in the target', target('/\\a')],
  ['an encoded backslash', target('/%5c')],
  ['an encoded NUL', target('/%00')],
  ['a broken percent code', target('/%2')],
  ['a path above the root', target('/../a')],
  ['a dot segment behind an encoded slash', target('/a%2f..%2fb')],
  ['an empty target', 'GET  HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['two spaces before the version', 'GET /  HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a missing version', 'GET /\r\nHost: a\r\n\r\n'],
  ['a version in lower case', 'GET / http/1.1\r\nHost: a\r\n\r\n'],
  ['an unknown minor version', 'GET / HTTP/1.2\r\nHost: a\r\n\r\n'],
  ['a version with a tail', 'GET / HTTP/1.1 \r\nHost: a\r\n\r\n'],
  ['a leading space', ' GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a method that is no token', 'G(T / HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a bare CR in the request line', 'GET /\r HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a bare LF after the request line', 'GET / HTTP/1.1\nHost: a\r\n\r\n'],
  ['a bare LF between fields', get('Host: a\nB: c')],
  ['a bare CR in a value', get('Host: a', 'B: c\rd')],
  ['a folded line', get('Host: a', 'B: c', ' d')],
  ['a line folded with a tab', get('Host: a', 'B: c', '\td')],
  ['space before the first field', get(' Host: a')],
  ['space before the colon', get('Host : a')],
  ['a tab before the colon', get('Host\t: a')],
  ['a field without a colon', get('Host: a', 'B')],
  ['a field without a name', get('Host: a', ': b')],
  ['a name with a parenthesis', get('Host: a', 'B(: c')],
  ['a name with a byte above ASCII', get('Host: a', 'B\xe4: c')],
  ['a NUL in a name', get('Host: a', 'B\0: c')],
  ['a NUL in a value', get('Host: a', 'B: \0')],
  ['a control byte in a value', get('Host: a', 'B: \x07')],
  ['a DEL in a value', get('Host: a', 'B: \x7f')],
  ['an expectation that is not known', post('Expect: 200-ok'), 417],
  ['two expectations', post('Expect: 100-continue', 'Expect: x'), 417],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\n', 505],
  ['HTTP/3', 'GET / HTTP/3.0\r\nHost: a\r\n\r\n', 505],
]

describe('strict gate', () => {
  it.each(REFUSED)('refuses %s', (_name, text, status = 400) => {
    const refusal = read(text)
    expect(refusal).toBeInstanceOf(Refusal)
    expect(refusal).toMatchObject({ status })
  })

  it('refuses more fields than allowed with 431', () => {
    expect(read(get('Host: a', 'B: 1', 'C: 2'), 2)).toMatchObject({ status: 431 })
    expect(read(get('Host: a', 'B: 1'), 2)).not.toBeInstanceOf(Refusal)
  })

  it('keeps repeated fields in order, names in lower case, values without the space around them', () => {
    const head = accepted(get('Host: A:8080', 'X-Custom:\t 1 \t', 'ACCEPT: a', 'accept: \xe4 b', 'Empty:'))
    expect(head.headers).toEqual(['host', 'A:8080', 'x-custom', '1', 'accept', 'a', 'accept', '\xe4 b', 'empty', ''])
    expect(head.host).toBe('a:8080')
  })

  it('splits the target into a normal path and an untouched query', () => {
    expect(accepted(target('/a/./%62/?x=%2e/../?'))).toMatchObject({ path: '/a/b/', query: 'x=%2e/../?' })
    expect(accepted(target('/a?'))).toMatchObject({ path: '/a', query: '' })
  })

  it.each([
    ['[::1]:80', '[::1]:80'],
    ['EXAMPLE.com.', 'example.com.'],
    ['under_score', 'under_score'],
    ['127.0.0.1:1', '127.0.0.1:1'],
  ])('accepts the Host %s', (value, host) => {
    expect(accepted(get(`Host: ${value}`)).host).toBe(host)
  })

  it('takes the origin of an absolute target, whose default port may be left out', () => {
    expect(accepted(target('http://a:80/b?c'))).toMatchObject({ host: 'a:80', path: '/b', query: 'c' })
    expect(accepted(target('HTTP://A'))).toMatchObject({ host: 'a', path: '/' })
    expect(accepted(target('http://a?b'))).toMatchObject({ path: '/', query: 'b' })
    expect(accepted('GET http://b/ HTTP/1.0\r\n\r\n')).toMatchObject({ host: 'b', version: '1.0' })
  })

  it('accepts OPTIONS * in both forms', () => {
    expect(accepted(target('*', 'OPTIONS')).path).toBe('*')
    expect(accepted(target('http://a', 'OPTIONS')).path).toBe('*')
  })

  it('accepts HTTP/1.0 without Host', () => {
    expect(accepted('GET / HTTP/1.0\r\n\r\n')).toMatchObject({ host: '', version: '1.0', isKeepAlive: false })
  })

  it.each([
    ['1.1', undefined, true],
    ['1.1', 'close', false],
    ['1.1', 'Foo, CLOSE', false],
    ['1.1', 'keep-alive', true],
    ['1.0', undefined, false],
    ['1.0', 'Keep-Alive', true],
    ['1.0', 'keep-alive, close', false],
  ])('HTTP/%s with Connection %s keeps the connection: %s', (version, connection, expected) => {
    const line = connection === undefined ? '' : `Connection: ${connection}\r\n`
    expect(accepted(`GET / HTTP/${version}\r\nHost: a\r\n${line}\r\n`).isKeepAlive).toBe(expected)
  })

  it('frames bodies by length or chunks', () => {
    expect(accepted(post('Content-Length: 007')).framing).toEqual({ isChunked: false, length: 7 })
    expect(accepted(post('Transfer-Encoding: Chunked')).framing).toEqual({ isChunked: true })
    expect(accepted(post()).framing).toEqual({ isChunked: false, length: 0 })
  })

  it('sees an upgrade only where Connection nominates it and no body is in the way', () => {
    const upgrade = (...lines: string[]) => accepted(get('Host: a', 'Upgrade: WebSocket, x', ...lines)).upgrade
    expect(upgrade('Connection: keep-alive, Upgrade')).toBe('websocket')
    expect(upgrade('Connection: keep-alive')).toBeUndefined()
    expect(upgrade()).toBeUndefined()
    expect(upgrade('Connection: upgrade', 'Content-Length: 1')).toBeUndefined()
  })
})
