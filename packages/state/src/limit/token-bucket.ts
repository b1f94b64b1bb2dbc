import type { LimitDecision } from '@konnect/contract'

/**
 * Share of a unit by which a bucket may be short and still give a unit: what binary fractions lose, far under what
 * anyone could gain by it. The level then falls below zero, so nothing is given away twice.
 */
export const LEVEL_TOLERANCE = 1e-6

/**
 * A bucket that holds `capacity` units and refills continuously.
 *
 * Only a take that succeeds moves the stored level: asking often, and in vain, rounds nothing away. Time that steps back
 * stands still; when it steps back by more than the bucket takes to fill, the bucket starts afresh.
 */
export class TokenBucket {
  readonly weight = 1
  wasUsed = false
  #level: number
  #atMs = Number.NEGATIVE_INFINITY
  #fullAtMs = Number.NEGATIVE_INFINITY

  /** Starts full. */
  constructor(capacity: number) {
    this.#level = capacity
  }

  /** Takes `cost` units when they are there. */
  take(nowMs: number, capacity: number, refillPerSecond: number, cost: number): LimitDecision {
    const refilled = ((nowMs - this.#atMs) * refillPerSecond) / 1000
    const isAfresh = refilled < -capacity
    let level = isAfresh ? capacity : Math.min(capacity, this.#level + Math.max(0, refilled))
    const isAllowed = level + LEVEL_TOLERANCE >= cost
    if (isAllowed && cost > 0) {
      level -= cost
      this.#level = level
      this.#atMs = isAfresh ? nowMs : Math.max(this.#atMs, nowMs)
    }
    const remaining = Math.max(0, Math.floor(level + LEVEL_TOLERANCE))
    const resetMs = untilMs(capacity - level, refillPerSecond)
    this.#fullAtMs = nowMs + resetMs
    return {
      isAllowed,
      limit: capacity,
      remaining,
      retryAfterMs: remaining > 0 ? 0 : untilMs(1 - level, refillPerSecond),
      resetMs,
    }
  }

  isExpired(nowMs: number): boolean {
    return this.#fullAtMs <= nowMs
  }
}

const untilMs = (units: number, refillPerSecond: number): number =>
  units <= LEVEL_TOLERANCE ? 0 : Math.ceil(((units - LEVEL_TOLERANCE) * 1000) / refillPerSecond)
