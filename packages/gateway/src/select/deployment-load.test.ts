import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DeploymentLoad } from './deployment-load.ts'

describe('the load of a deployment', () => {
  it('counts each attempt from its begin to its first end', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 3 }), { maxLength: 20 }), (ends) => {
        const load = new DeploymentLoad()
        for (const count of ends) {
          const turn = load.begin()
          for (let i = 0; i < count; i++) turn.end()
        }
        expect(load.inFlight).toBe(ends.filter((count) => count === 0).length)
      }),
    )
  })

  it('averages streams and whole answers apart, between the least and the greatest, the newest weighing most', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1 }), (times) => {
        const load = new DeploymentLoad()
        for (const ms of times) load.begin().observed(true, ms)
        expect(load.latencyMs(true)).toBeGreaterThanOrEqual(Math.min(...times) - 1e-6)
        expect(load.latencyMs(true)).toBeLessThanOrEqual(Math.max(...times) + 1e-6)
        expect(load.latencyMs(false)).toBeUndefined()
      }),
    )
    const load = new DeploymentLoad()
    load.begin().observed(false, 100)
    load.begin().observed(false, 200)
    expect(load.latencyMs(false)).toBe(130)
  })

  it('counts only the first content of an attempt', () => {
    const load = new DeploymentLoad()
    const turn = load.begin()
    turn.observed(true, 10)
    turn.observed(true, 900)
    expect(load.latencyMs(true)).toBe(10)
  })
})
