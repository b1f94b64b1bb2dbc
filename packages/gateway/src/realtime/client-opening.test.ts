import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { GatewayError } from '@konnect/contract'
import { afterEach, describe, expect, it } from 'vitest'
import { ClientOpening } from './client-opening.ts'
import { frame, text } from './testing/frames.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** Two ends of a connection. */
async function pair(): Promise<{ client: Socket; server: Socket }> {
  const listener = createServer({ allowHalfOpen: true })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const [server] = (await once(listener, 'connection')) as [Socket]
  closing.push(() => {
    client.destroy()
    server.destroy()
    listener.close()
  })
  return { client, server }
}

describe('a client whose first message is awaited', () => {
  it('gives it byte by byte, and keeps what comes after it for whoever takes over', async () => {
    const { client, server } = await pair()
    const opening = new ClientOpening(server)
    const rest = frame('client', text('more'))
    for (const byte of frame('client', text('first'))) client.write(Buffer.from([byte]))
    const message = await opening.message()
    client.write(rest)
    expect(message.toString()).toBe('first')
    const [bytes] = (await once(opening.release().resume(), 'data')) as [Buffer]
    expect(bytes.equals(rest)).toBe(true)
  })

  it('and that came in the same piece as what follows loses nothing of it', async () => {
    const { client, server } = await pair()
    const rest = frame('client', text('more'))
    client.write(Buffer.concat([frame('client', text('first')), rest.subarray(0, 4)]))
    const opening = new ClientOpening(server)
    await opening.message()
    client.write(rest.subarray(4))
    const received: Buffer[] = []
    const socket = opening.release().on('data', (bytes: Buffer) => received.push(bytes))
    socket.resume()
    await expect.poll(() => Buffer.concat(received).equals(rest)).toBe(true)
  })

  it('and does not come is waited for no longer than stated', async () => {
    const { server } = await pair()
    await expect(new ClientOpening(server, 50).message()).rejects.toMatchObject({ code: 'request_timeout' })
  })

  it('and breaks the protocol is refused with 1002', async () => {
    const { client, server } = await pair()
    client.write(Buffer.from([0x81, 0x01, 0x61]))
    const opening = new ClientOpening(server)
    const error = await opening.message().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'malformed_request' })
    opening.refuse(error as GatewayError)
    const [bytes] = (await once(client, 'data')) as [Buffer]
    expect(bytes.subarray(0, 1).toString('hex') + bytes.subarray(2, 4).toString('hex')).toBe('8803ea')
  })

  it('who does not hang up after a refusal is hung up on', async () => {
    const { server } = await pair()
    const gone = once(server, 'close')
    new ClientOpening(server).refuse(new GatewayError('credential_invalid'))
    expect(server.destroyed).toBe(false)
    await gone
    expect(server.destroyed).toBe(true)
  })
})
