import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { TEST_KEY } from '../../harness.ts'

/** An answer to an opening handshake, for better or worse. */
export const switching = (accept: string) =>
  `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`

const acceptOf = (key: string) =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')

/** Both sides of sessions as bytes, for what libraries would not write. */
export class RawPeers {
  readonly #closing: (() => void)[] = []

  /** A server that leaves the connection open when the client hangs up; resolves with its address. */
  async server(onRequest: (socket: Socket, head: Buffer) => void): Promise<string> {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      this.#closing.push(() => socket.destroy())
      socket.on('error', () => {})
      socket.once('data', (head: Buffer) => onRequest(socket, head))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    this.#closing.push(() => server.close())
    const address = server.address()
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  }

  /** A vendor that writes bytes of our choice once the session is open, and keeps what it gets. */
  async vendor(
    onOpen: (socket: Socket) => void,
    onRequest: (switchOver: () => void) => void = (switchOver) => switchOver(),
  ) {
    const received: Buffer[] = []
    const url = await this.server((socket, head) => {
      const key = /sec-websocket-key: (\S+)/i.exec(head.toString())?.[1] ?? ''
      onRequest(() => {
        socket.write(switching(acceptOf(key)))
        socket.on('data', (bytes: Buffer) => received.push(bytes))
        onOpen(socket)
      })
    })
    return { url, received }
  }

  /** A client that writes bytes of our choice, and does not hang up by itself. */
  async client(port: number) {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    this.#closing.push(() => socket.destroy())
    const key = randomBytes(16).toString('base64')
    socket.write(
      `GET /v1/realtime?model=assistant HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nx-api-key: ${TEST_KEY}\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${key}\r\n\r\n`,
    )
    const [head] = (await once(socket, 'data')) as [Buffer]
    const received: Buffer[] = [head.subarray(head.indexOf('\r\n\r\n') + 4)]
    socket.on('data', (bytes: Buffer) => received.push(bytes))
    return { socket, received: () => Buffer.concat(received) }
  }

  close(): void {
    for (const close of this.#closing.splice(0)) close()
  }
}
