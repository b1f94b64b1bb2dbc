import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRetryBudget } from './retry-budget.ts'

function budgetWith(ratio: number, minPerSecond?: number) {
  const clock = { ms: 5_000_000 }
  const budget = createRetryBudget({
    ratio,
    now: () => clock.ms,
    ...(minPerSecond === undefined ? {} : { minPerSecond }),
  })
  const requests = (count: number) => {
    for (let i = 0; i < count; i++) budget.recordRequest()
  }
  /** How many of `count` retries are granted. */
  const granted = (count: number) => Array.from({ length: count }, () => budget.canRetry()).filter(Boolean).length
  return { clock, budget, requests, granted }
}

describe('createRetryBudget', () => {
  it('grants ten a second to an upstream without traffic, every second', () => {
    const { clock, granted } = budgetWith(0.2)
    for (let second = 0; second < 25; second++) {
      expect(granted(50)).toBe(10)
      clock.ms += 1_000
    }
  })

  it('grants exactly the share of the requests', () => {
    const { requests, granted } = budgetWith(0.2)
    requests(1_000)
    expect(granted(1_000)).toBe(200)
  })

  it('forgets requests and retries after ten seconds', () => {
    const { clock, requests, granted } = budgetWith(0.5, 0)
    requests(100)
    clock.ms += 9_000
    expect(granted(100)).toBe(50)
    clock.ms += 1_000
    requests(100)
    expect(granted(100)).toBe(0)
    clock.ms += 9_000
    expect(granted(100)).toBe(50)
  })

  it('starts anew after a long silence', () => {
    const { clock, requests, granted } = budgetWith(1, 0)
    requests(100)
    clock.ms += 3_600_000
    expect(granted(5)).toBe(0)
    requests(3)
    expect(granted(5)).toBe(3)
  })

  it('survives a clock that goes back', () => {
    const { clock, requests, granted } = budgetWith(1, 0)
    requests(3)
    clock.ms -= 60_000
    requests(2)
    expect(granted(10)).toBe(5)
  })

  it('applies another share at once and keeps what was counted', () => {
    const { budget, requests, granted } = budgetWith(0.1, 0)
    requests(100)
    expect(granted(100)).toBe(10)
    budget.configure(0.5)
    expect(granted(100)).toBe(40)
  })

  it('never grants more than the share and the floor, over any ten seconds', () => {
    const step = fc.record({
      pause: fc.nat({ max: 4_000 }),
      requests: fc.nat({ max: 60 }),
      retries: fc.nat({ max: 60 }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.constantFrom(0, 0.2, 1), (steps, ratio) => {
        const { clock, requests, granted } = budgetWith(ratio)
        const log: { second: number; requests: number; retries: number }[] = []
        for (const step of steps) {
          clock.ms += step.pause
          requests(step.requests)
          log.push({ second: Math.floor(clock.ms / 1_000), requests: step.requests, retries: granted(step.retries) })
        }
        for (const { second: last } of log) {
          const window = log.filter(({ second }) => second <= last && second > last - 10)
          const total = (key: 'requests' | 'retries') => window.reduce((sum, entry) => sum + entry[key], 0)
          expect(total('retries')).toBeLessThanOrEqual(ratio * total('requests') + 100)
        }
      }),
    )
  })
})
