import { BYTE, TOKEN } from './characters.ts'
import { Refusal, type RequestHead, readRequestHead } from './gate.ts'
import { findHead } from './head-finder.ts'

const NOTHING: Buffer = Buffer.alloc(0)

/** Puts the heads of a connection's requests together, however they were cut into pieces. */
export class RequestReader {
  /** `performance.now()` when the first byte of the head arrived; 0 before. */
  startedAt = 0
  /** Where the head ended in the bytes that completed it. */
  end = 0
  private partial: Buffer = NOTHING
  private readonly maxBytes: number
  private readonly maxHeaders: number

  constructor(maxBytes: number, maxHeaders: number) {
    this.maxBytes = maxBytes
    this.maxHeaders = maxHeaders
  }

  /** Part of a head has arrived. */
  get isPartial(): boolean {
    return this.partial.length > 0
  }

  /** `chunk` with the part that came before it. */
  join(chunk: Buffer): Buffer {
    const whole = Buffer.concat([this.partial, chunk])
    this.partial = NOTHING
    return whole
  }

  /** Reads the head that begins at `start`. Undefined when more bytes are needed; all of `bytes` are taken then. */
  read(bytes: Buffer, start: number): RequestHead | Refusal | undefined {
    const at = this.startedAt === 0 ? this.start(bytes, start) : start
    if (at === bytes.length) return undefined
    const { text, length } = findHead(bytes, at, this.maxBytes)
    if (length === 0) return this.keep(bytes, at, text)
    this.end = at + length
    return readRequestHead({ bytes, text, base: at }, this.maxHeaders)
  }

  /** One empty line before a request is tolerated (RFC 9112 §2.2). */
  private start(bytes: Buffer, start: number): number {
    const isEmptyLine = bytes[start] === BYTE.cr && bytes[start + 1] === BYTE.lf
    const at = isEmptyLine ? start + 2 : start
    if (at < bytes.length) this.startedAt = performance.now()
    return at
  }

  private keep(bytes: Buffer, at: number, text: string): Refusal | undefined {
    if (bytes.length - at >= this.maxBytes) {
      return text.includes('\r\n')
        ? new Refusal(431, 'header section too large')
        : new Refusal(414, 'request target too long')
    }
    const isEmptyLine = text === '\r'
    if (TOKEN[bytes[at] as number] === 0 && !isEmptyLine) return new Refusal(400, 'invalid method')
    if (/(?<!\r)\n/.test(text)) return new Refusal(400, 'bare LF')
    this.partial = bytes.subarray(at)
    if (isEmptyLine) this.startedAt = 0
    return undefined
  }
}
