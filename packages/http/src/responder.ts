import type { Duplex } from 'node:stream'
import type { HeaderList } from '@konnect/contract'
import { assertPlain, currentDateLine, fieldLines, statusLine } from './message-writer.ts'
import type { Responder } from './ports.ts'
import type { WireOutput } from './wire-output.ts'

/** What a responder needs to know of its connection and its request. */
export interface ResponderOwner {
  readonly output: WireOutput
  /**
   * False when the connection has to close after this response. Asked when the head is written; `isDelimited` says that
   * the client can tell where the response ends.
   */
  mayKeepAlive(isDelimited: boolean): boolean
  /** The response is complete; every byte was handed to the socket. */
  onResponseEnd(): void
  /** The client is slow; the responder's `onDrain` is to be called when it caught up. */
  onResponseStall(): void
  detach(): Duplex
  destroy(): void
}

export interface AnsweredRequest {
  readonly method: string
  readonly version: '1.0' | '1.1'
  readonly upgrade: string | undefined
}

type BodyForm = 'none' | 'length' | 'chunked' | 'until-close'

/** Writes one response to one HTTP/1 connection (RFC 9112 §6). */
export class HttpResponder implements Responder {
  isHeadSent = false
  isDone = false
  bytesWritten = 0
  onDrain: (() => void) | undefined = undefined
  onClose: (() => void) | undefined = undefined
  private readonly owner: ResponderOwner
  private readonly request: AnsweredRequest
  private form: BodyForm = 'none'
  private remaining = 0

  constructor(owner: ResponderOwner, request: AnsweredRequest) {
    this.owner = owner
    this.request = request
  }

  head(status: number, headers: HeaderList, bodyLength?: number): void {
    if (this.isDone) return
    if (this.isHeadSent) throw new Error('The response head was already sent')
    const isBodiless = this.request.method === 'HEAD' || status === 204 || status === 304
    const isLengthless = bodyLength === undefined && !isBodiless
    const isChunked = isLengthless && this.request.version === '1.1'
    const isKeepAlive = this.owner.mayKeepAlive(isChunked || !isLengthless)

    let text = statusLine(status) + fieldLines(headers)
    if (isChunked) {
      text += 'transfer-encoding: chunked\r\n'
    } else if (bodyLength !== undefined && status !== 204 && status !== 304) {
      text += `content-length: ${bodyLength}\r\n`
    }
    if (!isKeepAlive || this.request.version === '1.0') {
      text += isKeepAlive ? 'connection: keep-alive\r\n' : 'connection: close\r\n'
    }
    if (!headers.includes('date')) {
      text += currentDateLine()
    }
    text += '\r\n'
    assertPlain(text)
    this.isHeadSent = true
    this.form = isBodiless ? 'none' : isChunked ? 'chunked' : isLengthless ? 'until-close' : 'length'
    this.remaining = bodyLength ?? 0
    this.writeText(text)
  }

  write(chunk: Uint8Array): boolean {
    if (this.isDone || this.form === 'none' || chunk.byteLength === 0) return true
    const { output } = this.owner
    if (this.form === 'chunked') {
      const size = `${chunk.byteLength.toString(16)}\r\n`
      this.writeText(size)
      this.writeBytes(chunk)
      this.writeText('\r\n')
    } else {
      if (this.form === 'length') {
        this.remaining -= chunk.byteLength
        if (this.remaining < 0) return this.breakOff()
      }
      this.writeBytes(chunk)
      if (this.form === 'length' && this.remaining === 0) output.flush()
    }
    if (output.isReady) return true
    this.owner.onResponseStall()
    return false
  }

  end(trailers?: HeaderList): void {
    if (this.isDone) return
    if (!this.isHeadSent) throw new Error('The response has no head yet')
    if (this.form === 'length' && this.remaining !== 0) {
      this.destroy()
      return
    }
    if (this.form === 'chunked') this.writeText(trailers === undefined ? '0\r\n\r\n' : trailerSection(trailers))
    this.finish()
  }

  send(status: number, headers: HeaderList, body: string | Uint8Array): void {
    if (this.isDone) return
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    this.head(status, headers, bytes.byteLength)
    this.write(bytes)
    if (!this.isDone) this.finish()
  }

  informational(status: number, headers: HeaderList): void {
    if (this.isDone || this.isHeadSent || this.request.version === '1.0' || status === 101) return
    const text = `${statusLine(status)}${fieldLines(headers)}\r\n`
    assertPlain(text)
    this.writeText(text)
  }

  upgrade(headers: HeaderList): Duplex {
    const protocol = this.request.upgrade
    if (this.isDone || this.isHeadSent || protocol === undefined) throw new Error('The request cannot be upgraded')
    const text = `${statusLine(101)}connection: upgrade\r\nupgrade: ${protocol}\r\n${fieldLines(headers)}\r\n`
    assertPlain(text)
    this.isHeadSent = true
    this.isDone = true
    this.writeText(text)
    this.owner.output.flush()
    return this.owner.detach()
  }

  destroy(): void {
    if (this.isDone) return
    this.isDone = true
    this.onClose = undefined
    this.onDrain = undefined
    this.owner.destroy()
  }

  /** The connection calls this when its client went away. */
  lose(): void {
    if (this.isDone) return
    this.isDone = true
    const { onClose } = this
    this.onClose = undefined
    this.onDrain = undefined
    onClose?.()
  }

  private finish(): void {
    this.isDone = true
    this.onClose = undefined
    this.onDrain = undefined
    this.owner.output.flush()
    this.owner.onResponseEnd()
  }

  /** More bytes than announced: nothing that could be sent now would be true. */
  private breakOff(): true {
    this.destroy()
    return true
  }

  private writeText(text: string): void {
    this.bytesWritten += text.length
    this.owner.output.text(text)
  }

  private writeBytes(chunk: Uint8Array): void {
    this.bytesWritten += chunk.byteLength
    this.owner.output.bytes(chunk)
  }
}

function trailerSection(trailers: HeaderList): string {
  const text = `0\r\n${fieldLines(trailers)}\r\n`
  assertPlain(text)
  return text
}
