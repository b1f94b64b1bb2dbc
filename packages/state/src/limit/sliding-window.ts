import type { LimitDecision } from '@konnect/contract'

/** Cells that a window is divided into. A unit comes back between `windowMs` and `windowMs / 60` later than that. */
export const CELLS_PER_WINDOW = 60

/**
 * Counts units in any window of `windowMs`, in at most 61 numbers however large the limit is.
 *
 * Time is cut into cells of a sixtieth of the window. A decision at time t adds up the current cell and the 60 before it.
 * These cover `[t - windowMs, t]` completely, so no window of that length, wherever it starts, ever holds more than the
 * limit. The price is that a unit stays counted up to one cell longer than necessary: whoever spreads his requests evenly
 * over the window can count on 60/61 of the limit.
 *
 * Time that steps back by less than a window stands still; by more, the count starts afresh.
 */
export class SlidingWindow {
  readonly weight = 1
  wasUsed = false
  readonly windowMs: number
  readonly #cells: number[] = []
  readonly #counts: number[] = []
  #taken = 0

  constructor(windowMs: number) {
    this.windowMs = windowMs
  }

  /** Takes `cost` units when they fit under `limit`. `nowMs` is a whole number. */
  take(nowMs: number, limit: number, cost: number): LimitDecision {
    const cell = this.#advance(nowMs)
    const isAllowed = this.#taken + cost <= limit
    if (isAllowed && cost > 0) this.#add(cell, cost)
    const remaining = Math.max(0, Math.floor(limit - this.#taken))
    return {
      isAllowed,
      limit,
      remaining,
      retryAfterMs: remaining > 0 ? 0 : this.#untilOneFits(nowMs, limit),
      resetMs: this.#taken === 0 ? 0 : this.#leavesAt(this.#newest) - nowMs,
    }
  }

  isExpired(nowMs: number): boolean {
    return this.#cells.length === 0 || this.#leavesAt(this.#newest) <= nowMs
  }

  get #newest(): number {
    return this.#cells[this.#cells.length - 1] ?? 0
  }

  #advance(nowMs: number): number {
    const cells = this.#cells
    let cell = Math.floor((nowMs * CELLS_PER_WINDOW) / this.windowMs)
    if (cells.length === 0) return cell
    if (cell < this.#newest) {
      if (this.#newest - cell > CELLS_PER_WINDOW) this.#clear()
      else cell = this.#newest
    }
    while (cells.length > 0 && (cells[0] ?? 0) < cell - CELLS_PER_WINDOW) {
      cells.shift()
      this.#taken -= this.#counts.shift() ?? 0
    }
    if (cells.length === 0) this.#taken = 0
    return cell
  }

  #add(cell: number, cost: number): void {
    const last = this.#cells.length - 1
    if (this.#cells[last] === cell) this.#counts[last] = (this.#counts[last] ?? 0) + cost
    else {
      this.#cells.push(cell)
      this.#counts.push(cost)
    }
    this.#taken += cost
  }

  #clear(): void {
    this.#cells.length = 0
    this.#counts.length = 0
    this.#taken = 0
  }

  #untilOneFits(nowMs: number, limit: number): number {
    let free = limit - this.#taken
    for (let i = 0; i < this.#cells.length; i++) {
      free += this.#counts[i] ?? 0
      if (free >= 1) return this.#leavesAt(this.#cells[i] ?? 0) - nowMs
    }
    return this.windowMs
  }

  #leavesAt(cell: number): number {
    return Math.ceil(((cell + CELLS_PER_WINDOW + 1) * this.windowMs) / CELLS_PER_WINDOW)
  }
}
