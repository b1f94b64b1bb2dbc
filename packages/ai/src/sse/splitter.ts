const LF = 0x0a
const CR = 0x0d

/** An event larger than this is no event: whoever holds one gives up instead of filling the memory. Bytes. */
export const MAX_EVENT_BYTES = 32 * 1024 * 1024

/** Takes one complete event: the bytes of `source` from `start` to `end`, its blank line included. Valid during the call. */
export type EachEvent = (source: Buffer, start: number, end: number) => void

/**
 * Cuts a byte stream into server-sent events (WHATWG HTML §9.2.5) wherever the network split it: lines may end in LF, CR
 * or CRLF, and a chunk may end inside of a character, a line ending or a byte order mark. Nothing is decoded.
 *
 * Every byte comes out again exactly once: in an event or in {@link EventSplitter.rest}.
 */
export class EventSplitter {
  #carry = Buffer.alloc(0)
  #carried = 0
  #isLineEmpty = true
  #isAfterCr = false

  /** Number of bytes held because their event is not complete. */
  get pending(): number {
    return this.#carried
  }

  /** Takes the next bytes and hands every event that is now complete to `each`. */
  push(chunk: Buffer, each: EachEvent): void {
    if (this.#carried === 0) {
      this.#keep(chunk, this.#scan(chunk, 0, chunk.length, each))
      return
    }
    const from = this.#carried
    this.#append(chunk)
    const kept = this.#scan(this.#carry, from, this.#carried, each)
    if (kept === 0) return
    this.#carry.copyWithin(0, kept, this.#carried)
    this.#carried -= kept
  }

  /** Hands out the bytes of an event that never ended, and forgets them. */
  rest(): Buffer {
    const rest = Buffer.from(this.#carry.subarray(0, this.#carried))
    this.#carried = 0
    return rest
  }

  #scan(source: Buffer, from: number, end: number, each: EachEvent): number {
    const cr = this.#isAfterCr ? from : source.indexOf(CR, from)
    return cr < 0 || cr >= end ? this.#scanLines(source, from, end, each) : this.#scanBytes(source, from, end, each)
  }

  // Only LF ends lines here, so native searches find them.
  #scanLines(source: Buffer, from: number, end: number, each: EachEvent): number {
    let start = 0
    let lineStart = this.#isLineEmpty ? from : -1
    for (let at = source.indexOf(LF, from); at >= 0 && at < end; at = source.indexOf(LF, at + 1)) {
      if (at === lineStart) {
        each(source, start, at + 1)
        start = at + 1
      }
      lineStart = at + 1
    }
    this.#isLineEmpty = lineStart === end
    return start
  }

  // Returns where the first incomplete event starts. `from` is the first byte that was not looked at before.
  #scanBytes(source: Buffer, from: number, end: number, each: EachEvent): number {
    let start = 0
    let isLineEmpty = this.#isLineEmpty
    let isAfterCr = this.#isAfterCr
    for (let i = from; i < end; i++) {
      const byte = source[i]
      if (byte === LF && isAfterCr) isAfterCr = false
      else if (byte === LF || byte === CR) {
        isAfterCr = byte === CR
        if (isLineEmpty) {
          // The LF of a CRLF belongs to the same line ending, wherever the chunk was cut.
          if (byte === CR && source[i + 1] === LF && i + 1 < end) {
            i++
            isAfterCr = false
          }
          each(source, start, i + 1)
          start = i + 1
        }
        isLineEmpty = true
      } else {
        isLineEmpty = false
        isAfterCr = false
      }
    }
    this.#isLineEmpty = isLineEmpty
    this.#isAfterCr = isAfterCr
    return start
  }

  #keep(chunk: Buffer, from: number): void {
    if (from < chunk.length) this.#append(chunk.subarray(from))
  }

  #append(bytes: Buffer): void {
    const needed = this.#carried + bytes.length
    if (needed > this.#carry.length) {
      const grown = Buffer.allocUnsafe(Math.max(1024, needed, this.#carry.length * 2))
      this.#carry.copy(grown, 0, 0, this.#carried)
      this.#carry = grown
    }
    bytes.copy(this.#carry, this.#carried)
    this.#carried = needed
  }
}
