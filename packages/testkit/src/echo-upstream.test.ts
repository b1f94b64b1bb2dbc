import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startEchoUpstream } from './echo-upstream.ts'
import { findFreePort } from './port.ts'

async function start(options?: Parameters<typeof startEchoUpstream>[0]) {
  const upstream = await startEchoUpstream(options)
  onTestFinished(() => upstream.close())
  return upstream
}

describe('the echo upstream', () => {
  it('answers with what it saw, and keeps it', async () => {
    const upstream = await start({ name: 'one' })
    const response = await fetch(`${upstream.url}/a/b?c=d`, {
      method: 'POST',
      body: 'hello',
      headers: { 'X-One': '1' },
    })
    expect(await response.json()).toMatchObject({
      name: 'one',
      method: 'POST',
      target: '/a/b?c=d',
      headers: { 'x-one': '1' },
      body: 'hello',
    })
    expect(upstream.requests.map(({ target }) => target)).toEqual(['/a/b?c=d'])
  })

  it('answers as told instead, and breaks the connection when that fails', async () => {
    const upstream = await start({
      respond(request, response) {
        if (request.target === '/fail') throw new Error('as told')
        response.writeHead(418).end()
      },
    })
    expect((await fetch(upstream.url)).status).toBe(418)
    await expect(fetch(`${upstream.url}/fail`)).rejects.toThrow('fetch failed')
  })

  it('switches to websocket with the right key and returns bytes unchanged', async () => {
    const upstream = await start()
    const socket = connect(upstream.port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n')
    socket.write('Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n')
    const [head] = await once(socket, 'data')
    expect(String(head)).toContain('sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
    socket.write('any bytes')
    const [bytes] = await once(socket, 'data')
    expect(String(bytes)).toBe('any bytes')
  })

  it('tells when a client went away before the answer', async () => {
    const upstream = await start({ respond: () => {} })
    const client = new AbortController()
    const call = fetch(upstream.url, { signal: client.signal })
    const refused = expect(call).rejects.toThrow('abort')
    while (upstream.requests.length === 0) await new Promise(setImmediate)
    client.abort()
    await upstream.requests[0]?.aborted
    await refused
  })

  it('is gone once closed', async () => {
    const upstream = await start()
    await fetch(upstream.url)
    await upstream.close()
    await upstream.close()
    await expect(fetch(upstream.url)).rejects.toThrow('fetch failed')
  })
})

describe('a free port', () => {
  it('can be listened on', async () => {
    expect(await findFreePort()).toBeGreaterThan(1023)
  })
})
