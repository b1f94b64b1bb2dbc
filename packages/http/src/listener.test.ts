import { once } from 'node:events'
import http from 'node:http'
import { Agent, fetch, request as undiciRequest } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import { closeListeners, echo, listening } from './testing/listening.ts'
import { until } from './testing/memory-socket.ts'
import { RawClient, rawExchange } from './testing/raw-client.ts'

afterEach(closeListeners)

const head = (response: string): string => response.slice(0, response.indexOf('\r\n\r\n'))

describe('listener with real clients', () => {
  it('serves node:http over one kept connection', async () => {
    const { port, listener } = await listening(echo)
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
    for (const method of ['GET', 'POST', 'DELETE']) {
      const request = http.request({ port, host: '127.0.0.1', method, path: '/a?b=1', agent })
      request.end(method === 'POST' ? 'x'.repeat(100_000) : undefined)
      const [response] = (await once(request, 'response')) as [http.IncomingMessage]
      const text = Buffer.concat(await response.toArray()).toString()
      expect(JSON.parse(text)).toMatchObject({ method, path: '/a', query: 'b=1' })
      expect(listener.connections).toBe(1)
    }
    agent.destroy()
  })

  it('serves undici, chunked uploads and pipelining included', async () => {
    const { port } = await listening(echo)
    const agent = new Agent({ pipelining: 8, connections: 1 })
    const origin = `http://127.0.0.1:${port}`
    const paths = ['/1', '/2', '/3', '/4', '/5']
    const answers = await Promise.all(
      paths.map(async (path) => {
        const { body } = await undiciRequest(origin + path, { dispatcher: agent })
        return (await body.json()) as { path: string }
      }),
    )
    expect(answers.map(({ path }) => path)).toEqual(paths)
    async function* upload() {
      yield Buffer.from('one ')
      yield Buffer.from('two')
    }
    const response = await fetch(origin, { method: 'POST', body: upload(), duplex: 'half', dispatcher: agent })
    expect(await response.json()).toMatchObject({ body: 'one two' })
    await agent.close()
  })

  it('says why it refused, and closes', async () => {
    const { port, refusals } = await listening(echo)
    const response = await rawExchange(port, 'GET / HTTP/1.1\r\nHost: a, b\r\n\r\n')
    expect(response).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
    expect(response).toContain('\r\nconnection: close\r\n')
    expect(response).toMatch(/\r\n\r\ninvalid Host\n$/)
    expect(refusals).toMatchObject([{ status: 400, reason: 'invalid Host', remoteAddress: '127.0.0.1' }])
  })

  it.each([
    ['bare LF that never becomes a head', 'GET / HTTP/1.1\nHost: a\n\n', 400],
    ['a TLS handshake', '\x16\x03\x01\x02\x00\x01', 400],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505],
    ['a long target', `GET /${'a'.repeat(40_000)}`, 414],
    ['a long header section', `GET / HTTP/1.1\r\nHost: a\r\nB: ${'c'.repeat(40_000)}`, 431],
    ['a complete but long header section', `GET / HTTP/1.1\r\nHost: a\r\nB: ${'c'.repeat(40_000)}\r\n\r\n`, 431],
    ['too many fields', `GET / HTTP/1.1\r\nHost: a\r\n${'B: c\r\n'.repeat(100)}\r\n`, 431],
  ])('answers %s at once', async (_name, text, status) => {
    const { port } = await listening(echo)
    expect(await rawExchange(port, text)).toContain(`HTTP/1.1 ${status} `)
  })

  it.each([
    ['5;\r\nhello\r\n0\r\n\r\n'],
    ['zz\r\n'],
    ['5\r\nhello!\r\n'],
    ['0\r\nContent-Length: 5\r\n\r\n'],
    ['0\r\nAuthorization: x\r\n\r\n'],
  ])('refuses the chunked body %j with 400 when nobody else answers', async (body) => {
    const { port, refusals } = await listening(echo)
    const request = `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${body}`
    expect(await rawExchange(port, request)).toContain('HTTP/1.1 400 ')
    expect(refusals).toHaveLength(1)
  })

  it('lets the handler answer a broken body in its own words', async () => {
    const { port, refusals } = await listening((request, responder) => {
      request.body.pipeTo({
        write: () => true,
        end() {},
        fail: (error) => responder.send(400, [], `own words: ${error.message}`),
      })
    })
    const response = await rawExchange(port, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n')
    expect(response).toContain('own words: malformed_request')
    expect(response).toContain('connection: close')
    expect(refusals).toEqual([])
  })

  it('answers 500 and lives on when the handler throws', async () => {
    const { port, refusals } = await listening((request, responder) => {
      if (request.path === '/throw') throw new Error('a fault')
      responder.send(200, [], 'fine')
    })
    const response = await rawExchange(port, 'GET /throw HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(response).toContain('HTTP/1.1 500 ')
    expect(response).not.toContain('a fault')
    expect(refusals).toMatchObject([{ status: 500, reason: 'a fault' }])
    expect(await rawExchange(port, 'GET / HTTP/1.0\r\n\r\n')).toContain('fine')
  })
})

describe('listener timeouts', () => {
  it('answers 408 to a head that does not arrive in time, counted from its first byte', async () => {
    const { port } = await listening(echo, { limits: { headTimeoutMs: 80 } })
    const client = new RawClient(port)
    client.write('GET / HTTP/1.1\r\n')
    const trickle = setInterval(() => client.write('A: b\r\n'), 20)
    expect(await client.untilClosed()).toContain('HTTP/1.1 408 ')
    clearInterval(trickle)
  })

  it('closes a silent connection without a word', async () => {
    const { port } = await listening(echo, { limits: { keepAliveMs: 60 } })
    const client = new RawClient(port)
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    expect((await client.untilClosed()).match(/HTTP\/1\.1/g)).toHaveLength(1)
  })

  it('answers 408 when a body stops arriving', async () => {
    const { port } = await listening(echo, { limits: { bodyIdleMs: 60 } })
    const client = new RawClient(port)
    client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel')
    expect(await client.untilClosed()).toContain('HTTP/1.1 408 ')
  })

  it('breaks off a client that stops reading its response', async () => {
    let closed = 0
    const { port } = await listening(
      (_request, responder) => {
        responder.onClose = () => closed++
        responder.head(200, [])
        const pump = () => {
          while (!responder.isDone && responder.write(Buffer.alloc(60_000)));
        }
        responder.onDrain = pump
        pump()
      },
      { limits: { bodyIdleMs: 100 } },
    )
    const client = new RawClient(port)
    client.socket.pause()
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await until(() => closed === 1, 'the connection to be broken off')
    client.destroy()
  })

  it('does not hurry a handler that thinks before it reads the body', async () => {
    const { port } = await listening(
      (request, responder) => {
        setTimeout(() => echo(request, responder), 150)
      },
      { limits: { bodyIdleMs: 50, headTimeoutMs: 50 } },
    )
    const client = new RawClient(port)
    client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello')
    expect(await client.until('"body":"hello"')).toContain('HTTP/1.1 200 ')
    client.destroy()
  })
})

describe('listener protocol rules', () => {
  it('answers pipelined requests in order, however slow the first is', async () => {
    const { port } = await listening((request, responder) => {
      const answer = () => responder.send(200, [], `${request.path};`)
      if (request.path === '/slow') setTimeout(answer, 50)
      else answer()
    })
    const client = new RawClient(port)
    client.write(['/slow', '/2', '/3'].map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''))
    const text = await client.until('/3;')
    expect(text.match(/\r\n\r\n\/\w+;/g)?.map((match) => match.trim())).toEqual(['/slow;', '/2;', '/3;'])
    client.destroy()
  })

  it('keeps HTTP/1.0 connections only on request', async () => {
    const { port } = await listening((_request, responder) => responder.send(200, [], 'x'))
    expect(await rawExchange(port, 'GET / HTTP/1.0\r\n\r\n')).toContain('connection: close')
    const client = new RawClient(port)
    client.write('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
    expect(await client.until('\r\n\r\nx')).toContain('connection: keep-alive')
    client.write('GET / HTTP/1.0\r\n\r\n')
    expect((await client.untilClosed()).match(/HTTP\/1\.1 200/g)).toHaveLength(2)
  })

  it('closes after Connection: close and ignores what follows', async () => {
    const { port } = await listening(echo)
    const two = 'GET /1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n'
    const text = await rawExchange(port, two)
    expect(text.match(/HTTP\/1\.1 200/g)).toHaveLength(1)
    expect(text).toContain('connection: close')
  })

  it('ends a body of unknown length with the connection for HTTP/1.0, with a chunk for HTTP/1.1', async () => {
    const { port } = await listening((_request, responder) => {
      responder.head(200, [])
      responder.write(Buffer.from('hello'))
      responder.end(['x-sum', '1'])
    })
    const old = await rawExchange(port, 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
    expect(old).toMatch(/connection: close\r\n[\s\S]*\r\n\r\nhello$/)
    expect(old).not.toContain('transfer-encoding')
    const current = await rawExchange(port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    expect(current).toMatch(/\r\n\r\n5\r\nhello\r\n0\r\nx-sum: 1\r\n\r\n$/)
  })

  it('sends no body for HEAD, 204 and 304, and keeps the length of HEAD', async () => {
    const { port } = await listening((request, responder) => {
      responder.head(Number(request.path.slice(1)), [], 5)
      responder.write(Buffer.from('hello'))
      responder.end()
    })
    const client = new RawClient(port)
    client.write(
      'HEAD /200 HTTP/1.1\r\nHost: a\r\n\r\nGET /204 HTTP/1.1\r\nHost: a\r\n\r\nGET /304 HTTP/1.1\r\nHost: a\r\n\r\n',
    )
    const text = await client.until('HTTP/1.1 304')
    expect(text).not.toContain('hello')
    expect(text.match(/content-length: 5/g)).toHaveLength(1)
    expect(head(text)).toContain('content-length: 5')
    client.destroy()
  })

  it('adds a Date only where there is none', async () => {
    const { port } = await listening((request, responder) => {
      responder.send(200, request.path === '/own' ? ['date', 'mine'] : [], '')
    })
    const own = await rawExchange(port, 'GET /own HTTP/1.0\r\n\r\n')
    expect(own.match(/date: /g)).toHaveLength(1)
    const added = await rawExchange(port, 'GET / HTTP/1.0\r\n\r\n')
    expect(Date.parse(/date: (.*)\r\n/.exec(added)?.[1] ?? '')).toBeGreaterThan(Date.now() - 5_000)
  })

  it('sends 100 Continue when the handler starts to read, not before, and not when it answers instead', async () => {
    const { port } = await listening((request, responder) => {
      if (request.path === '/refuse') responder.send(413, [], 'no')
      else echo(request, responder)
    })
    const expecting = (path: string) =>
      `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n`
    const client = new RawClient(port)
    client.write(expecting('/read'))
    await client.until('HTTP/1.1 100 Continue\r\n\r\n')
    client.write('hello')
    expect(await client.until('"body":"hello"')).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200/)
    client.destroy()
    const refused = await rawExchange(port, expecting('/refuse'))
    expect(refused).toMatch(/^HTTP\/1\.1 413 /)
    expect(refused).toContain('connection: close')
  })

  it('keeps the connection after an early answer to an upload that is small, and reads past it', async () => {
    const { port, listener } = await listening((_request, responder) => responder.send(401, [], 'who?'))
    const client = new RawClient(port)
    client.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello`)
    client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n')
    await client.until('who?', 2)
    client.write('x'.repeat(300_000))
    client.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n')
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(await client.until('who?', 4)).not.toContain('connection: close')
    expect(listener.connections).toBe(1)
    client.destroy()
  })

  it('delivers an early answer whole although a large upload goes on', async () => {
    const { port } = await listening((_request, responder) => responder.send(413, [], 'too much'))
    const client = new RawClient(port)
    client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 600000\r\n\r\n')
    client.write('x'.repeat(300_000))
    expect(await client.untilClosed()).toMatch(/^HTTP\/1\.1 413 [\s\S]*too much$/)
  })

  it('breaks an upload off that goes on and on after its answer', async () => {
    const { port } = await listening((_request, responder) => responder.send(413, [], 'too much'))
    const client = new RawClient(port)
    client.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
    const feed = setInterval(() => client.write(chunk), 1)
    expect(await client.untilClosed()).toContain('too much')
    clearInterval(feed)
  })

  it('forwards interim responses before the final one, and none to HTTP/1.0', async () => {
    const { port } = await listening((_request, responder) => {
      responder.informational(103, ['link', '</a>'])
      responder.send(200, [], 'x')
    })
    const text = await rawExchange(port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    expect(text).toMatch(/^HTTP\/1\.1 103 Early Hints\r\nlink: <\/a>\r\n\r\nHTTP\/1\.1 200/)
    expect(await rawExchange(port, 'GET / HTTP/1.0\r\n\r\n')).not.toContain('103')
  })

  it('upgrades once it is told to, and hands over the bytes that came early', async () => {
    const { port } = await listening((request, responder) => {
      expect(request.upgrade).toBe('echo')
      setImmediate(() => {
        const socket = responder.upgrade(['x-a', '1'])
        expect(responder.isDone).toBe(true)
        socket.pipe(socket)
      })
    })
    const upgrade = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: Echo\r\n\r\nearly '
    const client = new RawClient(port)
    client.write(upgrade)
    await client.until('early ')
    client.write('late')
    const text = await client.until('early late')
    expect(text).toMatch(/^HTTP\/1\.1 101 .*\r\nconnection: upgrade\r\nupgrade: echo\r\nx-a: 1\r\n\r\nearly late$/)
    client.socket.end()
    await client.untilClosed()
  })

  it('upgrades within the handler, early bytes included', async () => {
    const { port } = await listening((_request, responder) => {
      const socket = responder.upgrade([])
      socket.pipe(socket)
    })
    const client = new RawClient(port)
    client.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: Echo\r\n\r\nearly ')
    client.write('late')
    await client.until('early late')
    client.destroy()
  })

  it('sends the head at once although no byte of the body is known', async () => {
    const { port } = await listening((_request, responder) =>
      responder.head(200, ['content-type', 'text/event-stream']),
    )
    const client = new RawClient(port)
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(await client.until('\r\n\r\n')).toContain('text/event-stream')
    client.destroy()
  })

  it('breaks off a response that is shorter or longer than announced', async () => {
    const { port } = await listening((request, responder) => {
      responder.head(200, [], 5)
      responder.write(Buffer.from(request.path === '/long' ? 'too long' : 'abc'))
      responder.end()
    })
    for (const path of ['/short', '/long']) {
      const text = await rawExchange(port, `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`)
      expect(text).not.toContain('too long')
    }
  })

  it('refuses header values that would split the response', async () => {
    const thrown: unknown[] = []
    const { port } = await listening((_request, responder) => {
      for (const value of ['a\r\nset-cookie: b', 'a\nb', 'a\rb', 'a\u010ab', 'a\0']) {
        try {
          responder.send(200, ['x-value', value], '')
        } catch (error) {
          thrown.push(error)
        }
      }
      responder.send(200, [], 'safe')
    })
    expect(await rawExchange(port, 'GET / HTTP/1.0\r\n\r\n')).toMatch(/safe$/)
    expect(thrown).toHaveLength(5)
    expect(thrown[0]).toMatchObject({ code: 'internal_error' })
  })
})

describe('listener and clients that go away', () => {
  it('tells the handler once when its client leaves before the answer, and fails the body', async () => {
    let closed = 0
    const failures: Error[] = []
    const { port, listener } = await listening((request, responder) => {
      responder.onClose = () => closed++
      request.body.pipeTo({ write: () => true, end() {}, fail: (error) => failures.push(error) })
    })
    const client = new RawClient(port)
    client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel')
    await until(() => listener.connections === 1, 'the connection')
    client.socket.end()
    await until(() => closed > 0, 'onClose')
    expect(failures).toMatchObject([{ code: 'client_closed' }])
    await until(() => listener.connections === 0, 'the end of the connection')
    expect(closed).toBe(1)
  })

  it('does not report a client that leaves after its answer', async () => {
    let closed = 0
    const { port, listener } = await listening((_request, responder) => {
      responder.onClose = () => closed++
      responder.send(200, [], 'x')
    })
    const client = new RawClient(port)
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await client.until('\r\n\r\nx')
    client.destroy()
    await until(() => listener.connections === 0)
    expect(closed).toBe(0)
  })

  it('closes: idle connections at once, busy ones when they are done or the grace is over', async () => {
    const answers: (() => void)[] = []
    const { port, listener } = await listening((_request, responder) => {
      answers.push(() => responder.send(200, [], 'done'))
    })
    const busy = new RawClient(port)
    const idle = new RawClient(port)
    const stuck = new RawClient(port)
    busy.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    stuck.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await until(() => answers.length === 2 && listener.connections === 3)
    idle.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await until(() => answers.length === 3)
    answers.pop()?.()
    await idle.until('done')
    const closing = listener.close(200)
    expect(await idle.untilClosed()).not.toContain('connection: close')
    answers[0]?.()
    await Promise.race([busy.untilClosed(), stuck.untilClosed()])
    await closing
    expect([busy.received, stuck.received].sort()).toEqual(['', expect.stringMatching(/connection: close[\s\S]*done$/)])
    expect(listener.connections).toBe(0)
  })

  it('closes: a connection that just came may still make its request', async () => {
    const { port, listener } = await listening(echo)
    const fresh = new RawClient(port)
    await until(() => listener.connections === 1)
    const closing = listener.close(5_000)
    fresh.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(await fresh.untilClosed()).toMatch(/^HTTP\/1\.1 200 [\s\S]*connection: close/)
    await closing
  })
})
