import { once } from 'node:events'
import type http from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { Agent, fetch } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { createUpstreamPool } from './index.ts'
import { closeListeners, echo, listening } from './testing/listening.ts'
import { LOCALHOST } from './testing/localhost-certificate.ts'
import { until } from './testing/memory-socket.ts'
import { plainProxy } from './testing/plain-proxy.ts'
import { RawClient } from './testing/raw-client.ts'

const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  await closeListeners()
  for (const close of closers.splice(0)) await close()
})

const trusting = new Agent({ connect: { ca: LOCALHOST.cert } })

async function secureUpstream(handler: http.RequestListener) {
  const server = https.createServer(LOCALHOST, handler)
  const serverNames: (string | false | null)[] = []
  const reused: boolean[] = []
  server.on('secureConnection', (socket: TLSSocket) => {
    serverNames.push((socket as TLSSocket & { servername: string | false | null }).servername)
    reused.push(socket.isSessionReused())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, serverNames, reused, server }
}

function poolTo(origin: string, ca?: string) {
  const pool = createUpstreamPool({ origin, ...(ca === undefined ? {} : { ca }) })
  closers.push(() => pool.close())
  return pool
}

describe('TLS', () => {
  it('serves clients over TLS and says so to the handler', async () => {
    const isSecure: boolean[] = []
    const { port } = await listening(
      (request, responder) => {
        isSecure.push(request.isSecure)
        echo(request, responder)
      },
      { tls: LOCALHOST },
    )
    const body = 'x'.repeat(200_000)
    const response = await fetch(`https://localhost:${port}/a`, { method: 'POST', body, dispatcher: trusting })
    expect(await response.json()).toMatchObject({ path: '/a', body })
    expect(isSecure).toEqual([true])
  })

  it('survives clients that speak plain text or leave inside the handshake, and closes with one open', async () => {
    const { port, listener } = await listening(echo, { tls: LOCALHOST })
    const plain = new RawClient(port)
    plain.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await plain.untilClosed()
    const half = new RawClient(port)
    await once(half.socket, 'connect')
    const socket = connect({ port, host: '127.0.0.1', ca: LOCALHOST.cert, servername: 'localhost' })
    await once(socket, 'secureConnect')
    await until(() => listener.connections === 1)
    socket.on('error', () => {})
    await listener.close(0)
    await half.untilClosed()
  })

  it('passes large bodies both ways between TLS on either side', async () => {
    const upstream = await secureUpstream((request, response) => request.pipe(response))
    const pool = poolTo(`https://localhost:${upstream.port}`, LOCALHOST.cert)
    const { port } = await listening(plainProxy(pool), { tls: LOCALHOST })
    const body = Buffer.alloc(2_000_000, 'The quick brown fox. ')
    for (let i = 0; i < 3; i++) {
      const response = await fetch(`https://localhost:${port}/`, { method: 'POST', body, dispatcher: trusting })
      expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true)
    }
    expect(upstream.serverNames).toEqual(['localhost'])
  })

  it('resumes the session of an earlier connection', async () => {
    const upstream = await secureUpstream((_request, response) =>
      response.writeHead(200, { connection: 'close' }).end('x'),
    )
    const { port } = await listening(plainProxy(poolTo(`https://localhost:${upstream.port}`, LOCALHOST.cert)))
    for (let i = 0; i < 3; i++) await (await fetch(`http://127.0.0.1:${port}/`)).text()
    expect(upstream.reused[0]).toBe(false)
    expect(upstream.reused.slice(1)).toContain(true)
  })

  it.each([
    ['an unknown authority', 'localhost', undefined],
    ['another name than the certificate has', '127.0.0.2', LOCALHOST.cert],
  ])('does not send to an upstream with %s', async (_name, host, ca) => {
    let requests = 0
    const server = https.createServer(LOCALHOST, () => requests++)
    server.listen(0, '0.0.0.0')
    await once(server, 'listening')
    closers.push(() => {
      server.close()
    })
    const pool = poolTo(`https://${host}:${(server.address() as AddressInfo).port}`, ca)
    const failure = new Promise((resolve) => {
      const handler = { onHead() {}, onData: () => true, onEnd() {}, onError: resolve }
      pool.send({ method: 'GET', target: '/', headers: [] }, handler, { connectMs: 5_000, headMs: 5_000, idleMs: 0 })
    })
    expect(await failure).toMatchObject({ code: 'upstream_unreachable', wasSent: false })
    expect(requests).toBe(0)
  })

  it('carries WebSocket traffic between TLS on either side', async () => {
    const upstream = await secureUpstream(() => {})
    const sockets = new WebSocketServer({ server: upstream.server })
    sockets.on('connection', (socket) => {
      socket.send('welcome')
      socket.on('message', (message) => socket.send(message.toString()))
    })
    const { port } = await listening(plainProxy(poolTo(`https://localhost:${upstream.port}`, LOCALHOST.cert)), {
      tls: LOCALHOST,
    })
    const client = new WebSocket(`wss://localhost:${port}/`, { ca: LOCALHOST.cert })
    const received: number[] = []
    client.on('message', (message) => received.push(message.toString().length))
    await once(client, 'open')
    client.send('x'.repeat(500_000))
    await until(() => received.length === 2, 'the echo')
    expect(received).toEqual([7, 500_000])
    client.close()
    await once(client, 'close')
    sockets.close()
  })
})
