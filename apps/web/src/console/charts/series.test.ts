import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { niceMax } from './series.ts'

describe('niceMax', () => {
  it.each([
    [[], 1],
    [[0, 0], 1],
    [[3, 7], 10],
    [[180], 200],
    [[0.0012], 0.002],
    [[1000], 1000],
  ])('rounds the top of %j up to %d', (values, top) => expect(niceMax(values)).toBeCloseTo(top, 9))

  it('never cuts a value off', () => {
    const values = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1 })
    fc.assert(
      fc.property(values, (list) => {
        expect(niceMax(list) * (1 + 1e-9)).toBeGreaterThanOrEqual(Math.max(...list))
      }),
    )
  })
})
