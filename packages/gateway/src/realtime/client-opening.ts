import type { Duplex } from 'node:stream'
import { GatewayError } from '@konnect/contract'
import { closeCodeOf, closeFrame } from './close-frame.ts'
import { FrameReader } from './frame-reader.ts'
import { MessageWatch } from './message-watch.ts'

/** Longest first message: it holds instructions and descriptions of tools. */
const MAX_BYTES = 1024 * 1024
/** How long a client may take for it, unless said otherwise. */
const WITHIN_MS = 10_000
const HANG_UP_WITHIN_MS = 2_000

/**
 * A client whose first message says which model it wants: the WebSocket is open already, the vendor is not asked yet. Until
 * `release` nothing but that message is read.
 */
export class ClientOpening {
  readonly #socket: Duplex
  readonly #reader: FrameReader
  readonly #withinMs: number
  #rest: Buffer = Buffer.alloc(0)
  #settle: { resolve(message: Buffer): void; reject(error: GatewayError): void } | undefined
  #timer: NodeJS.Timeout | undefined
  #isReleased = false
  /** Told when the client goes before `release`. */
  onGone: (() => void) | undefined

  constructor(socket: Duplex, withinMs = WITHIN_MS) {
    this.#socket = socket
    this.#withinMs = withinMs
    const listener = {
      onMessage: (message: Buffer) => this.#resolve(Buffer.from(message)),
      readsBinary: true,
      onMissed: () => this.#reject(invalid('is too long')),
      onClose: () => this.#reject(new GatewayError('client_closed')),
    }
    this.#reader = new FrameReader('client', new MessageWatch(listener, MAX_BYTES))
    socket.on('error', () => socket.destroy())
    socket.on('end', this.#onGone)
    socket.on('close', this.#onGone)
  }

  /** The first message. Rejects with `invalid_request`, `malformed_request`, `request_timeout` or `client_closed`. */
  message(): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
      this.#timer = setTimeout(() => this.#reject(new GatewayError('request_timeout')), this.#withinMs)
      this.#socket.on('data', this.#onData)
    })
  }

  /** Hands the connection over, paused; what came after the message comes first. */
  release(): Duplex {
    this.#isReleased = true
    const socket = this.#socket
    socket.off('end', this.#onGone)
    socket.off('close', this.#onGone)
    socket.off('data', this.#onData)
    if (this.#rest.length > 0) socket.unshift(this.#rest)
    return socket
  }

  /** Says why there is no session, and hangs up. Nothing happens after `release`. */
  refuse(error: GatewayError): void {
    if (this.#isReleased) return
    this.release()
    const socket = this.#socket
    if (socket.writable) socket.end(closeFrame('client', { code: closeCodeOf(error), reason: error.detail }))
    const timer = setTimeout(() => socket.destroy(), HANG_UP_WITHIN_MS)
    socket.once('close', () => clearTimeout(timer))
    socket.resume()
  }

  readonly #onData = (chunk: Buffer): void => {
    const bytes = Buffer.concat([this.#rest, chunk])
    let at = 0
    while (this.#settle !== undefined) {
      const next = this.#reader.read(bytes, at)
      if (next === at) break
      at = next
    }
    this.#rest = bytes.subarray(at)
    const { violation } = this.#reader
    if (violation !== undefined) this.#reject(new GatewayError('malformed_request', { reason: violation }))
  }

  readonly #onGone = (): void => {
    this.#reject(new GatewayError('client_closed'))
    this.onGone?.()
  }

  #resolve(message: Buffer): void {
    const { resolve } = this.#settled() ?? {}
    resolve?.(message)
  }

  #reject(error: GatewayError): void {
    const { reject } = this.#settled() ?? {}
    reject?.(error)
  }

  #settled() {
    const settle = this.#settle
    this.#settle = undefined
    clearTimeout(this.#timer)
    this.#socket.pause()
    return settle
  }
}

const invalid = (how: string): GatewayError =>
  new GatewayError('invalid_request', { detail: `The first message ${how}.` })
