/** What a {@link BoundedTable} keeps. */
export interface TableEntry {
  /** Its share of the table's bound. */
  readonly weight: number
  /** Set by the table at each use; an entry used since the last round survives one more. */
  wasUsed: boolean
  /** True when forgetting it changes nothing. */
  isExpired(nowMs: number): boolean
}

const SWEPT_PER_INSERT = 2
const STEPS_PER_EVICTION = 32

/**
 * A map that never outgrows its bound, whatever keys clients invent, with neither a timer nor work on a hit.
 *
 * Each insertion looks at two old entries and forgets the expired. When the bound is reached, a second-chance hand
 * (Corbató's CLOCK, an approximation of least recently used) goes round: expired first, then unused since its last visit.
 * An exact order of use would have to be kept at every hit, and a cache with fixed times to live cannot hold limits, whose
 * end moves with each request.
 */
export class BoundedTable<V extends TableEntry> {
  readonly #entries = new Map<string, V>()
  readonly #maxWeight: number
  #hand: MapIterator<[string, V]>
  #weight = 0

  constructor(maxWeight: number) {
    this.#maxWeight = maxWeight
    this.#hand = this.#entries.entries()
  }

  get size(): number {
    return this.#entries.size
  }

  get weight(): number {
    return this.#weight
  }

  /** Expired entries are returned too: their owner knows what that means. */
  get(key: string): V | undefined {
    const entry = this.#entries.get(key)
    if (entry !== undefined) entry.wasUsed = true
    return entry
  }

  set(key: string, entry: V, nowMs: number): void {
    this.delete(key)
    for (let i = 0; i < SWEPT_PER_INSERT; i++) this.#step(nowMs, false)
    while (this.#weight + entry.weight > this.#maxWeight && this.#entries.size > 0) this.#evictOne(nowMs)
    this.#entries.set(key, entry)
    this.#weight += entry.weight
  }

  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    this.#weight -= entry.weight
  }

  clear(): void {
    this.#entries.clear()
    this.#weight = 0
  }

  #evictOne(nowMs: number): void {
    for (let i = 1; i < STEPS_PER_EVICTION; i++) if (this.#step(nowMs, true)) return
    const oldest = this.#entries.keys().next()
    if (!oldest.done) this.delete(oldest.value)
  }

  #step(nowMs: number, isEvicting: boolean): boolean {
    const next = this.#hand.next()
    if (next.done) {
      this.#hand = this.#entries.entries()
      return false
    }
    const [key, entry] = next.value
    if (!entry.isExpired(nowMs)) {
      if (!isEvicting) return false
      if (entry.wasUsed) {
        entry.wasUsed = false
        return false
      }
    }
    this.delete(key)
    return true
  }
}
