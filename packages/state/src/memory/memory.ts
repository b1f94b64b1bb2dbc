import type { Lease, LimitDecision, LimitRule, StateStore } from '@konnect/contract'
import { assertPositive, assertTake } from '../limit/rule.ts'
import { SlidingWindow } from '../limit/sliding-window.ts'
import { TokenBucket } from '../limit/token-bucket.ts'
import { BoundedTable } from './bounded-table.ts'
import { Places } from './places.ts'
import { assertValue, counterOf, Value } from './value.ts'

export interface MemoryStateOptions {
  /** Milliseconds; must not run backwards. Default: the system's monotonic clock. */
  readonly now?: () => number
  /** Most limits, and most lease keys, that are kept. Default 100,000 each. */
  readonly maxEntries?: number
  /** Most bytes of values and counters. Default 64 MiB. */
  readonly maxValueBytes?: number
}

/** {@link StateStore} of one process. Every answer but `close` is synchronous. */
export interface MemoryState extends StateStore {
  readonly driver: 'memory'
  take(key: string, rule: LimitRule, cost?: number): LimitDecision
  lease(key: string, limit: number, ttlMs: number): Lease | null
  get(key: string): string | undefined
  set(key: string, value: string, ttlMs: number): void
  delete(key: string): void
  increment(key: string, amount: number, ttlMs: number): number
  /** Entries that are held now. */
  readonly size: number
}

const monotonicNow = (): number => performance.timeOrigin + performance.now()

/**
 * Shared memory within one process, bounded whatever keys clients invent.
 *
 * When more keys are live than fit, expired and long unused ones are forgotten first; a limit that is forgotten starts
 * afresh. A key keeps its count when only `limit`, `capacity` or `refillPerSecond` change, and starts afresh with another
 * algorithm or window. Values and counters share their keys; limits and leases have their own.
 */
export function createMemoryState(options: MemoryStateOptions = {}): MemoryState {
  const { now = monotonicNow, maxEntries = 100_000, maxValueBytes = 64 * 1024 * 1024 } = options
  const limits = new BoundedTable<SlidingWindow | TokenBucket>(maxEntries)
  const leases = new BoundedTable<Places>(maxEntries)
  const values = new BoundedTable<Value>(maxValueBytes)
  let leaseCount = 0

  return {
    driver: 'memory',
    get size() {
      return limits.size + leases.size + values.size
    },
    take(key, rule, cost = 1) {
      assertTake(rule, cost)
      const nowMs = Math.floor(now())
      return rule.algorithm === 'sliding-window'
        ? windowOf(limits, key, rule.windowMs, nowMs).take(nowMs, rule.limit, cost)
        : bucketOf(limits, key, rule.capacity, nowMs).take(nowMs, rule.capacity, rule.refillPerSecond, cost)
    },
    lease(key, limit, ttlMs) {
      assertPositive('ttlMs', ttlMs)
      const nowMs = now()
      const places = leases.get(key) ?? new Places()
      const isNew = places.isEmpty
      leaseCount += 1
      const id = leaseCount.toString(36)
      if (!places.hold(id, limit, nowMs, nowMs + ttlMs)) return null
      if (isNew) leases.set(key, places, nowMs)
      return {
        id,
        extend: (forMs) => extendPlace(places, id, now(), forMs),
        release: () => releasePlace(leases, key, places, id),
      }
    },
    get(key) {
      const content = liveValue(values, key, now())?.content
      return content === undefined ? undefined : String(content)
    },
    set(key, value, ttlMs) {
      assertPositive('ttlMs', ttlMs)
      assertValue(value)
      const nowMs = now()
      values.set(key, new Value(value, nowMs + ttlMs), nowMs)
    },
    delete: (key) => values.delete(key),
    increment(key, amount, ttlMs) {
      assertPositive('ttlMs', ttlMs)
      const nowMs = now()
      const known = liveValue(values, key, nowMs)
      if (known === undefined) {
        values.set(key, new Value(amount, nowMs + ttlMs), nowMs)
        return amount
      }
      const total = counterOf(known.content) + amount
      known.content = total
      return total
    },
    async close() {
      limits.clear()
      leases.clear()
      values.clear()
    },
  }
}

type Limits = BoundedTable<SlidingWindow | TokenBucket>

function windowOf(limits: Limits, key: string, windowMs: number, nowMs: number): SlidingWindow {
  const known = limits.get(key)
  if (known instanceof SlidingWindow && known.windowMs === windowMs) return known
  const created = new SlidingWindow(windowMs)
  limits.set(key, created, nowMs)
  return created
}

function bucketOf(limits: Limits, key: string, capacity: number, nowMs: number): TokenBucket {
  const known = limits.get(key)
  if (known instanceof TokenBucket) return known
  const created = new TokenBucket(capacity)
  limits.set(key, created, nowMs)
  return created
}

function extendPlace(places: Places, id: string, nowMs: number, ttlMs: number): void {
  assertPositive('ttlMs', ttlMs)
  places.extend(id, nowMs, nowMs + ttlMs)
}

function releasePlace(leases: BoundedTable<Places>, key: string, places: Places, id: string): void {
  places.release(id)
  if (places.isEmpty && leases.get(key) === places) leases.delete(key)
}

function liveValue(values: BoundedTable<Value>, key: string, nowMs: number): Value | undefined {
  const value = values.get(key)
  if (value === undefined || !value.isExpired(nowMs)) return value
  values.delete(key)
  return undefined
}
