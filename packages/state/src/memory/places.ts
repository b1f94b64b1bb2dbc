/** The held places under one lease key. */
export class Places {
  readonly weight = 1
  wasUsed = false
  readonly #expiries = new Map<string, number>()
  #firstExpiryMs = Number.POSITIVE_INFINITY
  #lastExpiryMs = 0

  get isEmpty(): boolean {
    return this.#expiries.size === 0
  }

  /** Holds a place for `id` until `expiresAtMs` unless `limit` are held already. */
  hold(id: string, limit: number, nowMs: number, expiresAtMs: number): boolean {
    if (this.#expiries.size >= limit && this.#firstExpiryMs <= nowMs) this.#sweep(nowMs)
    if (this.#expiries.size >= limit) return false
    this.#expiries.set(id, expiresAtMs)
    this.#firstExpiryMs = Math.min(this.#firstExpiryMs, expiresAtMs)
    this.#lastExpiryMs = Math.max(this.#lastExpiryMs, expiresAtMs)
    return true
  }

  /** Moves the end of a place that is still held. */
  extend(id: string, nowMs: number, expiresAtMs: number): void {
    const endsAtMs = this.#expiries.get(id)
    if (endsAtMs === undefined || endsAtMs <= nowMs) return
    this.#expiries.set(id, expiresAtMs)
    this.#lastExpiryMs = Math.max(this.#lastExpiryMs, expiresAtMs)
  }

  release(id: string): void {
    this.#expiries.delete(id)
  }

  isExpired(nowMs: number): boolean {
    return this.isEmpty || this.#lastExpiryMs <= nowMs
  }

  #sweep(nowMs: number): void {
    this.#firstExpiryMs = Number.POSITIVE_INFINITY
    for (const [id, expiresAtMs] of this.#expiries) {
      if (expiresAtMs <= nowMs) this.#expiries.delete(id)
      else this.#firstExpiryMs = Math.min(this.#firstExpiryMs, expiresAtMs)
    }
  }
}
