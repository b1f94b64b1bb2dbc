import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { Agent, request as ask, fetch } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { createUpstreamPool, type UpstreamPool } from './index.ts'
import { closeListeners, listening } from './testing/listening.ts'
import { until } from './testing/memory-socket.ts'
import { plainProxy } from './testing/plain-proxy.ts'
import { RawClient } from './testing/raw-client.ts'
import { startRawServer } from './testing/raw-server.ts'
import { sharedWheel } from './timer-wheel.ts'

const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  await closeListeners()
  for (const close of closers.splice(0)) await close()
})

interface Proxied {
  readonly port: number
  readonly pool: UpstreamPool
  readonly upstreamSockets: Set<Socket>
  readonly server: http.Server
  connections(): number
}

async function proxyTo(handler: http.RequestListener): Promise<Proxied> {
  const server = http.createServer({ keepAliveTimeout: 60_000 }, handler)
  const upstreamSockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    upstreamSockets.add(socket)
    socket.on('close', () => upstreamSockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const pool = createUpstreamPool({ origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
  closers.push(() => pool.close())
  const { port, listener } = await listening(plainProxy(pool))
  return { port, pool, upstreamSockets, server, connections: () => listener.connections }
}

describe('listener and pool together', () => {
  it('passes uploads and downloads of any form through unchanged', async () => {
    const { port } = await proxyTo((request, response) => {
      if (request.url === '/length') response.setHeader('content-length', Number(request.headers['content-length']))
      request.pipe(response)
    })
    const bytes = Buffer.alloc(700_000, 'The quick brown fox. ')
    async function* pieces() {
      for (let at = 0; at < bytes.length; at += 9_999) yield bytes.subarray(at, at + 9_999)
    }
    for (const body of [bytes, pieces()]) {
      const path = body === bytes ? '/length' : '/chunked'
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body, duplex: 'half' })
      expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true)
    }
  })

  it('carries WebSocket traffic both ways through an upgrade', async () => {
    const { port, pool, server, upstreamSockets } = await proxyTo(() => {})
    const sockets = new WebSocketServer({ server })
    sockets.on('connection', (socket) => {
      socket.send('welcome')
      socket.on('message', (message, isBinary) => socket.send(message, { binary: isBinary }))
    })
    const client = new WebSocket(`ws://127.0.0.1:${port}/chat`)
    const received: string[] = []
    client.on('message', (message) => received.push(message.toString()))
    await once(client, 'open')
    client.send('hello')
    client.send('x'.repeat(300_000))
    await until(() => received.length === 3, 'the echoes')
    expect(received).toEqual(['welcome', 'hello', 'x'.repeat(300_000)])
    expect(pool.active).toBe(0)
    client.close()
    await once(client, 'close')
    await until(() => upstreamSockets.size === 0, 'the upstream socket to close')
    sockets.close()
  })

  it('answers an upgrade that the upstream declines, and goes on', async () => {
    const { port } = await proxyTo((request, response) => response.writeHead(426).end(request.url))
    const client = new RawClient(port)
    client.write(
      'GET /1 HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n',
    )
    expect((await client.until('/2')).match(/HTTP\/1\.1 426/g)).toHaveLength(2)
    client.destroy()
  })

  it('passes server-sent events on one by one, as they come', async () => {
    let send: ((text: string) => void) | undefined
    const { port } = await proxyTo((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.flushHeaders()
      send = (text) => response.write(text)
    })
    const client = new RawClient(port)
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await client.until('\r\n\r\n')
    let worstMs = 0
    for (let i = 0; i < 50; i++) {
      const sentAt = performance.now()
      send?.(`data: ${i}.\n\n`)
      await client.until(`data: ${i}.\n\n`)
      worstMs = Math.max(worstMs, performance.now() - sentAt)
    }
    expect(worstMs).toBeLessThan(200)
    client.destroy()
  })

  it('aborts the upstream at once when the client goes away, before and inside the answer', async () => {
    const { port, pool, upstreamSockets } = await proxyTo((request, response) => {
      if (request.url === '/stream') response.write('x')
    })
    for (const path of ['/silent', '/stream']) {
      const client = new RawClient(port)
      client.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`)
      if (path === '/stream') await client.until('\r\n\r\n1\r\nx')
      else await until(() => upstreamSockets.size === 1 && pool.active === 1)
      client.destroy()
      await until(() => upstreamSockets.size === 0 && pool.active === 0, 'the upstream to be aborted')
    }
  })

  it('passes the trailers of an upload on', async () => {
    const { port } = await proxyTo((request, response) => {
      request.resume().on('end', () => response.end(JSON.stringify(request.trailers)))
    })
    const client = new RawClient(port)
    const body = '2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n'
    client.write(`POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${body}`)
    expect(await client.until('}')).toMatch(/\{"x-sum":"1"\}/)
    client.destroy()
  })

  it('answers 400 to an upload that turns out malformed, and the upstream hears no end of it', async () => {
    let ends = 0
    const { port, upstreamSockets } = await proxyTo((request) => {
      request.resume().on('end', () => ends++)
    })
    const client = new RawClient(port)
    client.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n')
    await until(() => upstreamSockets.size === 1)
    client.write('5;\r\nhello\r\n0\r\n\r\n')
    expect(await client.untilClosed()).toMatch(/^HTTP\/1\.1 400 /)
    await until(() => upstreamSockets.size === 0, 'the upstream to be aborted')
    expect(ends).toBe(0)
  })

  it('lets the client see that a response was cut off', async () => {
    const upstream = await startRawServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'))
    })
    closers.push(upstream.close)
    const { port } = await listening(plainProxy(createUpstreamPool({ origin: upstream.origin })))
    const client = new RawClient(port)
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    const text = await client.untilClosed()
    expect(text).toContain('hello')
    expect(text).not.toContain('0\r\n\r\n')
  })

  it('does not collect a response for a client that does not read', async () => {
    const total = 200 * 1024 * 1024
    let sent = 0
    const { port, upstreamSockets } = await proxyTo((_request, response) => {
      const chunk = Buffer.alloc(64 * 1024, 'x')
      const pump = () => {
        while (sent < total) {
          sent += chunk.length
          if (!response.write(chunk)) return
        }
        response.end()
      }
      response.on('drain', pump)
      pump()
    })
    const client = new RawClient(port)
    client.socket.pause()
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    let before = -1
    // The flow stands still once every buffer on the way is full.
    await until(() => {
      const isStill = upstreamSockets.size === 1 && sent === before
      before = sent
      return isStill && sent > 0 && [...upstreamSockets].every((socket) => socket.writableLength > 0)
    })
    expect(sent).toBeLessThan(40 * 1024 * 1024)
    client.destroy()
    await until(() => upstreamSockets.size === 0, 'the upstream to be aborted')
  })

  it('leaves no sockets, timers or calls behind after ten thousand requests', async () => {
    let count = 0
    const { port, pool, upstreamSockets, connections } = await proxyTo((request, response) => {
      if (++count % 50 === 0) request.socket.destroy()
      else request.resume().on('end', () => response.end(request.url))
    })
    const agent = new Agent({ connections: 16, pipelining: 1 })
    const origin = `http://127.0.0.1:${port}`
    let answered = 0
    const worker = async (id: number) => {
      for (let i = 0; i < 625; i++) {
        const init = i % 3 === 0 ? ({ method: 'POST', body: 'x'.repeat(i) } as const) : {}
        const { statusCode, body } = await ask(`${origin}/${id}/${i}`, { ...init, dispatcher: agent })
        const text = await body.text()
        if (statusCode === 200 ? text === `/${id}/${i}` : statusCode === 502) answered++
      }
    }
    await Promise.all(Array.from({ length: 16 }, (_, id) => worker(id)))
    expect(answered).toBe(10_000)
    expect(pool.active).toBe(0)
    expect(upstreamSockets.size).toBeLessThanOrEqual(16)
    await agent.close()
    pool.close()
    await until(() => connections() === 0 && upstreamSockets.size === 0, 'every socket to close')
    expect(sharedWheel.size).toBe(0)
  }, 60_000)
})
