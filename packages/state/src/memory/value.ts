/** Largest value of a store, in bytes of UTF-8. */
export const MAX_VALUE_BYTES = 1024 * 1024

const ENTRY_BYTES = 128

/** A text or a counter with its end. */
export class Value {
  readonly weight: number
  wasUsed = false
  content: string | number
  readonly #expiresAtMs: number

  constructor(content: string | number, expiresAtMs: number) {
    this.content = content
    this.#expiresAtMs = expiresAtMs
    this.weight = ENTRY_BYTES + (typeof content === 'string' ? content.length * 2 : 0)
  }

  isExpired(nowMs: number): boolean {
    return this.#expiresAtMs <= nowMs
  }
}

/** Throws `RangeError` for a value that is too large to share. */
export function assertValue(value: string): void {
  const isTooLarge =
    value.length > MAX_VALUE_BYTES || (value.length * 3 > MAX_VALUE_BYTES && bytesOf(value) > MAX_VALUE_BYTES)
  if (isTooLarge) throw new RangeError(`Expected a value of at most ${MAX_VALUE_BYTES} bytes`)
}

const bytesOf = (text: string): number => Buffer.byteLength(text)

/** The number that a stored text stands for. Throws `TypeError` when it is none. */
export function counterOf(content: string | number): number {
  const total = typeof content === 'number' ? content : content.trim() === '' ? Number.NaN : Number(content)
  if (Number.isFinite(total)) return total
  throw new TypeError('Expected a counter, found a text that is no number')
}
