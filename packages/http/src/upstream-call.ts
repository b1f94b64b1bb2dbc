import type { BodySink, BodySource } from '@konnect/contract'
import { assertPlain, fieldLines, requestLine } from './message-writer.ts'
import {
  type UpstreamCall,
  UpstreamFailure,
  type UpstreamHandler,
  type UpstreamRequest,
  type UpstreamTimeouts,
} from './ports.ts'
import type { UpstreamConnection } from './upstream-connection.ts'

const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])
const METHODS_WITH_CONTENT = new Set(['POST', 'PUT', 'PATCH'])

/** One request and its response, on whatever connection carries them. */
export class PooledCall implements UpstreamCall {
  readonly request: UpstreamRequest
  readonly handler: UpstreamHandler
  readonly timeouts: UpstreamTimeouts
  /** The request head as it goes on the wire. */
  readonly head: string
  /** Undefined when nothing follows the head. */
  readonly body: BodySource | undefined
  /** Set while a connection carries the call. */
  connection: UpstreamConnection | undefined
  isUploaded: boolean
  isRepeatable: boolean
  private isDone = false
  private readonly onDone: () => void

  constructor(request: UpstreamRequest, handler: UpstreamHandler, timeouts: UpstreamTimeouts, onDone: () => void) {
    const { body } = request
    this.request = request
    this.handler = handler
    this.timeouts = timeouts
    this.onDone = onDone
    this.body = body === undefined || body.isEmpty ? undefined : body
    this.isUploaded = this.body === undefined
    this.isRepeatable = this.isUploaded && request.upgrade === undefined && IDEMPOTENT.has(request.method)
    this.head = headOf(request, this.body)
  }

  resume(): void {
    this.connection?.resume()
  }

  abort(): void {
    if (this.isDone) return
    const { connection } = this
    this.finish()
    connection?.destroy()
  }

  /** Ends the call; true the first time. What is left of the upload is given up. */
  finish(): boolean {
    if (this.isDone) return false
    this.isDone = true
    this.connection = undefined
    if (!this.isUploaded) this.body?.cancel()
    this.onDone()
    return true
  }

  fail(failure: UpstreamFailure): void {
    if (this.finish()) this.handler.onError(failure)
  }
}

function headOf(request: UpstreamRequest, body: BodySource | undefined): string {
  const { headers, method, upgrade } = request
  let text = requestLine(method, request.target) + fieldLines(headers)
  if (upgrade !== undefined) {
    text += `connection: upgrade\r\nupgrade: ${upgrade}\r\n`
  }
  const length = body === undefined && METHODS_WITH_CONTENT.has(method) ? 0 : body?.length
  if (length !== undefined) {
    text += `content-length: ${length}\r\n`
  } else if (body !== undefined) {
    text += 'transfer-encoding: chunked\r\n'
  }
  text += '\r\n'
  assertPlain(text)
  return text
}

/** Writes a request body to the connection that carries the call. */
export class Upload implements BodySink {
  private readonly call: PooledCall
  private readonly connection: UpstreamConnection
  private readonly isChunked: boolean
  private remaining: number

  constructor(call: PooledCall, connection: UpstreamConnection) {
    this.call = call
    this.connection = connection
    this.isChunked = call.body?.length === undefined
    this.remaining = call.body?.length ?? 0
  }

  write(chunk: Uint8Array): boolean {
    const { output } = this.connection
    if (this.call.connection !== this.connection || chunk.byteLength === 0) return true
    if (this.isChunked) {
      output.text(`${chunk.byteLength.toString(16)}\r\n`)
      output.bytes(chunk)
      output.text('\r\n')
    } else {
      this.remaining -= chunk.byteLength
      if (this.remaining < 0) return this.breakOff('The request body is longer than announced')
      output.bytes(chunk)
      if (this.remaining === 0) output.flush()
    }
    this.connection.onUploadProgress()
    return output.isReady || this.connection.stall()
  }

  end(trailers?: string[]): void {
    if (this.call.connection !== this.connection) return
    if (this.remaining > 0) {
      this.breakOff('The request body is shorter than announced')
      return
    }
    if (this.isChunked) {
      const section = trailers === undefined ? '0\r\n\r\n' : `0\r\n${fieldLines(trailers)}\r\n`
      assertPlain(section)
      this.connection.output.text(section)
    }
    this.call.isUploaded = true
    this.connection.output.flush()
    this.connection.onUploadProgress()
  }

  fail(error: Error): void {
    this.breakOff('The request body broke off', error)
  }

  private breakOff(message: string, cause?: Error): true {
    if (this.call.connection !== this.connection) return true
    this.call.isUploaded = true
    this.connection.fail(new UpstreamFailure('upstream_truncated', message, true, cause))
    return true
  }
}
