import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CoolDown } from './cool-down.ts'

function clocked(random = 0) {
  const clock = { ms: 1_000_000 }
  const rest = new CoolDown({ now: () => clock.ms, random: () => random })
  const elapse = (ms: number) => {
    clock.ms += ms
  }
  return { rest, elapse }
}

describe('a cool-down', () => {
  it.each([
    ['limited', [1, 2, 4, 8, 16, 32, 60, 60]],
    ['refused', [60, 120, 240, 480, 960, 1920, 3600, 3600]],
  ] as const)('for being %s doubles with each further one in a row, and ends by itself', (cause, seconds) => {
    const { rest, elapse } = clocked()
    const seen = seconds.map(() => {
      rest.start(cause)
      const { leftMs } = rest
      elapse(leftMs - 1)
      expect(rest.cause).toBe(cause)
      elapse(1)
      expect(rest.cause).toBeUndefined()
      return leftMs / 1000
    })
    expect(seen).toEqual(seconds)
  })

  it('lasts as long as was said, and a second where nothing or no time was', () => {
    const { rest, elapse } = clocked()
    rest.start('limited', 36_000)
    expect(rest.leftMs).toBe(36_000)
    elapse(36_000)
    rest.succeeded()
    rest.start('limited', 0)
    expect(rest.leftMs).toBe(1000)
  })

  it('starts anew after a success, but not for one that was under way before it', () => {
    const { rest, elapse } = clocked()
    rest.start('limited')
    rest.succeeded()
    expect(rest.leftMs).toBe(1000)
    elapse(1000)
    rest.start('limited')
    expect(rest.leftMs).toBe(2000)
    elapse(2000)
    rest.succeeded()
    rest.start('limited')
    expect(rest.leftMs).toBe(1000)
  })

  it('does not grow by failures of requests that were under way, and is never shortened', () => {
    const { rest, elapse } = clocked()
    for (let i = 0; i < 9; i++) rest.start('limited')
    expect(rest.leftMs).toBe(1000)
    rest.start('limited', 5000)
    rest.start('limited', 2000)
    expect(rest.leftMs).toBe(5000)
    rest.start('refused')
    expect([rest.leftMs, rest.cause]).toEqual([60_000, 'refused'])
    rest.start('limited', 100)
    expect([rest.leftMs, rest.cause]).toEqual([60_000, 'refused'])
    elapse(60_000)
    expect(rest.cause).toBeUndefined()
  })

  it('is never shorter than what was said and at most a tenth longer', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300_000 }), random, (said, draw) => {
        const { rest } = clocked(draw)
        rest.start('limited', said)
        expect(rest.leftMs).toBeGreaterThanOrEqual(said)
        expect(rest.leftMs).toBeLessThanOrEqual(said * 1.1 + 1e-6)
      }),
    )
  })
})
