import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CELLS_PER_WINDOW, SlidingWindow } from './sliding-window.ts'
import { LEVEL_TOLERANCE, TokenBucket } from './token-bucket.ts'

interface Step {
  readonly waitMs: number
  readonly cost: number
}

const steps = (longestWaitMs: number, highestCost: number) =>
  fc.array(
    fc.record({
      waitMs: fc.oneof(fc.constant(0), fc.nat(20), fc.nat(longestWaitMs)),
      cost: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, fc.nat(highestCost)),
    }),
    { minLength: 1, maxLength: 300 },
  )

const windowCase = fc
  .record({
    limit: fc.integer({ min: 1, max: 40 }),
    windowMs: fc.integer({ min: 1, max: 5_000 }),
    startMs: fc.nat(2 ** 41),
  })
  .chain((rule) => steps(rule.windowMs, rule.limit + 1).map((taken) => ({ ...rule, steps: taken })))

/** Every admission, remembered one by one. */
class Log {
  readonly #entries: { atMs: number; cost: number }[] = []

  add(atMs: number, cost: number): void {
    this.#entries.push({ atMs, cost })
  }

  /** Units admitted from `fromMs` to `toMs`, both included. */
  between(fromMs: number, toMs: number): number {
    return this.#entries.reduce((sum, { atMs, cost }) => (atMs >= fromMs && atMs <= toMs ? sum + cost : sum), 0)
  }
}

function replay(startMs: number, taken: readonly Step[], visit: (nowMs: number, cost: number) => void): void {
  let nowMs = startMs
  for (const { waitMs, cost } of taken) {
    nowMs += waitMs
    visit(nowMs, cost)
  }
}

describe('sliding window against a log of every admission', () => {
  it('never admits more than the limit in any window', () => {
    fc.assert(
      fc.property(windowCase, ({ limit, windowMs, startMs, steps: taken }) => {
        const window = new SlidingWindow(windowMs)
        const log = new Log()
        replay(startMs, taken, (nowMs, cost) => {
          if (window.take(nowMs, limit, cost).isAllowed) log.add(nowMs, cost)
          expect(log.between(nowMs - windowMs, nowMs)).toBeLessThanOrEqual(limit)
        })
      }),
      { numRuns: 300 },
    )
  })

  it('never refuses what fits into a window that is one cell longer', () => {
    fc.assert(
      fc.property(windowCase, ({ limit, windowMs, startMs, steps: taken }) => {
        const window = new SlidingWindow(windowMs)
        const log = new Log()
        const longestMs = windowMs + Math.ceil(windowMs / CELLS_PER_WINDOW)
        replay(startMs, taken, (nowMs, cost) => {
          const counted = log.between(nowMs - longestMs, nowMs)
          const { isAllowed, remaining } = window.take(nowMs, limit, cost)
          if (counted + cost <= limit) expect(isAllowed).toBe(true)
          if (isAllowed) log.add(nowMs, cost)
          expect(remaining).toBeLessThanOrEqual(limit - log.between(nowMs - windowMs, nowMs))
          expect(remaining).toBeGreaterThanOrEqual(limit - log.between(nowMs - longestMs, nowMs))
        })
      }),
      { numRuns: 300 },
    )
  })

  it('never refuses a steady client at 60/61 of the limit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 500 }),
        fc.integer({ min: 1_000, max: 600_000 }),
        fc.nat(2 ** 41),
        (limit, windowMs, startMs) => {
          const window = new SlidingWindow(windowMs)
          const pauseMs = Math.ceil((windowMs * (CELLS_PER_WINDOW + 1)) / CELLS_PER_WINDOW / limit)
          for (let i = 0; i < limit * 3; i++) {
            expect(window.take(startMs + i * pauseMs, limit, 1).isAllowed).toBe(true)
          }
        },
      ),
      { numRuns: 50 },
    )
  })

  it('names the exact millisecond at which a refused unit fits, and at which all is back', () => {
    fc.assert(
      fc.property(windowCase, ({ limit, windowMs, startMs, steps: taken }) => {
        const window = new SlidingWindow(windowMs)
        replay(startMs, taken, (nowMs, cost) => window.take(nowMs, limit, cost))
        const lastMs = startMs + taken.reduce((sum, { waitMs }) => sum + waitMs, 0)
        const { retryAfterMs } = window.take(lastMs, limit, 0)
        if (retryAfterMs > 0) {
          expect(window.take(lastMs + retryAfterMs - 1, limit, 0).remaining).toBe(0)
          expect(window.take(lastMs + retryAfterMs, limit, 0).remaining).toBeGreaterThan(0)
        }
        const { resetMs } = window.take(lastMs + retryAfterMs, limit, 0)
        expect(window.take(lastMs + retryAfterMs + resetMs, limit, 0).remaining).toBe(limit)
      }),
      { numRuns: 300 },
    )
  })
})

const bucketCase = fc.record({
  capacity: fc.integer({ min: 1, max: 50 }),
  // A whole number of thousandths a second, so that a test can count exactly in whole numbers.
  refillPerMillion: fc.integer({ min: 1, max: 200_000 }),
  startMs: fc.nat(2 ** 41),
  steps: steps(10_000, 51),
})

describe('token bucket against exact whole numbers', () => {
  it('gives a unit exactly when it is there, however refills and takes fall', () => {
    fc.assert(
      fc.property(bucketCase, ({ capacity, refillPerMillion, startMs, steps: taken }) => {
        const bucket = new TokenBucket(capacity)
        const scale = 1_000_000n
        let level = BigInt(capacity) * scale
        let lastMs = startMs
        replay(startMs, taken, (nowMs, cost) => {
          level += BigInt(nowMs - lastMs) * BigInt(refillPerMillion)
          if (level > BigInt(capacity) * scale) level = BigInt(capacity) * scale
          lastMs = nowMs
          // Units a second, from millionths of a unit a millisecond.
          const decision = bucket.take(nowMs, capacity, refillPerMillion / 1000, cost)
          const isThere = level >= BigInt(cost) * scale
          const isBorderline = level + BigInt(Math.ceil(LEVEL_TOLERANCE * 1e6)) >= BigInt(cost) * scale
          if (isThere) expect(decision.isAllowed).toBe(true)
          if (!isBorderline) expect(decision.isAllowed).toBe(false)
          if (decision.isAllowed) level -= BigInt(cost) * scale
        })
      }),
      { numRuns: 300 },
    )
  })
})
