import type { MaybePromise } from '../json.ts'

/** A limit that requests are counted against. */
export type LimitRule =
  | {
      readonly algorithm: 'sliding-window'
      /** Units admitted in any window of `windowMs`. */
      readonly limit: number
      readonly windowMs: number
    }
  | {
      readonly algorithm: 'token-bucket'
      /** Units the bucket holds when full. */
      readonly capacity: number
      /** Units added per second. */
      readonly refillPerSecond: number
    }

/** What a limit answered. */
export interface LimitDecision {
  readonly isAllowed: boolean
  /** Units of the rule: `limit` or `capacity`. */
  readonly limit: number
  /** Units left after this decision; never negative. */
  readonly remaining: number
  /** Milliseconds until at least one more unit is available; 0 when some is left. */
  readonly retryAfterMs: number
  /** Milliseconds until the limit is whole again. */
  readonly resetMs: number
}

/** A held place among a limited number. */
export interface Lease {
  readonly id: string
  /** Holds the place for `ttlMs` from now. Without effect once it was given back or has run out. */
  extend(ttlMs: number): MaybePromise<void>
  /** Gives the place back. Idempotent. */
  release(): MaybePromise<void>
}

/**
 * Shared memory of gateways: counters, leases, a small cache, locks. Three drivers (this process, the parent process,
 * Redis) behind one conformance suite. Every method throws {@link StateUnavailable} when the driver cannot answer; the
 * memory driver never does and always answers synchronously.
 */
export interface StateStore {
  readonly driver: 'memory' | 'parent' | 'redis'
  /** Takes `cost` units (default 1) from the limit `key`, or none when they do not fit. Atomic across all users. */
  take(key: string, rule: LimitRule, cost?: number): MaybePromise<LimitDecision>
  /** Holds one of `limit` places under `key` for at most `ttlMs`; null when none is free. */
  lease(key: string, limit: number, ttlMs: number): MaybePromise<Lease | null>
  get(key: string): MaybePromise<string | undefined>
  /** Keeps `value` (at most 1 MB) for `ttlMs`. */
  set(key: string, value: string, ttlMs: number): MaybePromise<void>
  delete(key: string): MaybePromise<void>
  /** Adds `amount` to a counter that disappears `ttlMs` after its first use; returns the new total. */
  increment(key: string, amount: number, ttlMs: number): MaybePromise<number>
  close(): Promise<void>
}

/** The shared state cannot be reached. Callers fail open or closed as they state; never a client's fault. */
export class StateUnavailable extends Error {
  override readonly name = 'StateUnavailable'
}
