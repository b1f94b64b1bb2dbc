import type { Duplex } from 'node:stream'
import { FrameReader } from './frame-reader.ts'
import type { MessageWatch } from './message-watch.ts'

const NOTHING: Buffer = Buffer.alloc(0)

export interface FramePumpOptions {
  readonly source: Duplex
  readonly sink: Duplex
  readonly sender: 'client' | 'server'
  readonly watch: MessageWatch
  onBytes(count: number): void
  /** The source does what RFC 6455 forbids; nothing of it went on. Called at most once. */
  onViolation(reason: string): void
}

/**
 * One direction of a session: frames go on as the very bytes that came, no faster than the sink takes them. It never leaves
 * the sink inside a frame's head, and knows where a Close frame of the gateway's own can be put.
 */
export class FramePump {
  readonly #options: FramePumpOptions
  readonly #reader: FrameReader
  /** The beginning of a frame's head. */
  #partial = NOTHING
  /** Sent in place of what would follow the frame that is under way. */
  #farewell: Buffer | undefined
  #isDone = false
  #isStalled = false

  constructor(options: FramePumpOptions) {
    this.#options = options
    this.#reader = new FrameReader(options.sender, options.watch)
    // It may have been paused until now; what it holds comes in a later turn, when everyone listens.
    options.source.on('data', this.#onData).resume()
    options.sink.on('drain', () => {
      if (!this.#isStalled) return
      this.#isStalled = false
      options.source.resume()
    })
  }

  /** The source has closed its side of the session, or the gateway did in its place: nothing goes on any more. */
  get isDone(): boolean {
    return this.#isDone || this.#reader.isOver
  }

  /** Sends this frame as the last thing once the frame under way is through, and ends the sink. Then bytes are dropped. */
  finish(farewell: Buffer): void {
    if (this.isDone) {
      this.stop()
      return
    }
    this.#farewell ??= farewell
    if (this.#reader.isBetweenFrames) this.#sendFarewell()
    else this.#options.source.resume()
  }

  /** Ends the sink where it is. */
  stop(): void {
    this.#isDone = true
    this.#isStalled = false
    this.#options.source.resume()
    if (this.#options.sink.writable) this.#options.sink.end()
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.isDone) return
    const bytes = this.#partial.length === 0 ? chunk : Buffer.concat([this.#partial, chunk])
    const end = this.#advance(bytes)
    this.#partial = bytes.subarray(end)
    this.#pass(bytes.subarray(0, end))
    const { violation } = this.#reader
    if (this.#farewell !== undefined && this.#reader.isBetweenFrames) this.#sendFarewell()
    else if (violation !== undefined) this.#options.onViolation(violation)
  }

  /** Reads as far as bytes may go on. */
  #advance(bytes: Buffer): number {
    let at = 0
    while (at < bytes.length) {
      if (this.#farewell !== undefined && this.#reader.isBetweenFrames) return at
      const next = this.#reader.read(bytes, at)
      if (next === at) return at
      at = next
    }
    return at
  }

  #pass(bytes: Buffer): void {
    const { sink, source, onBytes } = this.#options
    if (bytes.length === 0) return
    onBytes(bytes.length)
    if (!sink.writable || sink.write(bytes)) return
    this.#isStalled = true
    source.pause()
  }

  #sendFarewell(): void {
    const { sink } = this.#options
    if (this.#farewell !== undefined && !this.isDone && sink.writable) sink.write(this.#farewell)
    this.stop()
  }
}
