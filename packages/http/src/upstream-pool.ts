import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls, createSecureContext, rootCertificates, type SecureContext } from 'node:tls'
import type {
  UpstreamCall,
  UpstreamHandler,
  UpstreamPool,
  UpstreamPoolOptions,
  UpstreamRequest,
  UpstreamTimeouts,
} from './ports.ts'
import { READ_BUFFER } from './read-buffer.ts'
import { PooledCall } from './upstream-call.ts'
import { type ConnectionOwner, UpstreamConnection } from './upstream-connection.ts'

const DEFAULT_MAX_IDLE = 256
const DEFAULT_MAX_IDLE_MS = 4_000
const TLS_BUFFER_BYTES = 16 * 1024

/** An {@link UpstreamPoolOptions} that may name the address to connect to, whatever the origin's name resolves to. */
export interface PinnedPoolOptions extends UpstreamPoolOptions {
  readonly address?: string
}

/**
 * Keep-alive connections to one origin over HTTP/1.1. The connection that was used last is used first; one that turns out
 * to be closed already is replaced once, without the caller noticing, when the request may be repeated.
 *
 * `send` throws GatewayError `internal_error` for a request that cannot be written; all else goes to the handler.
 */
export function createUpstreamPool(options: UpstreamPoolOptions): UpstreamPool {
  return new HttpPool(options)
}

/** The pool behind {@link createUpstreamPool}. */
export class HttpPool implements UpstreamPool, ConnectionOwner {
  readonly origin: string
  readonly readyEvent: 'connect' | 'secureConnect'
  active = 0
  private readonly host: string
  private readonly port: number
  private readonly address: string
  private readonly maxIdle: number
  private readonly maxIdleMs: number
  private readonly ca: string | undefined
  private readonly idle: UpstreamConnection[] = []
  private isClosed = false
  private secureContext: SecureContext | undefined
  private session: Buffer | undefined
  private readonly onCallDone = (): void => {
    this.active--
  }

  constructor(options: PinnedPoolOptions) {
    const url = new URL(options.origin)
    const isTls = url.protocol === 'https:'
    this.origin = url.origin
    this.host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname
    this.port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port)
    this.address = options.address ?? this.host
    this.readyEvent = isTls ? 'secureConnect' : 'connect'
    this.maxIdle = options.maxIdle ?? DEFAULT_MAX_IDLE
    this.maxIdleMs = options.maxIdleMs ?? DEFAULT_MAX_IDLE_MS
    this.ca = options.ca
  }

  send(request: UpstreamRequest, handler: UpstreamHandler, timeouts: UpstreamTimeouts): UpstreamCall {
    const call = new PooledCall(request, handler, timeouts, this.onCallDone)
    this.active++
    const connection = this.takeIdle() ?? new UpstreamConnection(this)
    connection.carry(call)
    return call
  }

  close(): void {
    this.isClosed = true
    for (let connection = this.idle.pop(); connection; connection = this.idle.pop()) connection.destroy()
  }

  repeat(call: PooledCall): void {
    new UpstreamConnection(this).carry(call)
  }

  keep(connection: UpstreamConnection): boolean {
    if (this.isClosed || this.idle.length >= this.maxIdle) return false
    this.idle.push(connection)
    connection.rest(this.maxIdleMs)
    return true
  }

  onGone(connection: UpstreamConnection): void {
    const at = this.idle.lastIndexOf(connection)
    if (at >= 0) this.idle.splice(at, 1)
  }

  open(onBytes: (bytes: Buffer) => boolean): Socket {
    return this.readyEvent === 'connect' ? this.openPlain(onBytes) : this.openTls(onBytes)
  }

  private takeIdle(): UpstreamConnection | undefined {
    for (let connection = this.idle.pop(); connection; connection = this.idle.pop()) {
      if (connection.isUsable) return connection
      connection.destroy()
    }
    return undefined
  }

  private openPlain(onBytes: (bytes: Buffer) => boolean): Socket {
    const callback = (size: number) => onBytes(READ_BUFFER.subarray(0, size))
    return connect({ host: this.address, port: this.port, noDelay: true, onread: { buffer: READ_BUFFER, callback } })
  }

  private openTls(onBytes: (bytes: Buffer) => boolean): Socket {
    // Decryption may hand over bytes while others are being handled, so TLS connections do not share their buffer.
    const buffer = Buffer.allocUnsafeSlow(TLS_BUFFER_BYTES)
    const callback = (size: number) => onBytes(Buffer.from(buffer.subarray(0, size)))
    this.secureContext ??= createSecureContext(this.ca === undefined ? {} : { ca: [...rootCertificates, this.ca] })
    const options = {
      host: this.address,
      port: this.port,
      secureContext: this.secureContext,
      ALPNProtocols: ['http/1.1'],
      onread: { buffer, callback },
      ...(isIP(this.host) === 0 ? { servername: this.host } : {}),
      ...(this.session === undefined ? {} : { session: this.session }),
    }
    const socket = connectTls(options)
    socket.setNoDelay(true)
    socket.on('session', (session) => {
      this.session = session
    })
    return socket
  }
}
