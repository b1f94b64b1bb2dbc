import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { frame, text } from './testing/frames.ts'
import { RawPeers } from './testing/raw-peers.ts'
import { closeOf, messageOf, RealtimeStage } from './testing/realtime-stage.ts'

const stage = new RealtimeStage()
const peers = new RawPeers()
afterEach(async () => {
  peers.close()
  await stage.close()
})

describe('an open session', () => {
  it('carries text and sound both ways, and pings', async () => {
    const { client, server } = await stage.joined()
    const sound = randomBytes(100_000)
    client.send('{"type":"session.update"}')
    expect(await messageOf(server)).toBe('{"type":"session.update"}')
    client.send(sound)
    expect(((await once(server, 'message')) as [Buffer])[0].equals(sound)).toBe(true)
    server.send('{"type":"session.created"}')
    expect(await messageOf(client)).toBe('{"type":"session.created"}')
    server.ping('are you there')
    const [pong] = (await once(server, 'pong')) as [Buffer]
    client.ping('and you')
    const [other] = (await once(client, 'pong')) as [Buffer]
    expect([pong.toString(), other.toString()]).toEqual(['are you there', 'and you'])
  })

  it('passes frames as the very bytes that came, fragments and masks included', async () => {
    const fromVendor = Buffer.concat([
      frame('server', { opcode: 1, isFinal: false, payload: Buffer.from('{"type":') }),
      frame('server', { opcode: 9, payload: Buffer.from('p') }),
      frame('server', { opcode: 0, payload: Buffer.from('"x"}') }),
    ])
    const vendor = await peers.vendor((socket) => {
      for (const byte of fromVendor) socket.write(Buffer.from([byte]))
    })
    const gateway = await stage.gateway([vendor])
    const { socket, received } = await peers.client(gateway.port)
    const fromClient = Buffer.concat([frame('client', text('hello')), frame('client', { opcode: 10 })])
    for (const byte of fromClient) socket.write(Buffer.from([byte]))
    await expect.poll(() => received().equals(fromVendor)).toBe(true)
    await expect.poll(() => Buffer.concat(vendor.received).equals(fromClient)).toBe(true)
  })

  it.each([1000, 4001])('is closed by the vendor with %i, which the client hears', async (code) => {
    const { client, server, gateway } = await stage.joined()
    server.close(code, 'enough')
    expect(await closeOf(client)).toEqual({ code, reason: 'enough' })
    const [call] = await gateway.recorded(1)
    expect(call).toMatchObject({ status: 101, errorCode: code === 1000 ? null : 'upstream_error' })
    expect(call?.ai?.isTruncated).toBe(false)
  })

  it('is closed by the vendor for a reason that the Call keeps, without its secrets', async () => {
    const { server, gateway } = await stage.joined()
    server.close(1011, 'the key sk-secret0123456789 broke')
    const [call] = await gateway.recorded(1)
    expect(call?.errorReason).toBe('The vendor closed with 1011: the key *** broke')
  })

  it('is closed by the client with its code, which the vendor hears', async () => {
    const { client, server, gateway } = await stage.joined()
    client.close(4002, 'bye')
    expect(await closeOf(server)).toEqual({ code: 4002, reason: 'bye' })
    expect((await gateway.recorded(1))[0]).toMatchObject({ status: 101, errorCode: null })
  })

  it('holds a fast vendor back for a slow client', async () => {
    const { client, server, gateway } = await stage.joined()
    client.pause()
    const piece = Buffer.alloc(1024 * 1024)
    const pieces = 64
    let sent = 0
    const push = (): void => {
      if (sent === pieces) return
      sent++
      server.send(piece, push)
    }
    push()
    const stalled = async () => {
      const before = sent
      await new Promise((resolve) => setImmediate(resolve))
      return server.bufferedAmount > 0 && before === sent
    }
    await expect.poll(stalled, { timeout: 10_000 }).toBe(true)
    expect(sent).toBeLessThan(pieces)
    let received = 0
    client.on('message', (data: Buffer) => {
      received += data.length
    })
    client.resume()
    await expect.poll(() => received, { timeout: 15_000 }).toBe(pieces * piece.length)
    client.close()
    expect((await gateway.recorded(1))[0]?.responseBytes).toBeGreaterThan(received)
  })
})

describe('what RFC 6455 forbids', () => {
  it('by the client ends the session with 1002, and goes no further', async () => {
    const vendor = await stage.vendor()
    const gateway = await stage.gateway([vendor])
    const { socket, received } = await peers.client(gateway.port)
    const server = await vendor.session()
    const closed = closeOf(server)
    socket.write(Buffer.from([0x81, 0x01, 0x61]))
    await expect.poll(() => received().subarray(0, 4).toString('hex')).toMatch(/^88..03ea$/)
    expect((await closed).code).toBe(1001)
    const [call] = await gateway.recorded(1)
    expect(call).toMatchObject({ errorCode: 'malformed_request', errorReason: 'a frame is not masked' })
  })

  it('by the vendor ends the session for the client with 1014', async () => {
    const vendor = await peers.vendor((socket) => socket.write(Buffer.from([0xc1, 0x00])))
    const gateway = await stage.gateway([vendor])
    const client = stage.connect(gateway)
    expect(await closeOf(client)).toEqual({ code: 1014, reason: 'The model broke the protocol.' })
    expect((await gateway.recorded(1))[0]).toMatchObject({ errorCode: 'upstream_invalid' })
  })
})
