import { type StateStore, StateUnavailable, silentLogger } from '@konnect/contract'
import { createMemoryState } from '@konnect/state'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WindowMeter } from './window-meter.ts'

/** Meters of several processes over one shared state, and their clock. */
function metersOver(count: number) {
  const clock = { ms: 1_800_000_000_000 }
  const state = createMemoryState({ now: () => clock.ms })
  const create = () => new WindowMeter('m', { state, now: () => clock.ms, logger: silentLogger })
  return { clock, meters: Array.from({ length: count }, create) }
}

const unavailable = {
  take: () => Promise.reject(new StateUnavailable('gone')),
} as unknown as StateStore

describe('WindowMeter', () => {
  it('never lets all processes together take more than the limit in any minute', async () => {
    const step = fc.record({
      meter: fc.nat({ max: 2 }),
      units: fc.integer({ min: 1, max: 40 }),
      afterMs: fc.nat(9_000),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { clock, meters } = metersOver(3)
        const taken: { atMs: number; units: number }[] = []
        for (const { meter, units, afterMs } of steps) {
          clock.ms += afterMs
          if (await meters[meter]?.take(100, units)) taken.push({ atMs: clock.ms, units })
        }
        for (const { atMs } of taken) {
          const inMinute = taken.filter((one) => one.atMs > atMs - 60_000 && one.atMs <= atMs)
          expect(inMinute.reduce((sum, { units }) => sum + units, 0)).toBeLessThanOrEqual(100)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('knows without asking how long a limit is used up, and no longer than that', async () => {
    const { clock, meters } = metersOver(1)
    const [meter] = meters as [WindowMeter]
    expect(await meter.take(10, 10)).toBe(true)
    expect(meter.fullMs(10)).toBeGreaterThan(59_000)
    expect(meter.fullMs(11)).toBe(0)
    clock.ms += 62_000
    expect(meter.fullMs(10)).toBe(0)
    expect(await meter.take(10, 1)).toBe(true)
  })

  it('takes what is more than the limit once nothing else is counted', async () => {
    const { meters } = metersOver(1)
    expect(await meters[0]?.take(10, 50)).toBe(true)
    expect(await meters[0]?.take(10, 1)).toBe(false)
  })

  it('counts what is added although it does not fit, for all', async () => {
    const { meters } = metersOver(2)
    meters[0]?.add(150)
    expect(meters[1]?.used(1_000)).toBe(150)
    expect(await meters[1]?.take(100, 1)).toBe(false)
  })

  it('sees what others used at most a second later', () => {
    const { clock, meters } = metersOver(2)
    expect(meters[1]?.used(100)).toBe(0)
    meters[0]?.add(30)
    expect(meters[1]?.used(100)).toBe(0)
    clock.ms += 1_001
    expect(meters[1]?.used(100)).toBe(30)
  })

  it('keeps what was not needed for the next one, but for five seconds only', async () => {
    const { clock, meters } = metersOver(1)
    const [meter] = meters as [WindowMeter]
    await meter.take(10, 10)
    meter.giveBack(4)
    expect(meter.fullMs(10)).toBe(0)
    expect(await meter.take(10, 3)).toBe(true)
    expect(await meter.take(10, 2)).toBe(false)
    expect(await meter.take(10, 1)).toBe(true)
    meter.giveBack(10)
    clock.ms += 5_001
    expect(await meter.take(10, 1)).toBe(false)
  })

  it('lets everything pass while the shared state is away, and says so once in a while', async () => {
    const warnings: unknown[] = []
    const logger = { ...silentLogger, warn: (_fields: unknown, text?: string) => warnings.push(text) }
    const clock = { ms: 0 }
    const meter = new WindowMeter('m', { state: unavailable, now: () => clock.ms, logger })
    expect(await meter.take(1, 1)).toBe(true)
    expect(await meter.take(1, 1)).toBe(true)
    expect(meter.used(1)).toBe(0)
    expect(warnings).toHaveLength(1)
    clock.ms += 10_000
    await meter.take(1, 1)
    expect(warnings).toHaveLength(2)
  })
})
