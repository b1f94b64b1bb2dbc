const NEWLINE = 10
const NOTHING = Buffer.alloc(0)
const SPACES = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf])

/** Cuts a stream of bytes into lines. Holds at most one line that is not complete. */
export class LineCutter {
  #parts: Buffer[] = []
  #pending = 0

  /** The lines that are complete now, each with its newline, as one piece. */
  push(chunk: Uint8Array): Buffer {
    const last = chunk.lastIndexOf(NEWLINE)
    const whole = last === -1 ? NOTHING : Buffer.concat([...this.#parts, chunk.subarray(0, last + 1)])
    if (last !== -1) this.#clear()
    if (last + 1 < chunk.length) {
      this.#parts.push(Buffer.from(chunk.subarray(last + 1)))
      this.#pending += chunk.length - last - 1
    }
    return whole
  }

  /** Bytes of the line that is not complete yet. */
  get pending(): number {
    return this.#pending
  }

  /** Whether the first byte of that line, white space and a byte order mark aside, is this one or has yet to come. */
  begins(byte: number): boolean {
    for (const part of this.#parts) {
      for (const each of part) if (!SPACES.has(each)) return each === byte
    }
    return true
  }

  /** The last line, which no newline ended. */
  rest(): Buffer {
    const rest = Buffer.concat(this.#parts)
    this.#clear()
    return rest
  }

  #clear(): void {
    this.#parts = []
    this.#pending = 0
  }
}

/** Each line of a piece, with its newline. */
export function* linesOf(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start)
    const end = newline === -1 ? bytes.length : newline + 1
    yield bytes.subarray(start, end)
    start = end
  }
}
