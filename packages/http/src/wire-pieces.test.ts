import http from 'node:http'
import type { HeaderList } from '@konnect/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ConnectionContext, ServerConnection } from './connection.ts'
import { cutAt, MemorySocket, turn } from './testing/memory-socket.ts'
import { PooledCall } from './upstream-call.ts'
import { UpstreamConnection } from './upstream-connection.ts'

const token = fc.constantFrom('X-A', 'x-b', 'Accept', 'CONTENT-TYPE', 'X-Long-Name-Of-A-Field', 'cookie', 'Via')
const value = fc.string({
  unit: fc.constantFrom('a', 'Z', '0', ' ', '\t', ',', ';', '"', '\xe4', '/', '='),
  maxLength: 20,
})
const fields = fc.array(fc.tuple(token, value), { maxLength: 6 })
const body = fc.string({ unit: fc.constantFrom('a', '\r', '\n', '0', '\xff', ';'), maxLength: 60 })
const target = fc.constantFrom('/', '/a', '/a/b?c=d&e', '/%20/x?%zz', '/a;b=c')

/** A body on the wire, with the fields that frame it. */
interface Framed {
  readonly lines: string
  readonly wire: string
  readonly body: string
}

const byLength = body.map((text): Framed => ({ lines: `Content-Length: ${text.length}\r\n`, wire: text, body: text }))

const byChunks = fc
  .tuple(
    fc.array(
      body.filter((text) => text !== ''),
      { maxLength: 4 },
    ),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([chunks, hasExtension, hasTrailer]): Framed => {
    const extension = hasExtension ? ';a="b;c"' : ''
    const lines = chunks.map((chunk) => `${chunk.length.toString(16)}${extension}\r\n${chunk}\r\n`)
    const end = `0\r\n${hasTrailer ? 'X-Sum: 1\r\n' : ''}\r\n`
    return { lines: 'Transfer-Encoding: chunked\r\n', wire: lines.join('') + end, body: chunks.join('') }
  })

const fieldText = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.map(([name, text]) => `${name}:${text}\r\n`).join('')

/** Valid requests, as latin1 text. */
const anyRequest = fc.tuple(target, fields, fc.oneof(byLength, byChunks)).map(([path, pairs, framed]) => {
  return `POST ${path} HTTP/1.1\r\nHost: example.com\r\n${fieldText(pairs)}${framed.lines}\r\n${framed.wire}`
})

/** Valid responses, as latin1 text. */
const anyResponse = fc
  .tuple(fc.constantFrom('200 OK', '404', '500 A long reason \xe4'), fields, fc.oneof(byLength, byChunks), fc.boolean())
  .map(([status, pairs, framed, hasInterim]) => {
    const interim = hasInterim ? 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n' : ''
    return `${interim}HTTP/1.1 ${status}\r\n${fieldText(pairs)}${framed.lines}\r\n${framed.wire}`
  })

/** Positions at which a message is cut into pieces. */
const anyCuts = fc.array(fc.nat(1000), { maxLength: 8 })

/** What a message says, whoever read it. */
interface Seen {
  readonly start: string
  readonly headers: HeaderList
  readonly body: string
  readonly trailers: HeaderList
}

const limits = { maxHeadBytes: 32_768, maxHeaders: 100, headTimeoutMs: 1e6, keepAliveMs: 1e6, bodyIdleMs: 1e6 }

/** Lets our listener read requests that arrive in these pieces. */
async function ours(pieces: readonly Buffer[]): Promise<Seen[]> {
  const seen: Seen[] = []
  const handler: ConnectionContext['handler'] = ({ method, path, query, headers, body }, responder) => {
    let text = ''
    body.pipeTo({
      write(chunk) {
        text += Buffer.from(chunk).toString('latin1')
        return true
      },
      end(trailers = []) {
        seen.push({ start: `${method} ${path}?${query}`, headers, body: text, trailers })
        responder.send(204, [], '')
      },
      fail: (error) => expect.unreachable(error.message),
    })
  }
  const socket = new MemorySocket()
  const onRefused = ({ reason }: { reason: string }) => expect.unreachable(reason)
  const context = { handler, limits, isSecure: false, onRefused, isClosing: false, onGone() {} }
  const connection = new ServerConnection(socket.asSocket, context)
  for (const piece of pieces) {
    socket.push(piece)
    await turn()
  }
  connection.destroy()
  return seen
}

const lowerNames = (raw: readonly string[]): HeaderList =>
  raw.map((text, i) => (i % 2 === 0 ? text.toLowerCase() : text))

/** Lets node:http read the same request. */
async function nodes(bytes: Buffer): Promise<Seen> {
  const socket = new MemorySocket()
  const server = http.createServer()
  const seen = new Promise<Seen>((resolve) => {
    server.on('request', async (request: http.IncomingMessage) => {
      const body = Buffer.concat(await request.toArray()).toString('latin1')
      const [path, query = ''] = request.url?.split('?') ?? []
      const start = `${request.method} ${path}?${query}`
      resolve({ start, headers: lowerNames(request.rawHeaders), body, trailers: lowerNames(request.rawTrailers) })
    })
  })
  server.emit('connection', socket)
  socket.push(bytes)
  const result = await seen
  socket.destroy()
  return result
}

/** Lets our upstream client read a response that arrives in these pieces. */
async function oursUpstream(pieces: readonly Buffer[]): Promise<Seen & { interim: number[] }> {
  const socket = new MemorySocket()
  let deliver: (bytes: Buffer) => boolean = () => true
  const connection = new UpstreamConnection({
    readyEvent: 'connect',
    open(onBytes) {
      deliver = onBytes
      return socket.asSocket
    },
    keep: () => true,
    onGone() {},
    repeat: () => expect.unreachable('repeated'),
  })
  const interim: number[] = []
  let seen: Seen | undefined
  let start = ''
  let received: HeaderList = []
  let body = ''
  const handler = {
    onInformational: (status: number) => interim.push(status),
    onHead(status: number, headers: HeaderList) {
      start = `${status}`
      received = headers
    },
    onData(chunk: Uint8Array) {
      body += Buffer.from(chunk).toString('latin1')
      return true
    },
    onEnd(trailers: HeaderList = []) {
      seen = { start, headers: received, body, trailers }
    },
    onError: (failure: Error) => expect.unreachable(failure.message),
  }
  const timeouts = { connectMs: 1e6, headMs: 1e6, idleMs: 1e6 }
  connection.carry(new PooledCall({ method: 'GET', target: '/', headers: ['host', 'a'] }, handler, timeouts, () => {}))
  socket.emit('connect')
  // One buffer for all pieces, as sockets have it: whoever keeps a view of it sees it overwritten.
  const shared = Buffer.alloc(4096)
  for (const piece of pieces) {
    piece.copy(shared)
    deliver(shared.subarray(0, piece.length))
    await turn()
  }
  connection.destroy()
  if (!seen) throw new Error('The response did not end')
  return { ...seen, interim }
}

/** Lets node:http read the same response. */
async function nodesUpstream(bytes: Buffer): Promise<Seen> {
  const socket = new MemorySocket()
  const request = http.request({ createConnection: () => socket.asSocket, headers: { host: 'a' } })
  request.end()
  const response = new Promise<http.IncomingMessage>((resolve) => request.on('response', resolve))
  await turn()
  socket.push(bytes)
  const message = await response
  const body = Buffer.concat(await message.toArray()).toString('latin1')
  const framing = new Set(['content-length', 'transfer-encoding'])
  const all = lowerNames(message.rawHeaders)
  const headers = all.filter((_, i) => !framing.has(all[i - (i % 2)] ?? ''))
  socket.destroy()
  return { start: `${message.statusCode}`, headers, body, trailers: lowerNames(message.rawTrailers) }
}

const REQUEST =
  'POST /a?b HTTP/1.1\r\nHost: example.com\r\nX-A: \xe4 b \r\nTransfer-Encoding: chunked\r\n\r\n' +
  '3\r\n\r\na\r\nA;b=c\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\n' +
  'GET / HTTP/1.1\r\nHost: b\r\n\r\n'

const RESPONSE =
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX-A: \xe4 b \r\nTransfer-Encoding: chunked\r\n\r\n' +
  '3\r\n\r\na\r\nA;b=c\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\n'

describe('messages in pieces', () => {
  it('two pipelined requests read the same, cut at every position', async () => {
    const bytes = Buffer.from(REQUEST, 'latin1')
    const whole = await ours([bytes])
    expect(whole).toHaveLength(2)
    for (let cut = 1; cut < bytes.length; cut++) expect(await ours(cutAt(bytes, [cut]))).toEqual(whole)
    expect(await ours([...bytes].map((byte) => Buffer.from([byte])))).toEqual(whole)
  })

  it('a response reads the same, cut at every position', async () => {
    const bytes = Buffer.from(RESPONSE, 'latin1')
    const whole = await oursUpstream([bytes])
    expect(whole).toMatchObject({ body: '\r\na0123456789', trailers: ['x-sum', '1'] })
    for (let cut = 1; cut < bytes.length; cut++) expect(await oursUpstream(cutAt(bytes, [cut]))).toEqual(whole)
    expect(await oursUpstream([...bytes].map((byte) => Buffer.from([byte])))).toEqual(whole)
  })

  it('any request reads the same in any pieces, and as node:http reads it', async () => {
    await fc.assert(
      fc.asyncProperty(anyRequest, anyCuts, async (text, cuts) => {
        const bytes = Buffer.from(text, 'latin1')
        const whole = await ours([bytes])
        expect(await ours(cutAt(bytes, cuts))).toEqual(whole)
        expect(whole).toEqual([await nodes(bytes)])
      }),
      { numRuns: 150 },
    )
  })

  it('any response reads the same in any pieces, and as node:http reads it', async () => {
    await fc.assert(
      fc.asyncProperty(anyResponse, anyCuts, async (text, cuts) => {
        const bytes = Buffer.from(text, 'latin1')
        const { interim, ...whole } = await oursUpstream([bytes])
        expect(await oursUpstream(cutAt(bytes, cuts))).toEqual({ interim, ...whole })
        expect(whole).toEqual(await nodesUpstream(bytes))
      }),
      { numRuns: 150 },
    )
  })
})
