import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { type ConnectionContext, ServerConnection } from './connection.ts'
import type { Listener, ListenerLimits, ListenerOptions } from './ports.ts'

const DEFAULTS: Required<ListenerLimits> = {
  maxHeadBytes: 32 * 1024,
  maxHeaders: 100,
  headTimeoutMs: 10_000,
  keepAliveMs: 75_000,
  bodyIdleMs: 60_000,
}

const SOCKET = { noDelay: true, allowHalfOpen: true, highWaterMark: 64 * 1024 }

/**
 * A server for HTTP/1.1 and 1.0 (RFC 9112) behind the strict gate, with or without TLS. Requests of a connection are
 * handed to the handler one after the other; bodies flow both ways with backpressure and nothing is collected.
 */
export function createListener(options: ListenerOptions): Listener {
  return new HttpListener(options)
}

class HttpListener implements Listener {
  private readonly server: Server
  private readonly open = new Set<ServerConnection>()
  /** Connections whose TLS handshake is under way. */
  private readonly handshakes = new Set<Socket>()
  private readonly context: ConnectionContext
  private onEmpty: (() => void) | undefined

  constructor(options: ListenerOptions) {
    this.context = {
      handler: options.handler,
      limits: { ...DEFAULTS, ...options.limits },
      isSecure: options.tls !== undefined,
      onRefused: options.onRefused,
      isClosing: false,
      onGone: (connection) => this.forget(connection),
    }
    const accept = (socket: Socket) => this.accept(socket)
    this.server = options.tls ? this.createTls(options.tls, accept) : createServer(SOCKET, accept)
    // Failing to accept, for want of descriptors, say, costs that connection and not the process.
    this.server.on('error', () => {})
  }

  get connections(): number {
    return this.open.size
  }

  listen(port: number, host?: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject)
      this.server.listen({ port, ...(host === undefined ? {} : { host }), backlog: 4096 }, () => {
        this.server.off('error', reject)
        const address = this.server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : port)
      })
    })
  }

  adopt(socket: Socket): void {
    socket.allowHalfOpen = SOCKET.allowHalfOpen
    socket.setNoDelay(SOCKET.noDelay)
    this.server.emit('connection', socket)
  }

  async close(graceMs: number): Promise<void> {
    this.context.isClosing = true
    const isClosed = new Promise<void>((resolve) => this.server.close(() => resolve()))
    for (const connection of this.open) connection.shutDown()
    if (this.open.size > 0) await this.untilEmpty(graceMs)
    for (const connection of this.open) connection.destroy()
    for (const socket of this.handshakes) socket.destroy()
    await isClosed
  }

  private createTls(tls: { readonly key: string; readonly cert: string }, accept: (socket: Socket) => void): Server {
    const { headTimeoutMs } = this.context.limits
    const server = createTlsServer({ ...SOCKET, ...tls, handshakeTimeout: headTimeoutMs, ALPNProtocols: ['http/1.1'] })
    // A failed handshake concerns nobody but its client.
    server.on('tlsClientError', (_error, socket) => socket.destroy())
    server.on('connection', (socket: Socket) => {
      this.handshakes.add(socket)
      socket.on('close', () => this.handshakes.delete(socket))
    })
    return server.on('secureConnection', accept)
  }

  private accept(socket: Socket): void {
    if (this.context.isClosing) socket.destroy()
    else this.open.add(new ServerConnection(socket, this.context))
  }

  private forget(connection: ServerConnection): void {
    this.open.delete(connection)
    if (this.open.size === 0) this.onEmpty?.()
  }

  private untilEmpty(graceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, graceMs)
      this.onEmpty = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
