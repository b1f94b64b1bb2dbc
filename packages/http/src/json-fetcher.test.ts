import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { isAllowedAddress, resolveAllowed } from './address-rule.ts'
import { createJsonFetcher } from './json-fetcher.ts'

const servers: http.Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

function serve(handler: http.RequestListener): Promise<{ url: string; port: number; requests: () => number }> {
  let requests = 0
  const server = http.createServer((request, response) => {
    requests++
    handler(request, response)
  })
  servers.push(server)
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      resolve({ url: `http://127.0.0.1:${port}/keys?a=1`, port, requests: () => requests })
    })
  })
}

const open = createJsonFetcher({ allowPrivate: true })

describe('createJsonFetcher', () => {
  it('fetches a document of a URL, by address or by name', async () => {
    const { url, port } = await serve((request, response) => {
      response.end(JSON.stringify({ url: request.url, host: request.headers.host }))
    })
    expect(await open(url)).toEqual({ url: '/keys?a=1', host: `127.0.0.1:${port}` })
    expect(await open(`http://localhost:${port}/`)).toEqual({ url: '/', host: `localhost:${port}` })
  })

  it.each([
    ['a redirect', (response: http.ServerResponse) => response.writeHead(302, { location: '/' }).end()],
    ['an error status', (response: http.ServerResponse) => response.writeHead(500).end('{}')],
    ['what is not JSON', (response: http.ServerResponse) => response.end('<html>')],
    [
      'an encoded answer',
      (response: http.ServerResponse) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('{}'),
    ],
    [
      'a broken answer',
      (response: http.ServerResponse) =>
        response.writeHead(200, { 'content-length': 9 }).end('{}', () => response.destroy()),
    ],
  ])('refuses %s', async (_name, answer) => {
    const { url, requests } = await serve((_request, response) => {
      answer(response)
    })
    await expect(open(url)).rejects.toMatchObject({ code: 'dependency_unavailable' })
    expect(requests()).toBe(1)
  })

  it('gives up an answer that is too large, announced or not', async () => {
    const { url } = await serve((request, response) => {
      if (request.headers.host) response.write('['.repeat(600))
      response.end('['.repeat(600))
    })
    await expect(open(url, { maxBytes: 1000 })).rejects.toMatchObject({
      reason: expect.stringContaining('larger than 1000'),
    })
    const announced = await serve((_request, response) =>
      response.writeHead(200, { 'content-length': 5000 }).write('{'),
    )
    await expect(open(announced.url, { maxBytes: 1000 })).rejects.toMatchObject({
      reason: expect.stringContaining('larger'),
    })
  })

  it('gives up after its time, or when its caller does', async () => {
    const { url } = await serve(() => {})
    await expect(open(url, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'dependency_unavailable' })
    const caller = new AbortController()
    const answer = open(url, { signal: caller.signal })
    caller.abort(new Error('no longer needed'))
    await expect(answer).rejects.toMatchObject({ reason: expect.stringContaining('no longer needed') })
  })

  it('connects to nobody it must not reach', async () => {
    const { url, port, requests } = await serve((_request, response) => response.end('{}'))
    const strict = createJsonFetcher({ allowPrivate: false })
    await expect(strict(url)).rejects.toMatchObject({ reason: expect.stringContaining('not allowed') })
    await expect(strict(`http://localhost:${port}/`)).rejects.toMatchObject({ code: 'dependency_unavailable' })
    const listed = createJsonFetcher({ allowPrivate: true, allowedHosts: ['example.com'] })
    await expect(listed(url)).rejects.toMatchObject({ reason: expect.stringContaining('not an allowed host') })
    for (const bad of ['file:///etc/passwd', 'ftp://127.0.0.1/', 'http://user:pass@127.0.0.1/', 'nonsense']) {
      await expect(open(bad)).rejects.toMatchObject({ code: 'dependency_unavailable' })
    }
    expect(requests()).toBe(0)
  })
})

describe('address rule', () => {
  it.each([
    '169.254.169.254',
    '169.254.0.1',
    'fe80::1',
    '::ffff:169.254.169.254',
    'fd00:ec2::254',
    '100.100.100.200',
    '0.0.0.0',
    '::',
    '224.0.0.1',
    'ff02::1',
    '255.255.255.255',
    '64:ff9b::a9fe:a9fe',
    '192.0.2.1',
    'x',
  ])('%s is never reached', (address) => {
    expect(isAllowedAddress(address, true)).toBe(false)
  })

  it.each(['127.0.0.1', '::1', '10.0.0.1', '172.16.0.1', '192.168.0.1', 'fc00::1', '100.64.0.1', '::ffff:10.0.0.1'])(
    '%s is reached only where private addresses are allowed',
    (address) => {
      expect(isAllowedAddress(address, false)).toBe(false)
      expect(isAllowedAddress(address, true)).toBe(true)
    },
  )

  it.each(['8.8.8.8', '2606:4700::1111'])('%s is reached', (address) => {
    expect(isAllowedAddress(address, false)).toBe(true)
  })

  it('resolves to one checked address, also for other spellings of one', async () => {
    expect(await resolveAllowed('[::1]', { allowPrivate: true })).toBe('::1')
    await expect(resolveAllowed('0xa9fea9fe', { allowPrivate: true })).rejects.toThrow('not allowed')
    await expect(resolveAllowed('name.invalid', { allowPrivate: true })).rejects.toThrow()
  })
})
