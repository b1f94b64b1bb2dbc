import type { Socket } from 'node:net'
import type { BodySource, HeaderList } from '@konnect/contract'
import { ChunkedDecoder, type ChunkTarget } from './chunked-decoder.ts'
import { findHead } from './head-finder.ts'
import { UpstreamFailure } from './ports.ts'
import { type ResponseFraming, type ResponseHead, readResponseHead } from './response-head.ts'
import { sharedWheel, type WheelTimer } from './timer-wheel.ts'
import { type PooledCall, Upload } from './upstream-call.ts'
import { WireOutput } from './wire-output.ts'

/** What a connection needs of its pool. */
export interface ConnectionOwner {
  /** Opens a socket whose bytes go to `onBytes`; `false` from it pauses the socket. */
  open(onBytes: (bytes: Buffer) => boolean): Socket
  readonly readyEvent: 'connect' | 'secureConnect'
  /** False when the pool has no use for another idle connection. */
  keep(connection: UpstreamConnection): boolean
  onGone(connection: UpstreamConnection): void
  /** Sends a call again, on a fresh connection. */
  repeat(call: PooledCall): void
}

type State = 'connecting' | 'idle' | 'head' | 'body' | 'upgraded' | 'closed'

const NOTHING: Buffer = Buffer.alloc(0)
const MAX_HEAD_BYTES = 64 * 1024

/** One connection to an upstream. It carries one call at a time. */
export class UpstreamConnection implements ChunkTarget {
  readonly output: WireOutput
  private readonly socket: Socket
  private readonly owner: ConnectionOwner
  private readonly timer: WheelTimer
  private state: State = 'connecting'
  private call: PooledCall | undefined
  private isReused = false
  private hasAnswered = false
  private isPaused = false
  private isProcessing = false
  private isStalled = false
  private hasEnded = false
  private partial: Buffer = NOTHING
  private held: Buffer = NOTHING
  private framing: ResponseFraming = 'none'
  private isKeepAlive = false
  private remaining = 0
  private decoder: ChunkedDecoder | undefined
  private error: Error | undefined

  constructor(owner: ConnectionOwner) {
    this.owner = owner
    this.timer = sharedWheel.timer(() => this.onTimer())
    this.socket = owner.open((bytes) => this.onBytes(bytes))
    this.output = new WireOutput(this.socket)
    this.socket.once(owner.readyEvent, () => this.onReady())
    this.socket.on('drain', this.onDrain)
    this.socket.on('end', this.onEnd)
    this.socket.on('error', (error) => {
      this.error ??= error
    })
    this.socket.on('close', () => this.onClose())
  }

  /** Nothing speaks against sending the next request on it. */
  get isUsable(): boolean {
    return this.state === 'idle' && this.socket.writable && !this.socket.destroyed
  }

  /** Takes a call; it leaves at once, or as soon as the connection stands. */
  carry(call: PooledCall): void {
    this.call = call
    call.connection = this
    if (this.state === 'connecting') this.timer.set(call.timeouts.connectMs)
    else {
      this.isReused = true
      this.send(call)
    }
  }

  /** Waits for the next call, at most `maxIdleMs`. */
  rest(maxIdleMs: number): void {
    this.timer.set(maxIdleMs)
  }

  resume(): void {
    if (!this.isPaused || this.isProcessing) {
      this.isPaused = false
      return
    }
    this.isPaused = false
    if (this.held.length > 0) {
      const { held } = this
      this.held = NOTHING
      this.process(held)
    }
    if (this.isPaused || this.state !== 'body') return
    if (this.hasEnded) {
      this.onEnd()
      return
    }
    this.armIdle()
    this.socket.resume()
  }

  /** The upstream takes the upload slower than it comes. */
  stall(): false {
    this.isStalled = true
    return false
  }

  onUploadProgress(): void {
    if (this.state === 'head' && this.call) this.timer.set(this.call.timeouts.headMs)
  }

  /** Breaks the connection off; its call hears nothing. */
  destroy(): void {
    if (this.state === 'closed') return
    this.state = 'closed'
    this.call = undefined
    this.timer.dispose()
    this.held = NOTHING
    this.partial = NOTHING
    this.socket.destroy()
    this.owner.onGone(this)
  }

  /** Breaks the connection off and tells its call why. */
  fail(failure: UpstreamFailure): void {
    const { call } = this
    this.destroy()
    call?.fail(failure)
  }

  // Sending

  private onReady(): void {
    if (this.state !== 'connecting' || !this.call) return
    this.send(this.call)
  }

  private send(call: PooledCall): void {
    this.state = 'head'
    this.hasAnswered = false
    this.output.text(call.head)
    this.timer.set(call.timeouts.headMs)
    // A body that is at hand, or comes within this turn, leaves together with the head.
    if (call.body === undefined) this.output.flush()
    else this.upload(call, call.body)
  }

  private upload(call: PooledCall, body: BodySource): void {
    try {
      body.pipeTo(new Upload(call, this))
    } catch (error) {
      this.fail(new UpstreamFailure('upstream_truncated', 'The request body could not be read', true, error))
    }
  }

  private readonly onDrain = (): void => {
    if (!this.isStalled) return
    this.isStalled = false
    this.onUploadProgress()
    this.call?.body?.resume()
  }

  // Receiving

  private onBytes(bytes: Buffer): boolean {
    if (this.state === 'upgraded') return this.socket.push(Buffer.from(bytes))
    if (this.held.length > 0) this.held = Buffer.concat([this.held, bytes])
    else if (this.partial.length > 0) {
      const whole = Buffer.concat([this.partial, bytes])
      this.partial = NOTHING
      this.process(whole)
    } else this.process(bytes)
    return !this.isPaused
  }

  private process(bytes: Buffer): void {
    this.isProcessing = true
    let at = 0
    try {
      at = this.processAll(bytes)
    } catch (error) {
      // Whoever hears the response threw. A call under way ends here, and the others go on; after its end there is nobody
      // left to tell.
      if (!this.call) throw error
      this.fail(new UpstreamFailure('upstream_invalid', 'The response could not be handled', true, error))
    } finally {
      this.isProcessing = false
    }
    if (this.isPaused && this.state === 'body') {
      if (at < bytes.length) this.held = Buffer.from(bytes.subarray(at))
      this.timer.clear()
      this.socket.pause()
    }
  }

  private processAll(bytes: Buffer): number {
    let at = 0
    while (at < bytes.length && !this.isPaused && this.state !== 'closed') {
      if (this.state === 'head') at = this.readHead(bytes, at)
      else if (this.state === 'body') at = this.readBody(bytes, at)
      else if (this.state === 'upgraded') {
        this.socket.unshift(Buffer.from(bytes.subarray(at)))
        break
      } else {
        // Bytes that nobody asked for: whatever they mean, this connection cannot be trusted with another request.
        this.destroy()
      }
    }
    return at
  }

  private readHead(bytes: Buffer, at: number): number {
    this.hasAnswered = true
    const call = this.call as PooledCall
    const { text, length } = findHead(bytes, at, MAX_HEAD_BYTES)
    if (length === 0) {
      if (bytes.length - at >= MAX_HEAD_BYTES) this.invalid('header section too large')
      else if (!'HTTP/'.startsWith(text.slice(0, 5))) this.invalid('invalid status line')
      else this.partial = Buffer.from(bytes.subarray(at))
      return bytes.length
    }
    const head = readResponseHead({ bytes, text, base: at }, call.request.method)
    if (typeof head === 'string') this.invalid(head)
    else if (head.status < 200) this.onInformational(call, head)
    else this.onHead(call, head)
    return at + length
  }

  private onInformational(call: PooledCall, { status, headers, upgrade }: ResponseHead): void {
    if (status === 101) {
      if (call.request.upgrade === undefined || upgrade === undefined) this.invalid('unexpected 101')
      else this.handOver(call, headers)
    } else if (status !== 100) call.handler.onInformational?.(status, headers)
  }

  private onHead(call: PooledCall, head: ResponseHead): void {
    this.state = 'body'
    this.framing = head.framing
    this.isKeepAlive = head.isKeepAlive
    this.remaining = head.length ?? 0
    this.decoder = head.framing === 'chunked' ? new ChunkedDecoder() : undefined
    this.armIdle()
    call.handler.onHead(head.status, head.headers, head.length)
    if (head.framing === 'none' && this.call === call) this.complete()
  }

  private readBody(bytes: Buffer, at: number): number {
    this.armIdle()
    if (this.decoder) return this.readChunks(this.decoder, bytes, at)
    const end = this.framing === 'length' ? Math.min(bytes.length, at + this.remaining) : bytes.length
    this.remaining -= end - at
    this.onChunk(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end))
    if (this.framing === 'length' && this.remaining === 0 && this.state === 'body') this.complete()
    return end
  }

  private readChunks(decoder: ChunkedDecoder, bytes: Buffer, at: number): number {
    const end = decoder.decode(bytes, at, bytes.length, this)
    if (this.state !== 'body') return end
    if (decoder.fault !== '') this.invalid(decoder.fault)
    else if (decoder.isDone) this.complete(decoder.trailers)
    return end
  }

  /** One decoded piece of the response body; `false` stops the decoder. */
  onChunk(chunk: Uint8Array): boolean {
    if (this.call?.handler.onData(chunk) === false && this.state === 'body') this.isPaused = true
    return !this.isPaused && this.state === 'body'
  }

  private armIdle(): void {
    const idleMs = this.call?.timeouts.idleMs ?? 0
    if (idleMs > 0) this.timer.set(idleMs)
    else this.timer.clear()
  }

  private complete(trailers?: HeaderList): void {
    const { call } = this
    if (!call) return
    this.call = undefined
    this.decoder = undefined
    const isReusable = this.isKeepAlive && call.isUploaded && this.socket.writable
    this.state = 'idle'
    if (this.isPaused) {
      this.isPaused = false
      this.socket.resume()
    }
    if (!isReusable || !this.owner.keep(this)) this.destroy()
    if (call.finish()) call.handler.onEnd(trailers)
  }

  private handOver(call: PooledCall, headers: HeaderList): void {
    const { socket } = this
    this.state = 'upgraded'
    this.call = undefined
    this.timer.dispose()
    socket.off('drain', this.onDrain)
    socket.off('end', this.onEnd)
    if (!call.finish()) return
    if (call.handler.onUpgrade) call.handler.onUpgrade(headers, socket)
    else this.destroy()
  }

  // Ends

  private invalid(reason: string): void {
    this.fail(new UpstreamFailure('upstream_invalid', `The upstream's response is not valid: ${reason}`, true))
  }

  private onTimer(): void {
    const { state } = this
    if (state === 'idle') this.destroy()
    else if (state === 'connecting') {
      this.fail(new UpstreamFailure('upstream_timeout', 'The upstream did not accept the connection in time', false))
    } else {
      const what = state === 'head' ? 'The upstream did not answer in time' : 'The upstream stopped sending'
      this.fail(new UpstreamFailure('upstream_timeout', what, true))
    }
  }

  private readonly onEnd = (): void => {
    this.hasEnded = true
    // What is held back is handed on first; `resume` comes here again.
    if (this.isPaused) return
    if (this.state === 'body' && this.framing === 'until-close') this.complete()
    else this.lose()
  }

  private onClose(): void {
    if (this.state === 'upgraded') this.destroy()
    else if (!this.isPaused || !this.hasEnded || this.error) this.lose()
  }

  /** The upstream closed the connection. */
  private lose(): void {
    const { call, state, error } = this
    this.destroy()
    if (!call || state === 'closed') return
    if (state === 'connecting') {
      call.fail(new UpstreamFailure('upstream_unreachable', reasonOf(error, 'No connection'), false, error))
    } else if (this.hasAnswered) {
      const message = reasonOf(error, 'The upstream closed the connection inside its response')
      call.fail(new UpstreamFailure('upstream_truncated', message, true, error))
    } else if (this.isReused && call.isRepeatable) {
      call.isRepeatable = false
      this.owner.repeat(call)
    } else {
      const message = reasonOf(error, 'The upstream closed the connection without an answer')
      call.fail(new UpstreamFailure('upstream_unreachable', message, true, error))
    }
  }
}

const reasonOf = (error: Error | undefined, otherwise: string): string =>
  error === undefined ? otherwise : error.message || otherwise
