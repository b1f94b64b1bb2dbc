import { type BodySink, type BodySource, GatewayError } from '@konnect/contract'
import { ChunkedDecoder, type ChunkTarget } from './chunked-decoder.ts'
import type { Framing } from './gate.ts'

/** What a request body needs of its connection. */
export interface BodyOwner {
  /** The sink is there, or wants more. */
  onBodyWanted(): void
  onBodyCancelled(): void
}

/** The body of a request, as it arrives. */
export class RequestBody implements BodySource, ChunkTarget {
  readonly length: number | undefined
  readonly isEmpty: boolean
  /** Every byte arrived and was handed on, or thrown away. */
  isComplete: boolean
  isCancelled = false
  isStarted = false
  private isPaused = false
  private isBroken = false
  private sink: BodySink | undefined = undefined
  private failure: Error | undefined = undefined
  private remaining: number
  private readonly decoder: ChunkedDecoder | undefined
  private readonly owner: BodyOwner

  constructor(owner: BodyOwner, framing: Framing) {
    this.owner = owner
    this.length = framing.isChunked ? undefined : framing.length
    this.isEmpty = this.length === 0
    this.isComplete = this.isEmpty
    this.remaining = this.length ?? 0
    this.decoder = framing.isChunked ? new ChunkedDecoder() : undefined
  }

  /** True while bytes that arrive can be handed on or thrown away. */
  get isFlowing(): boolean {
    return this.isCancelled || (this.sink !== undefined && !this.isPaused)
  }

  /** Why the body is refused; empty as long as all is well. */
  get fault(): string {
    if (this.decoder?.hasForbiddenTrailers) return 'forbidden trailer field'
    return this.decoder?.fault ?? ''
  }

  pipeTo(sink: BodySink): void {
    if (this.isStarted) throw new Error('The body was already consumed')
    this.isStarted = true
    if (this.failure) sink.fail(this.failure)
    else if (this.isCancelled) sink.fail(new GatewayError('client_closed', { reason: 'The body was cancelled' }))
    else if (this.isComplete) sink.end()
    else {
      this.sink = sink
      this.owner.onBodyWanted()
    }
  }

  resume(): void {
    if (!this.isPaused) return
    this.isPaused = false
    if (!this.isComplete) this.owner.onBodyWanted()
  }

  cancel(): void {
    if (this.isComplete || this.isCancelled) return
    this.isCancelled = true
    this.sink = undefined
    this.owner.onBodyCancelled()
  }

  /** Takes what arrived from `at` on, up to the end of the body, a fault or a pause. Returns where it stopped. */
  receive(bytes: Buffer, at: number): number {
    if (this.decoder) {
      const stop = this.decoder.decode(bytes, at, bytes.length, this)
      if (this.decoder.isDone && this.fault === '') this.complete()
      return stop
    }
    const end = Math.min(bytes.length, at + this.remaining)
    this.remaining -= end - at
    this.onChunk(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end))
    if (this.remaining === 0) this.complete()
    return end
  }

  /** One decoded piece; `false` stops the decoder. */
  onChunk(chunk: Uint8Array): boolean {
    if (this.sink === undefined || this.sink.write(chunk)) return !this.isBroken
    this.isPaused = true
    return false
  }

  /** The body breaks off. */
  fail(error: Error): void {
    this.isBroken = true
    if (this.isComplete || this.failure) return
    this.failure = error
    const { sink } = this
    this.sink = undefined
    sink?.fail(error)
  }

  private complete(): void {
    if (this.isComplete || this.isBroken) return
    this.isComplete = true
    const { sink } = this
    this.sink = undefined
    sink?.end(this.decoder?.trailers)
  }
}
