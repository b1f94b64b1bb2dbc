const FIRST_BYTES = 1024
const KEPT_BYTES = 64 * 1024

/**
 * The bytes of one message after the other, in one piece: what pieces they came in costs no memory. `bytes` is only good
 * until the next change.
 */
export class MessageBuffer {
  #memory: Buffer = Buffer.alloc(0)
  #size = 0

  get size(): number {
    return this.#size
  }

  get bytes(): Buffer {
    return this.#memory.subarray(0, this.#size)
  }

  add(piece: Buffer): void {
    const size = this.#size + piece.length
    if (size > this.#memory.length) this.#grow(size)
    piece.copy(this.#memory, this.#size)
    this.#size = size
  }

  /** Takes a mask off what was added from `start` on (RFC 6455 §5.3). */
  unmask(start: number, mask: Buffer): void {
    const memory = this.#memory
    for (let at = start; at < this.#size; at++) memory[at] = (memory[at] ?? 0) ^ (mask[(at - start) & 3] ?? 0)
  }

  /** Forgets all; memory of a long message is given back. */
  clear(): void {
    this.#size = 0
    if (this.#memory.length > KEPT_BYTES) this.#memory = Buffer.alloc(0)
  }

  #grow(size: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(size, this.#memory.length * 2, FIRST_BYTES))
    this.#memory.copy(larger, 0, 0, this.#size)
    this.#memory = larger
  }
}
