import type { Duplex } from 'node:stream'
import { CLOSE_CODES, closeFrame, type SessionClose } from './close-frame.ts'
import { FramePump } from './frame-pump.ts'
import { type MessageListener, MessageWatch } from './message-watch.ts'

export type Side = 'client' | 'vendor'

/** How a session came to its end: the first thing that happened. */
export interface SessionOutcome {
  /** `closed`: with a Close frame. `vanished`: without one. `violated`: with a frame that RFC 6455 forbids. */
  readonly how: 'closed' | 'vanished' | 'violated'
  readonly by: Side | 'gateway'
  readonly close?: SessionClose
  /** What was violated. */
  readonly reason?: string
}

export interface SessionOptions {
  readonly client: Duplex
  readonly vendor: Duplex
  /** Longest silence of both sides together; pings break it. 0: none. */
  readonly idleMs: number
  /** Hear the messages of either side; where it is left out those of that side are not collected. */
  readonly onMessage: Partial<Record<Side, (message: Buffer) => void>>
  /** Binary messages are heard as well as text. */
  readonly readsBinary: boolean
  /** A message of the vendor passed that was too long to be looked at. */
  onMissed(): void
  onBytes(from: Side, count: number): void
  onIdle(): void
  /** Exactly once, when both connections are gone. */
  onOver(outcome: SessionOutcome): void
}

/** How long the sides have to answer a Close frame and hang up. */
const CLOSE_WITHIN_MS = 2_000

/**
 * A client and a vendor joined by WebSocket: frames pass both ways as they come, pings and Close frames among them. Where a
 * side goes without a word, the other one hears it in a Close frame.
 */
export class Session {
  readonly #options: SessionOptions
  readonly #fromClient: FramePump
  readonly #fromVendor: FramePump
  readonly #idleTimer: NodeJS.Timeout | undefined
  #closeTimer: NodeJS.Timeout | undefined
  #outcome: SessionOutcome | undefined
  #open = 2

  constructor(options: SessionOptions) {
    this.#options = options
    const { client, vendor, idleMs } = options
    if (idleMs > 0) this.#idleTimer = setTimeout(() => options.onIdle(), idleMs)
    this.#fromClient = this.#pump('client', client, vendor)
    this.#fromVendor = this.#pump('vendor', vendor, client)
    this.#follow('client', client)
    this.#follow('vendor', vendor)
  }

  /** Says goodbye to both sides, each after the frame that is under way to it. */
  end(close: { code: number; reason: string }): void {
    this.#settle({ how: 'closed', by: 'gateway', close })
    this.#tellClient(close)
    this.#tellVendor()
  }

  #pump(side: Side, source: Duplex, sink: Duplex): FramePump {
    const { onMessage, readsBinary, onMissed, onBytes } = this.#options
    const hear = onMessage[side]
    const listener: MessageListener = {
      onClose: (close) => this.#settle({ how: 'closed', by: side, close }),
      readsBinary,
      ...(hear === undefined ? {} : { onMessage: hear }),
      ...(side === 'vendor' ? { onMissed } : {}),
    }
    return new FramePump({
      source,
      sink,
      sender: side === 'client' ? 'client' : 'server',
      watch: new MessageWatch(listener),
      onBytes: (count) => {
        this.#idleTimer?.refresh()
        onBytes(side, count)
      },
      onViolation: (reason) => this.#violate(side, reason),
    })
  }

  #follow(side: Side, socket: Duplex): void {
    socket.on('error', () => socket.destroy())
    socket.once('end', () => this.#leave(side))
    socket.once('close', () => {
      this.#leave(side)
      this.#open--
      if (this.#open === 0) this.#finish()
    })
  }

  /** A side sends no more: after a Close frame that is how it ends, otherwise the other side has to be told. */
  #leave(side: Side): void {
    const pump = side === 'client' ? this.#fromClient : this.#fromVendor
    this.#settle({ how: 'vanished', by: side })
    if (pump.isDone) pump.stop()
    else if (side === 'client') this.#tellVendor()
    else this.#tellClient({ code: CLOSE_CODES.badGateway, reason: 'The connection to the model was lost.' })
    // What is under way inside a frame does not come any more.
    pump.stop()
  }

  #violate(side: Side, reason: string): void {
    this.#settle({ how: 'violated', by: side, reason })
    const isClient = side === 'client'
    const code = isClient ? CLOSE_CODES.protocolError : CLOSE_CODES.badGateway
    this.#tellClient({ code, reason: isClient ? `Protocol error: ${reason}.` : 'The model broke the protocol.' })
    this.#tellVendor()
  }

  #tellClient(close: { code: number; reason: string }): void {
    this.#fromVendor.finish(closeFrame('client', close))
  }

  #tellVendor(): void {
    this.#fromClient.finish(closeFrame('server', { code: CLOSE_CODES.goingAway, reason: '' }))
  }

  /** The first outcome counts. From then on the sides have a moment to hang up. */
  #settle(outcome: SessionOutcome): void {
    if (this.#outcome !== undefined) return
    this.#outcome = outcome
    clearTimeout(this.#idleTimer)
    this.#closeTimer = setTimeout(() => {
      this.#options.client.destroy()
      this.#options.vendor.destroy()
    }, CLOSE_WITHIN_MS)
  }

  #finish(): void {
    clearTimeout(this.#idleTimer)
    clearTimeout(this.#closeTimer)
    this.#options.onOver(this.#outcome ?? { how: 'vanished', by: 'client' })
  }
}
