import http from 'node:http'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ConnectionContext, ServerConnection } from './connection.ts'
import { normalizePath } from './path.ts'
import { MemorySocket, turn } from './testing/memory-socket.ts'

const limits = { maxHeadBytes: 32_768, maxHeaders: 100, headTimeoutMs: 1e6, keepAliveMs: 1e6, bodyIdleMs: 1e6 }

/** Method, target, body of each request that was complete; how the connection answered. */
interface Reading {
  readonly requests: string[]
  readonly isRefused: boolean
}

async function ours(bytes: Buffer): Promise<Reading> {
  const requests: string[] = []
  const refusals: number[] = []
  const handler: ConnectionContext['handler'] = ({ method, path, query, body }, responder) => {
    let text = ''
    body.pipeTo({
      write(chunk) {
        text += Buffer.from(chunk).toString('latin1')
        return true
      },
      end() {
        requests.push(`${method} ${path}?${query} ${text}`)
        responder.send(204, [], '')
      },
      fail() {},
    })
  }
  const socket = new MemorySocket()
  const onRefused = ({ status }: { status: number }) => refusals.push(status)
  const context = { handler, limits, isSecure: false, onRefused, isClosing: false, onGone() {} }
  const connection = new ServerConnection(socket.asSocket, context)
  socket.push(bytes)
  for (let i = 0; i < 3; i++) await turn()
  connection.destroy()
  for (const status of refusals) expect(status).toBeGreaterThanOrEqual(400)
  return { requests, isRefused: refusals.length > 0 }
}

async function nodes(bytes: Buffer): Promise<Reading> {
  const requests: (string | undefined)[] = []
  let isRefused = false
  const server = http.createServer()
  server.on('clientError', () => {
    isRefused = true
  })
  server.on('request', async (request: http.IncomingMessage, response: http.ServerResponse) => {
    // Pipelined requests are emitted in order, but their bodies need not end in it.
    const place = requests.push(undefined) - 1
    const body = await request.toArray().catch(() => undefined)
    if (!body) return
    const [path = '', ...rest] = request.url?.split('?') ?? []
    const query = rest.join('?')
    requests[place] = `${request.method} ${normalizePath(path)}?${query} ${Buffer.concat(body).toString('latin1')}`
    response.writeHead(204).end()
  })
  const socket = new MemorySocket()
  server.emit('connection', socket)
  socket.push(bytes)
  for (let i = 0; i < 8; i++) await turn()
  socket.destroy()
  return { requests: requests.filter((request) => request !== undefined), isRefused }
}

const SEEDS = [
  'POST /a?b HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello worldGET /2 HTTP/1.1\r\nHost: a\r\n\r\n',
  'POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n',
  'POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nB;x=y\r\nhello world\r\n0\r\nX-Sum: 1\r\n\r\n',
  'GET /a HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\nGET /2 HTTP/1.0\r\n\r\n',
]

const BYTES = ['\r', '\n', '\r\n', ' ', '\t', ':', ',', ';', '0', '1', '9', 'a', '-', '+', '\0', '\x80', '/']

const mutation = fc.record({
  seed: fc.constantFrom(...SEEDS),
  // The method stays as it is: node:http knows a fixed list of them, we take any token.
  at: fc.integer({ min: 6, max: 120 }),
  deleted: fc.integer({ min: 0, max: 2 }),
  inserted: fc.constantFrom('', ...BYTES),
})

describe('mutated requests', () => {
  it('are refused, or mean what node:http takes them for', async () => {
    let accepted = 0
    let refused = 0
    await fc.assert(
      fc.asyncProperty(mutation, async ({ seed, at, deleted, inserted }) => {
        const bytes = Buffer.from(seed.slice(0, at) + inserted + seed.slice(at + deleted), 'latin1')
        const reading = await ours(bytes)
        if (reading.isRefused) refused++
        const reference = await nodes(bytes)
        // Whatever we let through, the other parser reads the same way, as far as it reads on.
        const shared = Math.min(reading.requests.length, reference.requests.length)
        expect(reading.requests.slice(0, shared)).toEqual(reference.requests.slice(0, shared))
        if (!reference.isRefused) expect(reading.requests.length).toBeLessThanOrEqual(reference.requests.length)
        accepted += reading.requests.length
      }),
      { numRuns: 800 },
    )
    expect(accepted).toBeGreaterThan(100)
    expect(refused).toBeGreaterThan(100)
  })
})
