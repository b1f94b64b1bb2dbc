const AT_MOST_BYTES = 1024 * 1024

/** What of a stream is ready for the client but does not leave while another deployment could still answer. */
export class HeldOutput {
  readonly #chunks: Uint8Array[] = []
  #size = 0

  /** Takes a copy. */
  add(chunk: Uint8Array): void {
    this.#chunks.push(Uint8Array.prototype.slice.call(chunk))
    this.#size += chunk.byteLength
  }

  /** True from 1 MB on: too much to wait any longer. */
  get isFull(): boolean {
    return this.#size >= AT_MOST_BYTES
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks)
  }
}
