import type { HeaderList } from '@konnect/contract'
import { BYTE, HEX } from './characters.ts'
import { FieldFacts, readFields } from './field-section.ts'

/** Where decoded chunks go. `false` pauses the decoder after the chunk. */
export interface ChunkTarget {
  onChunk(bytes: Uint8Array): boolean
}

const MAX_LINE_BYTES = 1024
const MAX_EXTENSION_BYTES = 16 * 1024
const MAX_TRAILER_BYTES = 8 * 1024
const MAX_SIZE_DIGITS = 13
const SIZE_LINE =
  /^[0-9A-Fa-f]+(?:[ \t]*;[ \t]*[!#$%&'*+.^_`|~\w-]+(?:[ \t]*=[ \t]*(?:[!#$%&'*+.^_`|~\w-]+|"(?:[\t !#-[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*"))?)*$/

/** Fields that decide framing, routing, identity or how content is read, and so may not come after it (RFC 9110 §6.5.1). */
const FORBIDDEN_TRAILERS = new Set(
  `transfer-encoding content-length host connection te trailer upgrade keep-alive proxy-connection content-encoding
  content-type content-range authorization proxy-authorization cookie set-cookie cache-control expect max-forwards
  pragma range if-match if-none-match if-modified-since if-unmodified-since if-range`.split(/\s+/),
)

type State = 'size' | 'data' | 'data-end' | 'trailers' | 'done'

/**
 * Decodes a chunked body (RFC 9112 §7.1) that arrives in pieces of any size, strictly: bare LF, a size without digits or
 * with too many, a broken extension or a missing CRLF is a fault. Chunks leave as views, as soon as any of their bytes
 * arrived; only size lines and trailers are ever held back.
 */
export class ChunkedDecoder {
  /** Why decoding stopped; empty as long as all is well. */
  fault = ''
  isDone = false
  /** Fields after the last chunk, without the ones that may not stand there. Undefined before the end, or without any. */
  trailers: HeaderList | undefined
  /** True when a field that may not stand in a trailer was left out. */
  hasForbiddenTrailers = false
  private state: State = 'size'
  private remaining = 0
  private extensionBytes = 0
  private line = ''

  /** Decodes from `position` up to `end`. Returns where it stopped: before `end` only at the end, a fault or a pause. */
  decode(bytes: Uint8Array, position: number, end: number, target: ChunkTarget): number {
    let at = position
    while (at < end && this.fault === '') {
      switch (this.state) {
        case 'size':
          at = this.readSize(bytes, at, end)
          break
        case 'data': {
          const stop = Math.min(end, at + this.remaining)
          const chunk = bytes.subarray(at, stop)
          this.remaining -= stop - at
          at = stop
          if (this.remaining === 0) this.state = 'data-end'
          if (!target.onChunk(chunk)) return at
          break
        }
        case 'data-end':
          at = this.readDataEnd(bytes, at)
          break
        case 'trailers':
          at = this.readTrailers(bytes, at, end)
          break
        case 'done':
          return at
      }
    }
    return at
  }

  private readSize(bytes: Uint8Array, position: number, end: number): number {
    if (this.line === '') {
      const fast = this.readPlainSize(bytes, position, end)
      if (fast > 0) return fast
    }
    const at = this.readLine(bytes, position, end, MAX_LINE_BYTES)
    if (this.fault !== '' || !this.line.endsWith('\r\n')) return at
    const line = this.line.slice(0, -2)
    this.line = ''
    const digits = /^[0-9A-Fa-f]*/.exec(line)?.[0] ?? ''
    this.extensionBytes += line.length - digits.length
    if (!SIZE_LINE.test(line) || digits.length > MAX_SIZE_DIGITS) return this.fail('invalid chunk size', at)
    if (this.extensionBytes > MAX_EXTENSION_BYTES) return this.fail('chunk extensions too large', at)
    this.startChunk(Number.parseInt(digits, 16))
    return at
  }

  /** A size line without extension that lies in one piece; 0 when it is anything else. */
  private readPlainSize(bytes: Uint8Array, position: number, end: number): number {
    let at = position
    let size = 0
    let digit = HEX[bytes[at] as number] as number
    while (digit < 16 && at < end) {
      size = size * 16 + digit
      digit = HEX[bytes[++at] as number] as number
    }
    if (at === position || at - position > MAX_SIZE_DIGITS || at + 1 >= end) return 0
    if (bytes[at] !== BYTE.cr || bytes[at + 1] !== BYTE.lf) return 0
    this.startChunk(size)
    return at + 2
  }

  private startChunk(size: number): void {
    this.remaining = size
    this.state = size === 0 ? 'trailers' : 'data'
  }

  private readDataEnd(bytes: Uint8Array, position: number): number {
    const expected = this.line === '' ? BYTE.cr : BYTE.lf
    if (bytes[position] !== expected) return this.fail('chunk without CRLF at its end', position)
    if (this.line === '') this.line = '\r'
    else {
      this.line = ''
      this.state = 'size'
    }
    return position + 1
  }

  private readTrailers(bytes: Uint8Array, position: number, end: number): number {
    let at = position
    // Line by line, so that the end of the section is never looked for behind it.
    do {
      const before = this.line.length
      at = this.readLine(bytes, at, end, MAX_TRAILER_BYTES)
      if (this.fault !== '' || !this.line.endsWith('\r\n')) return at
      if (this.line === '\r\n' || (this.line.endsWith('\r\n\r\n') && before > 0)) return this.finish(at)
    } while (at < end)
    return at
  }

  private finish(at: number): number {
    const text = this.line
    this.line = ''
    this.state = 'done'
    this.isDone = true
    if (text === '\r\n') return at
    const fields: HeaderList = []
    const facts = new FieldFacts()
    const bytes = Buffer.from(text, 'latin1')
    if (!readFields({ bytes, text, base: 0 }, 0, false, facts, fields)) return this.fail(facts.fault, at)
    const allowed: HeaderList = []
    for (let i = 0; i < fields.length; i += 2) {
      if (FORBIDDEN_TRAILERS.has(fields[i] ?? '')) this.hasForbiddenTrailers = true
      else allowed.push(fields[i] ?? '', fields[i + 1] ?? '')
    }
    if (allowed.length > 0) this.trailers = allowed
    return at
  }

  /** Adds bytes up to and with the next LF to `line`; it may stay without one when the piece ends first. */
  private readLine(bytes: Uint8Array, position: number, end: number, maxBytes: number): number {
    let at = position
    while (at < end) {
      const byte = bytes[at++] as number
      if (byte === BYTE.lf) {
        const isAfterCr = at - 2 >= position ? bytes[at - 2] === BYTE.cr : this.line.endsWith('\r')
        if (!isAfterCr) return this.fail('bare LF', at)
        break
      }
    }
    this.line += Buffer.from(bytes.buffer, bytes.byteOffset + position, at - position).toString('latin1')
    return this.line.length > maxBytes ? this.fail('chunk line or trailers too large', at) : at
  }

  private fail(fault: string, at: number): number {
    this.fault = fault
    return at
  }
}
