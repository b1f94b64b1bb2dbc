import { afterEach, describe, expect, it } from 'vitest'
import { until } from './testing/memory-socket.ts'
import { createTimerWheel, type TimerWheel } from './timer-wheel.ts'

const wheels: TimerWheel[] = []
afterEach(() => {
  for (const wheel of wheels.splice(0)) wheel.close()
})

function wheelOf(tickMs: number): TimerWheel {
  const wheel = createTimerWheel({ tickMs })
  wheels.push(wheel)
  return wheel
}

describe('timer wheel', () => {
  it('expires timers in order of their deadlines, never early', async () => {
    const wheel = wheelOf(2)
    const startedAt = performance.now()
    const expired: number[] = []
    for (const delayMs of [60, 20, 40, 0]) {
      wheel
        .timer(() => {
          expect(performance.now() - startedAt).toBeGreaterThanOrEqual(delayMs)
          expired.push(delayMs)
        })
        .set(delayMs)
    }
    await until(() => expired.length === 4)
    expect(expired).toEqual([0, 20, 40, 60])
    await until(() => wheel.size === 0)
  })

  it('expires once, and again only when it was set again', async () => {
    const wheel = wheelOf(2)
    let expired = 0
    const timer = wheel.timer(() => expired++)
    timer.set(5)
    await until(() => expired === 1 && wheel.size === 0)
    timer.set(5)
    await until(() => expired === 2)
  })

  it('lets a deadline move to later and to earlier', async () => {
    const wheel = wheelOf(2)
    const at: number[] = []
    const startedAt = performance.now()
    const later = wheel.timer(() => at.push(performance.now() - startedAt))
    const earlier = wheel.timer(() => at.push(-1))
    later.set(10)
    later.set(80)
    earlier.set(5_000)
    earlier.set(20)
    await until(() => at.length === 2)
    expect(at[0]).toBe(-1)
    expect(at[1]).toBeGreaterThanOrEqual(80)
  })

  it('waits longer than one turn of the wheel where asked', async () => {
    const wheel = wheelOf(0.1)
    const startedAt = performance.now()
    let firedMs = 0
    wheel
      .timer(() => {
        firedMs = performance.now() - startedAt
      })
      .set(150)
    await until(() => firedMs > 0)
    expect(firedMs).toBeGreaterThanOrEqual(150)
  })

  it('forgets cleared and disposed timers', async () => {
    const wheel = wheelOf(2)
    let expired = 0
    const cleared = wheel.timer(() => expired++)
    const disposed = wheel.timer(() => expired++)
    const kept = wheel.timer(() => expired++)
    for (const timer of [cleared, disposed, kept]) timer.set(20)
    expect(wheel.size).toBe(3)
    cleared.clear()
    disposed.dispose()
    expect(wheel.size).toBe(2)
    await until(() => wheel.size === 0)
    expect(expired).toBe(1)
  })

  it('lets an expiring timer dispose of its neighbour', async () => {
    const wheel = wheelOf(2)
    let expired = 0
    const timers = [0, 1, 2].map(() =>
      wheel.timer(() => {
        expired++
        for (const timer of timers) timer.dispose()
      }),
    )
    for (const timer of timers) timer.set(10)
    await until(() => wheel.size === 0)
    expect(expired).toBe(1)
  })
})
