const FIRST_BYTES = 256 * 1024
/** A larger one, which a slow disk made grow, is not kept. */
const KEPT_BYTES = 4 * 1024 * 1024
/** Most bytes of UTF-8 that one unit of a string becomes. */
const BYTES_PER_UNIT = 3
const NEWLINE = 10

/**
 * Lines on their way to a disk. They are encoded when they come and lie outside the heap: what waits there as objects
 * would be walked through, and copied, by every garbage collection.
 */
export class LineBuffer {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES)
  #size = 0
  #lines = 0

  /** How many. */
  get lines(): number {
    return this.#lines
  }

  /** Adds a line; `text` holds no newline. */
  append(text: string): void {
    const needed = this.#size + text.length * BYTES_PER_UNIT + 1
    if (needed > this.#bytes.length) this.#grow(needed)
    this.#size += this.#bytes.write(text, this.#size)
    this.#bytes[this.#size++] = NEWLINE
    this.#lines++
  }

  /** The first lines, newlines included, that fit into `room` bytes. Valid until the next change. */
  within(room: number): { readonly data: Buffer; readonly lines: number } {
    if (this.#size <= room) return { data: this.#bytes.subarray(0, this.#size), lines: this.#lines }
    let [end, lines] = [0, 0]
    for (let at = this.#next(0); at >= 0 && at < room; at = this.#next(end)) {
      end = at + 1
      lines++
    }
    return { data: this.#bytes.subarray(0, end), lines }
  }

  clear(): void {
    if (this.#bytes.length > KEPT_BYTES) this.#bytes = Buffer.allocUnsafeSlow(FIRST_BYTES)
    this.#size = 0
    this.#lines = 0
  }

  #next(from: number): number {
    const at = this.#bytes.indexOf(NEWLINE, from)
    return at < this.#size ? at : -1
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2))
    this.#bytes.copy(larger, 0, 0, this.#size)
    this.#bytes = larger
  }
}
