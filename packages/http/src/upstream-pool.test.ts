import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type BodySource, bodyOf, type HeaderList } from '@konnect/contract'
import { afterEach, describe, expect, it } from 'vitest'
import { createUpstreamPool, type UpstreamFailure, type UpstreamPool, type UpstreamRequest } from './index.ts'
import { until } from './testing/memory-socket.ts'
import { onHeads, startRawServer } from './testing/raw-server.ts'

const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

const TIMEOUTS = { connectMs: 5_000, headMs: 5_000, idleMs: 5_000 }

interface Answer {
  readonly status: number
  readonly headers: HeaderList
  readonly length: number | undefined
  readonly body: string
  readonly trailers: HeaderList | undefined
  readonly informational: number[]
}

function ask(pool: UpstreamPool, request: Partial<UpstreamRequest> = {}, timeouts = TIMEOUTS): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const informational: number[] = []
    let head = { status: 0, headers: [] as HeaderList, length: undefined as number | undefined }
    let body = ''
    pool.send(
      { method: 'GET', target: '/', headers: ['host', 'test'], ...request },
      {
        onInformational: (status) => informational.push(status),
        onHead: (status, headers, length) => {
          head = { status, headers, length }
        },
        onData: (chunk) => {
          body += Buffer.from(chunk).toString('latin1')
          return true
        },
        onEnd: (trailers) => resolve({ ...head, body, trailers, informational }),
        onError: reject,
      },
      timeouts,
    )
  })
}

const failureOf = (answer: Promise<Answer>): Promise<UpstreamFailure> =>
  answer.then(
    () => Promise.reject(new Error('It did not fail')),
    (failure: UpstreamFailure) => failure,
  )

function poolOf(origin: string, options = {}): UpstreamPool {
  const pool = createUpstreamPool({ origin, ...options })
  closers.push(() => pool.close())
  return pool
}

async function nodeServer(handler: http.RequestListener): Promise<{ origin: string; sockets: Set<Socket> }> {
  const server = http.createServer(handler)
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets }
}

async function rawServer(script: (socket: Socket, connection: number) => void) {
  const server = await startRawServer(script)
  closers.push(() => server.close())
  return server
}

/** Answers every request of every connection with the same bytes. */
const rawAnswer = (answer: string, isLast = false) =>
  rawServer((socket) => onHeads(socket, () => (isLast ? socket.end(answer, 'latin1') : socket.write(answer, 'latin1'))))

/** Accepts and reads, and never says a word. */
const silentServer = () => rawServer((socket) => socket.resume())

/** A body that is fed by hand. */
class FedBody implements BodySource {
  readonly length = undefined
  readonly isEmpty = false
  sink: Parameters<BodySource['pipeTo']>[0] | undefined
  resumed = 0
  isCancelled = false

  pipeTo(sink: Parameters<BodySource['pipeTo']>[0]): void {
    this.sink = sink
  }

  resume(): void {
    this.resumed++
  }

  cancel(): void {
    this.isCancelled = true
  }
}

describe('upstream pool against node:http', () => {
  it('sends bodies by length, in chunks or not at all, and reads both forms of answers', async () => {
    const { origin } = await nodeServer(async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString()
      const { method, url, headers } = request
      response.setHeader('keep-alive', 'timeout=9')
      if (url === '/chunked') response.write('')
      response.end(JSON.stringify({ method, url, headers, body }))
    })
    const pool = poolOf(origin)
    const plain = await ask(pool, { target: '/chunked?a=1' })
    expect(JSON.parse(plain.body)).toEqual({ method: 'GET', url: '/chunked?a=1', headers: { host: 'test' }, body: '' })
    const posted = await ask(pool, { method: 'POST', body: bodyOf(Buffer.from('hello')), target: '/chunked' })
    expect(posted.headers.filter((_, i) => i % 2 === 0)).toEqual(['date'])
    expect(posted.length).toBeUndefined()
    expect(JSON.parse(posted.body)).toMatchObject({ headers: { 'content-length': '5' }, body: 'hello' })
    const empty = await ask(pool, { method: 'POST' })
    expect(JSON.parse(empty.body).headers).toMatchObject({ 'content-length': '0' })
    expect(empty.length).toBe(empty.body.length)
    const fed = new FedBody()
    const streamed = ask(pool, { method: 'PUT', body: fed })
    await until(() => fed.sink !== undefined)
    fed.sink?.write(Buffer.from('one '))
    fed.sink?.write(Buffer.alloc(20_000, 'x'))
    fed.sink?.end(['x-sum', '1'])
    const { headers, body } = JSON.parse((await streamed).body)
    expect(headers).toMatchObject({ 'transfer-encoding': 'chunked' })
    expect(body).toHaveLength(20_004)
    expect(pool.active).toBe(0)
  })

  it('reads HEAD, 204 and 304 without a body and keeps the announced length', async () => {
    const { origin, sockets } = await nodeServer((request, response) => {
      response.writeHead(request.url === '/' ? 200 : Number(request.url?.slice(1)), { 'content-length': 5 })
      response.end(request.method === 'HEAD' ? undefined : '')
    })
    const pool = poolOf(origin)
    expect(await ask(pool, { method: 'HEAD' })).toMatchObject({ status: 200, length: 5, body: '' })
    expect(await ask(pool, { target: '/304' })).toMatchObject({ status: 304, length: 5, body: '' })
    expect(sockets.size).toBe(1)
  })

  it('uses one connection for requests in a row, the one used last, and as many as needed at once', async () => {
    const { origin, sockets } = await nodeServer((_request, response) => setTimeout(() => response.end('x'), 10))
    const pool = poolOf(origin, { maxIdle: 2 })
    await ask(pool)
    await ask(pool)
    expect(sockets.size).toBe(1)
    const answers = [ask(pool), ask(pool), ask(pool), ask(pool)]
    expect(pool.active).toBe(4)
    await Promise.all(answers)
    await until(() => sockets.size === 2, 'the surplus to close')
  })

  it('forgets idle connections after their time and when the pool closes', async () => {
    const { origin, sockets } = await nodeServer((_request, response) => response.end('x'))
    await ask(poolOf(origin, { maxIdleMs: 50 }))
    await until(() => sockets.size === 0, 'the idle connection to close')
    const pool = poolOf(origin)
    await ask(pool)
    pool.close()
    await until(() => sockets.size === 0, 'the pool to close')
  })

  it('reaches an IPv6 origin', async (context) => {
    const server = http.createServer((_request, response) => response.end('six'))
    server.on('error', () => {})
    server.listen(0, '::1')
    const isListening = await Promise.race([
      once(server, 'listening').then(() => true),
      once(server, 'error').then(() => false),
    ])
    if (!isListening) return context.skip('this machine has no IPv6 loopback')
    closers.push(() => {
      server.close()
    })
    const pool = poolOf(`http://[::1]:${(server.address() as AddressInfo).port}`)
    expect(await ask(pool)).toMatchObject({ body: 'six' })
    pool.close()
  })

  it('hands on interim responses and trailers', async () => {
    const { origin } = await nodeServer((_request, response) => {
      response.writeProcessing()
      response.writeEarlyHints({ link: '</a>; rel=preload' })
      response.setHeader('trailer', 'x-sum')
      response.write('x')
      response.addTrailers({ 'x-sum': '1' })
      response.end()
    })
    const answer = await ask(poolOf(origin))
    expect(answer).toMatchObject({ informational: [102, 103], body: 'x', trailers: ['x-sum', '1'] })
  })

  it('hands over an upgraded socket with the bytes that came early', async () => {
    const { origin } = await nodeServer(() => {})
    const { origin: upgrading } = await rawServer((socket) => {
      onHeads(socket, (head) => {
        expect(head).toContain('connection: upgrade\r\nupgrade: echo\r\n')
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\nX-A: 1\r\n\r\nearly ')
        socket.removeAllListeners('data')
        socket.pipe(socket)
      })
    })
    const pool = poolOf(upgrading)
    const { headers, socket } = await new Promise<{ headers: HeaderList; socket: Duplex }>((resolve, reject) => {
      const onUpgrade = (headers: HeaderList, socket: Duplex) => resolve({ headers, socket })
      const handler = { onHead() {}, onData: () => true, onEnd() {}, onError: reject, onUpgrade }
      pool.send({ method: 'GET', target: '/', headers: ['host', 'test'], upgrade: 'echo' }, handler, TIMEOUTS)
    })
    expect(headers).toEqual(['x-a', '1'])
    expect(pool.active).toBe(0)
    let text = ''
    socket.setEncoding('latin1').on('data', (piece: string) => {
      text += piece
    })
    socket.write('hello')
    await until(() => text === 'early hello', 'the echo')
    const big = 'x'.repeat(300_000)
    socket.write(big)
    await until(() => text.length === 11 + big.length, 'the large echo')
    socket.destroy()
    expect(origin).not.toBe(upgrading)
  })
})

describe('upstream pool against misbehaving servers', () => {
  it.each([
    ['no HTTP at all', 'SSH-2.0-x\r\n\r\n'],
    ['an unknown version', 'HTTP/2.0 200 OK\r\n\r\n'],
    ['a status that is no number', 'HTTP/1.1 2x0 OK\r\n\r\n'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n'],
    ['a status below 100', 'HTTP/1.1 099 OK\r\n\r\n'],
    ['conflicting lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx'],
    ['a listed conflicting length', 'HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\nxx'],
    ['a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nxx'],
    ['length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['an unknown coding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n'],
    ['chunks in HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a bad chunk size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['a folded field', 'HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 0\r\n\r\n'],
    ['a space before the colon', 'HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n'],
    ['a control byte in a value', 'HTTP/1.1 200 OK\r\nA: \x01\r\nContent-Length: 0\r\n\r\n'],
    ['a 101 that nobody asked for', 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'],
    ['an endless head', `HTTP/1.1 200 OK\r\nA: ${'b'.repeat(70_000)}`],
  ])('calls %s an invalid response', async (_name, answer) => {
    const { origin, sockets } = await rawAnswer(answer)
    const pool = poolOf(origin)
    expect(await failureOf(ask(pool))).toMatchObject({ code: 'upstream_invalid', wasSent: true })
    await until(() => sockets.size === 0, 'the connection to close')
    expect(pool.active).toBe(0)
  })

  it.each([
    ['inside its head', 'HTTP/1.1 200 OK\r\nContent-'],
    ['inside a body of known length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel'],
    ['inside a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel'],
    ['before the last chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'],
  ])('calls a response truncated that ends %s', async (_name, answer) => {
    const { origin } = await rawAnswer(answer, true)
    expect(await failureOf(ask(poolOf(origin)))).toMatchObject({ code: 'upstream_truncated', wasSent: true })
  })

  it('accepts repeated equal lengths, and a body that ends with the connection', async () => {
    const repeated = await rawAnswer('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok')
    expect(await ask(poolOf(repeated.origin))).toMatchObject({ body: 'ok', length: 2 })
    const closing = await rawAnswer(
      'HTTP/1.0 200\r\nConnection: X-Hop\r\nX-Hop: 1\r\nX-End: 2\r\n\r\nuntil the end',
      true,
    )
    expect(await ask(poolOf(closing.origin))).toMatchObject({ body: 'until the end', headers: ['x-end', '2'] })
  })

  it('does not use a connection again that said more than it was asked', async () => {
    const server = await rawAnswer(
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil',
    )
    const pool = poolOf(server.origin)
    expect(await ask(pool)).toMatchObject({ body: 'ok' })
    expect(await ask(pool)).toMatchObject({ body: 'ok' })
    expect(server.accepted()).toBe(2)
  })

  it('repeats an idempotent request once when a reused connection turns out to be closed', async () => {
    const server = await rawServer((socket, connection) => {
      let requests = 0
      onHeads(socket, () => {
        if (connection === 0 && ++requests === 2) socket.destroy()
        else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx')
      })
    })
    const pool = poolOf(server.origin)
    await ask(pool)
    expect(await ask(pool)).toMatchObject({ body: 'x' })
    expect(server.accepted()).toBe(2)
  })

  it('does not repeat a request that may have had an effect, nor one on a fresh connection', async () => {
    const server = await rawServer((socket) => {
      let requests = 0
      onHeads(socket, (head) => {
        if (head.startsWith('DELETE') || ++requests === 2) socket.destroy()
        else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx')
      })
    })
    const pool = poolOf(server.origin)
    await ask(pool)
    const post = ask(pool, { method: 'POST', body: bodyOf(Buffer.from('x')) })
    expect(await failureOf(post)).toMatchObject({ code: 'upstream_unreachable', wasSent: true })
    expect(await failureOf(ask(pool, { method: 'DELETE' }))).toMatchObject({ wasSent: true })
    expect(server.accepted()).toBe(2)
  })

  it('says that nothing was sent when there is no connection', async () => {
    const server = await silentServer()
    await server.close()
    const failure = await failureOf(ask(poolOf(server.origin), { method: 'POST', body: bodyOf(Buffer.from('x')) }))
    expect(failure).toMatchObject({ code: 'upstream_unreachable', wasSent: false })
    expect(failure.message).toContain('ECONNREFUSED')
  })

  it('gives up when the head, or the rest of the body, does not come', async () => {
    const silent = await silentServer()
    const headless = failureOf(ask(poolOf(silent.origin), {}, { ...TIMEOUTS, headMs: 50 }))
    expect(await headless).toMatchObject({ code: 'upstream_timeout', wasSent: true })
    const stalled = await rawAnswer('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel')
    const idle = failureOf(ask(poolOf(stalled.origin), {}, { ...TIMEOUTS, idleMs: 50 }))
    expect(await idle).toMatchObject({ code: 'upstream_timeout', wasSent: true })
    await until(() => silent.sockets.size + stalled.sockets.size === 0, 'the connections to close')
  })

  it('gives up a TLS handshake that nobody answers after connectMs', async () => {
    const silent = await silentServer()
    const pool = poolOf(silent.origin.replace('http:', 'https:'))
    const failure = await failureOf(ask(pool, {}, { ...TIMEOUTS, connectMs: 50 }))
    expect(failure).toMatchObject({ code: 'upstream_timeout', wasSent: false })
    await until(() => silent.sockets.size === 0, 'the connection to close')
  })
})

describe('upstream pool flow', () => {
  it('sends head and body of a buffered request in one write', async () => {
    const pieces: string[] = []
    const { origin } = await rawServer((socket) => {
      socket.on('data', (chunk) => {
        pieces.push(chunk.toString('latin1'))
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
      })
    })
    const pool = poolOf(origin)
    for (const size of [10, 4_000, 30_000]) {
      pieces.length = 0
      await ask(pool, { method: 'POST', body: bodyOf(Buffer.alloc(size, 'x')) })
      expect(pieces).toHaveLength(1)
      expect(pieces[0]).toMatch(new RegExp(`\r\n\r\nx{${Math.min(size, 10)}}`))
    }
  })

  it('pauses the upstream after a false and loses nothing', async () => {
    const size = 3_000_000
    const { origin } = await nodeServer((request, response) => {
      if (request.url === '/length') response.setHeader('content-length', size)
      response.end(Buffer.alloc(size, 'x'))
    })
    for (const target of ['/length', '/chunked']) {
      let received = 0
      let whilePaused = 0
      let isPaused = false
      await new Promise<void>((resolve, reject) => {
        const call = poolOf(origin).send(
          { method: 'GET', target, headers: ['host', 'test'] },
          {
            onHead() {},
            onData(chunk) {
              received += chunk.byteLength
              if (isPaused) whilePaused++
              isPaused = true
              setImmediate(() => {
                isPaused = false
                call.resume()
              })
              return false
            },
            onEnd: () => resolve(),
            onError: reject,
          },
          TIMEOUTS,
        )
      })
      expect({ received, whilePaused }).toEqual({ received: size, whilePaused: 0 })
    }
  })

  it('pauses the upload when the upstream does not read, and goes on when it does', async () => {
    let stopped: Socket | undefined
    const { origin } = await rawServer((socket) => {
      stopped = socket.pause()
    })
    const body = new FedBody()
    const answer = ask(poolOf(origin), { method: 'POST', body })
    await until(() => body.sink !== undefined && stopped !== undefined)
    let written = 0
    while (body.sink?.write(Buffer.alloc(60_000, 'x'))) written++
    expect(written).toBeLessThan(500)
    expect(body.resumed).toBe(0)
    stopped?.resume()
    await until(() => body.resumed > 0, 'the upload to go on')
    body.sink?.end()
    stopped?.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
    expect(await answer).toMatchObject({ status: 200 })
  })

  it('delivers an answer that comes before the upload ended, then gives the upload up', async () => {
    const server = await rawAnswer('HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno')
    const body = new FedBody()
    const answer = ask(poolOf(server.origin), { method: 'POST', body })
    await until(() => body.sink !== undefined)
    body.sink?.write(Buffer.from('x'))
    expect(await answer).toMatchObject({ status: 413, body: 'no' })
    expect(body.isCancelled).toBe(true)
    expect(body.sink?.write(Buffer.from('y'))).toBe(true)
    await until(() => server.sockets.size === 0, 'the connection to close')
  })

  it('breaks the request off when its body breaks off or does not have the announced length', async () => {
    const server = await silentServer()
    const fault = new Error('client gone')
    const broken = new FedBody()
    const failing = failureOf(ask(poolOf(server.origin), { method: 'POST', body: broken }))
    await until(() => broken.sink !== undefined)
    broken.sink?.fail(fault)
    expect(await failing).toMatchObject({ code: 'upstream_truncated', wasSent: true, cause: fault })
    const long = Object.assign(bodyOf(Buffer.from('too long')), { length: 3 })
    expect(await failureOf(ask(poolOf(server.origin), { method: 'POST', body: long }))).toMatchObject({ wasSent: true })
    const short = Object.assign(bodyOf(Buffer.from('x')), { length: 3 })
    expect(await failureOf(ask(poolOf(server.origin), { method: 'POST', body: short }))).toMatchObject({
      wasSent: true,
    })
    await until(() => server.sockets.size === 0, 'the connections to close')
  })

  it.each(['connecting', 'waiting', 'receiving', 'paused'])('frees everything when aborted while %s', async (state) => {
    const server = await rawServer((socket) => {
      onHeads(socket, () => {
        if (state !== 'waiting') socket.write('HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\nhello')
      })
    })
    const pool = poolOf(server.origin)
    const heard: string[] = []
    const body = new FedBody()
    const call = pool.send(
      { method: 'POST', target: '/', headers: ['host', 'test'], body },
      {
        onHead: () => heard.push('head'),
        onData: () => heard.push('data') < 0 || state !== 'paused',
        onEnd: () => heard.push('end'),
        onError: () => heard.push('error'),
      },
      TIMEOUTS,
    )
    if (state === 'waiting') await until(() => server.sockets.size === 1 && body.sink !== undefined)
    if (state === 'receiving' || state === 'paused') await until(() => heard.length === 2)
    const before = heard.length
    call.abort()
    call.abort()
    expect(pool.active).toBe(0)
    expect(body.isCancelled).toBe(true)
    await until(() => server.sockets.size === 0, 'the connection to close')
    expect(heard).toHaveLength(before)
  })

  it('refuses to write a request that would split', () => {
    const pool = poolOf('http://127.0.0.1:1')
    const handler = { onHead() {}, onData: () => true, onEnd() {}, onError() {} }
    const send = (request: Partial<UpstreamRequest>) =>
      pool.send({ method: 'GET', target: '/', headers: [], ...request }, handler, TIMEOUTS)
    expect(() => send({ target: '/ HTTP/1.1\r\nhost: b' })).toThrow('internal_error')
    expect(() => send({ method: 'GET /a' })).toThrow('internal_error')
    expect(() => send({ headers: ['x', 'a\r\nb: c'] })).toThrow('internal_error')
    expect(pool.active).toBe(0)
  })
})
