import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { GatewayError } from '@konnect/contract'
import { Refusal, type RequestHead } from './gate.ts'
import type { ListenerLimits, ListenerOptions, RequestHandler } from './ports.ts'
import { type BodyOwner, RequestBody } from './request-body.ts'
import { RequestReader } from './request-reader.ts'
import { HttpResponder, type ResponderOwner } from './responder.ts'
import { sharedWheel, type WheelTimer } from './timer-wheel.ts'
import { WireOutput } from './wire-output.ts'

/** What all connections of a listener share. */
export interface ConnectionContext {
  readonly handler: RequestHandler
  readonly limits: Required<ListenerLimits>
  readonly isSecure: boolean
  readonly onRefused: ListenerOptions['onRefused']
  /** True once the listener closes: connections end after the response they are at. */
  isClosing: boolean
  onGone(connection: ServerConnection): void
}

/**
 * `head`: a request is awaited. `body`: its body is. `answer`: only the response is missing. `closing`: whatever comes is
 * thrown away. `upgraded`: the socket belongs to somebody else.
 */
type State = 'head' | 'body' | 'answer' | 'closing' | 'upgraded'

const NOTHING: Buffer = Buffer.alloc(0)
/** What is read of an upload that was answered before its end, so that the client sees the answer and not a reset. */
const DRAIN_BYTES = 512 * 1024
const DRAIN_MS = 2_000
/** How long a connection without any request stays open while the listener closes. */
const FIRST_REQUEST_MS = 1_000
/** How a socket that listens to both families names a client of the older one. */
const MAPPED_IPV4 = /^::ffff:(?=\d+\.)/

/** One client connection: reads requests through the gate one after the other, and answers each before the next. */
export class ServerConnection implements ResponderOwner, BodyOwner {
  readonly output: WireOutput
  private readonly socket: Socket
  private readonly context: ConnectionContext
  private readonly reader: RequestReader
  private readonly remoteAddress: string
  private readonly timer: WheelTimer
  private state: State = 'head'
  /** Bytes that cannot be handed on yet; while there are any, the socket is paused. */
  private held: Buffer = NOTHING
  private isProcessing = false
  private isPaused = false
  private isKeepAlive = true
  private isUsed = false
  private isStalled = false
  private isGone = false
  private awaitsContinue = false
  private body: RequestBody | undefined
  private responder: HttpResponder | undefined
  private drained = 0

  constructor(socket: Socket, context: ConnectionContext) {
    const { limits } = context
    this.socket = socket
    this.context = context
    this.reader = new RequestReader(limits.maxHeadBytes, limits.maxHeaders)
    this.output = new WireOutput(socket)
    this.remoteAddress = (socket.remoteAddress ?? '').replace(MAPPED_IPV4, '')
    this.timer = sharedWheel.timer(() => this.onTimer())
    this.timer.set(limits.keepAliveMs)
    socket.on('data', this.onData)
    socket.on('drain', this.onDrain)
    socket.on('end', this.onEnd)
    // Whatever went wrong, `close` follows.
    socket.on('error', () => {})
    socket.on('close', () => this.onClose())
    // Set only while the client is slow; Node counts partial writes as progress, which a timer of ours could not see.
    socket.on('timeout', () => this.destroy())
  }

  /** The listener closes. A connection that just came has its first request on the way; closing it would fail that. */
  shutDown(): void {
    if (this.state !== 'head' || this.reader.isPartial) return
    if (this.isUsed) this.socket.destroy()
    else this.timer.set(FIRST_REQUEST_MS)
  }

  destroy(): void {
    this.socket.destroy()
    this.onClose()
  }

  // Reading

  private readonly onData = (chunk: Buffer): void => {
    if (this.isGone) return
    if (this.held.length > 0) this.held = Buffer.concat([this.held, chunk])
    else this.process(this.reader.isPartial ? this.reader.join(chunk) : chunk)
  }

  private process(bytes: Buffer): void {
    this.isProcessing = true
    try {
      this.processAll(bytes)
    } catch (error) {
      this.onFault(error)
    }
    this.isProcessing = false
  }

  private processAll(bytes: Buffer): void {
    let at = 0
    while (at < bytes.length && !this.isGone) {
      if (this.state === 'head') at = this.readHead(bytes, at)
      else if (this.state === 'body' && this.body?.isFlowing) at = this.readBody(this.body, bytes, at)
      else if (this.state === 'closing') at = this.discard(bytes, at)
      else {
        if (this.state === 'upgraded') this.socket.unshift(bytes.subarray(at))
        else this.hold(bytes.subarray(at))
        break
      }
    }
  }

  private hold(rest: Buffer): void {
    this.held = rest
    if (this.isPaused) return
    this.isPaused = true
    this.socket.pause()
  }

  private proceed(): void {
    if (this.isProcessing || this.isGone) return
    const { held } = this
    if (held.length > 0) {
      this.held = NOTHING
      this.process(held)
    }
    if (this.held.length > 0 || !this.isPaused || this.state === 'upgraded') return
    this.isPaused = false
    this.socket.resume()
  }

  private readHead(bytes: Buffer, at: number): number {
    const { reader } = this
    const head = reader.read(bytes, at)
    if (head === undefined) {
      const { headTimeoutMs } = this.context.limits
      if (reader.startedAt > 0) this.timer.set(headTimeoutMs - (performance.now() - reader.startedAt))
      return bytes.length
    }
    if (head instanceof Refusal) {
      this.refuse(head)
      return bytes.length
    }
    this.begin(head)
    return reader.end
  }

  private begin(head: RequestHead): void {
    const { method, path, query, host, headers, version, upgrade } = head
    const { remoteAddress, context } = this
    const { isSecure } = context
    const receivedAt = this.reader.startedAt
    this.reader.startedAt = 0
    this.isKeepAlive = head.isKeepAlive
    this.isUsed = true
    this.awaitsContinue = head.expectsContinue
    this.drained = 0
    const body = new RequestBody(this, head.framing)
    const responder = new HttpResponder(this, head)
    this.body = body
    this.responder = responder
    this.state = body.isComplete ? 'answer' : 'body'
    this.timer.clear()
    context.handler(
      { method, path, query, host, headers, version, body, remoteAddress, isSecure, receivedAt, upgrade },
      responder,
    )
  }

  private readBody(body: RequestBody, bytes: Buffer, at: number): number {
    this.awaitsContinue = false
    const end = body.receive(bytes, at)
    if (this.state !== 'body' || this.isGone) return end
    if (body.fault !== '') this.failBody('malformed_request', body.fault)
    else if (body.isComplete) this.onBodyComplete()
    else if (body.isCancelled) this.countDrained(end - at)
    else this.timer.set(this.context.limits.bodyIdleMs)
    return end
  }

  private onBodyComplete(): void {
    this.timer.clear()
    this.state = 'answer'
    if (this.responder?.isDone) this.finishExchange()
  }

  private failBody(code: 'malformed_request' | 'request_timeout', reason: string): void {
    const { body, responder } = this
    const error = new GatewayError(code, { reason })
    this.isKeepAlive = false
    this.state = 'closing'
    this.timer.set(DRAIN_MS)
    body?.fail(error)
    // Whoever handles the request may answer in its own words; a client that nobody answers still learns what was wrong.
    setImmediate(() => {
      if (!this.isGone && responder && !responder.isHeadSent) this.refuse(new Refusal(error.status, reason))
    })
  }

  private discard(bytes: Buffer, at: number): number {
    this.countDrained(bytes.length - at)
    return bytes.length
  }

  private countDrained(bytes: number): void {
    this.drained += bytes
    if (this.drained > DRAIN_BYTES && this.responder?.isDone !== false) this.destroy()
  }

  onBodyWanted(): void {
    if (this.awaitsContinue) {
      this.awaitsContinue = false
      if (!this.responder?.isHeadSent) this.output.text('HTTP/1.1 100 Continue\r\n\r\n')
    }
    if (this.state !== 'body') return
    this.timer.set(this.context.limits.bodyIdleMs)
    this.proceed()
  }

  onBodyCancelled(): void {
    this.proceed()
  }

  // Answering

  mayKeepAlive(isDelimited: boolean): boolean {
    if (!isDelimited || this.context.isClosing || this.isUploadUnwelcome()) this.isKeepAlive = false
    return this.isKeepAlive
  }

  /** Nobody reads the upload, and the rest of it is not worth waiting for, or may never come. */
  private isUploadUnwelcome(): boolean {
    const { body } = this
    if (body === undefined || body.isComplete || (body.isStarted && !body.isCancelled)) return false
    return this.awaitsContinue || (body.length ?? 0) > DRAIN_BYTES
  }

  onResponseEnd(): void {
    if (this.state === 'answer') this.finishExchange()
    else if (this.state === 'body') this.abandonUpload()
    else if (this.state === 'closing') this.close()
  }

  /** The response ended before the upload did: what is under way is read and thrown away, within bounds. */
  private abandonUpload(): void {
    const { body } = this
    // The last chunk may just be on its way to the sink; then the exchange ends with it.
    if (body?.isComplete) {
      if (!this.isProcessing) this.onBodyComplete()
      return
    }
    this.timer.set(DRAIN_MS)
    body?.cancel()
    if (!this.isKeepAlive) this.close()
  }

  private finishExchange(): void {
    this.body = undefined
    this.responder = undefined
    if (!this.isKeepAlive || this.context.isClosing) {
      this.close()
      return
    }
    this.state = 'head'
    this.timer.set(this.context.limits.keepAliveMs)
    if (this.held.length > 0) this.proceed()
  }

  /** Sends what is left and closes; the client has a moment to read it (RFC 9112 §9.6). */
  private close(): void {
    this.state = 'closing'
    this.isKeepAlive = false
    this.timer.set(DRAIN_MS)
    this.output.flush()
    this.socket.end()
    this.proceed()
  }

  private refuse({ status, reason }: Refusal, detail = reason): void {
    const responder = this.responder ?? new HttpResponder(this, { method: 'GET', version: '1.1', upgrade: undefined })
    this.responder = responder
    this.state = 'closing'
    this.isKeepAlive = false
    const { onClose } = responder
    responder.send(status, ['content-type', 'text/plain; charset=utf-8'], `${reason}\n`)
    this.context.onRefused?.({ status, reason: detail, remoteAddress: this.remoteAddress })
    onClose?.()
  }

  /** The handler, or what it made the body flow into, threw: that is no reason to let the other clients down. */
  private onFault(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error)
    if (this.responder?.isHeadSent || this.state === 'closing') this.destroy()
    else this.refuse(new Refusal(500, 'internal error'), reason)
  }

  onResponseStall(): void {
    if (this.isStalled) return
    this.isStalled = true
    this.socket.setTimeout(this.context.limits.bodyIdleMs)
  }

  private readonly onDrain = (): void => {
    if (!this.isStalled) return
    this.isStalled = false
    this.socket.setTimeout(0)
    this.responder?.onDrain?.()
  }

  detach(): Duplex {
    const { socket } = this
    this.state = 'upgraded'
    this.timer.dispose()
    socket.setTimeout(0)
    socket.off('data', this.onData)
    socket.off('drain', this.onDrain)
    socket.off('end', this.onEnd)
    // As after `node:http`'s own upgrade: it flows once somebody listens.
    Reflect.set(socket, 'readableFlowing', null)
    if (this.held.length > 0) socket.unshift(this.held)
    this.held = NOTHING
    return socket
  }

  // Ends

  private onTimer(): void {
    if (this.state === 'head' && this.reader.isPartial) {
      this.refuse(new Refusal(408, 'the request head did not arrive in time'))
    } else if (this.state === 'body' && !this.responder?.isDone) {
      const isClientSilent = this.body?.isFlowing === true && this.held.length === 0
      if (isClientSilent) this.failBody('request_timeout', 'the request body stopped arriving')
    } else if (this.state !== 'answer') this.destroy()
  }

  private readonly onEnd = (): void => {
    if (this.state === 'closing' || this.responder === undefined) this.socket.end()
    else this.destroy()
  }

  private onClose(): void {
    if (this.isGone) return
    this.isGone = true
    this.timer.dispose()
    const { body, responder } = this
    this.body = undefined
    this.responder = undefined
    this.held = NOTHING
    this.context.onGone(this)
    // In this order, so that whoever holds the responder knows why the body broke off.
    responder?.lose()
    body?.fail(new GatewayError('client_closed'))
  }
}
