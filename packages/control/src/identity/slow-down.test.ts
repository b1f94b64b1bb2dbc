import { GatewayError } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { SlowDown } from './slow-down.ts'

function waitOf(slowDown: SlowDown, key: string): number {
  try {
    slowDown.demand(key)
    return 0
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'too_many_attempts') return Number(error.headers?.[1])
    throw error
  }
}

describe('SlowDown', () => {
  it('lets five failures pass, then doubles the wait up to 15 minutes', () => {
    let nowMs = 1_000_000
    const slowDown = new SlowDown(() => nowMs)
    const waits = Array.from({ length: 18 }, () => {
      slowDown.fail('key')
      const wait = waitOf(slowDown, 'key')
      nowMs += wait * 1_000
      return wait
    })
    expect(waits.slice(0, 9)).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16])
    expect(Math.max(...waits)).toBe(900)
    expect(waitOf(slowDown, 'another')).toBe(0)
  })

  it('forgets a success at once and failures after 15 quiet minutes', () => {
    let nowMs = 0
    const slowDown = new SlowDown(() => nowMs)
    for (let count = 0; count < 6; count += 1) slowDown.fail('key')
    expect(waitOf(slowDown, 'key')).toBe(2)
    slowDown.succeed('key')
    expect(waitOf(slowDown, 'key')).toBe(0)
    for (let count = 0; count < 6; count += 1) slowDown.fail('key')
    nowMs += 16 * 60_000
    slowDown.fail('key')
    expect(waitOf(slowDown, 'key')).toBe(0)
  })

  it('holds a bounded number of keys', () => {
    const slowDown = new SlowDown(() => 0)
    for (let count = 0; count < 5; count += 1) slowDown.fail('oldest')
    expect(waitOf(slowDown, 'oldest')).toBe(1)
    for (let count = 0; count < 10_000; count += 1) slowDown.fail(`key-${count}`)
    expect(waitOf(slowDown, 'oldest')).toBe(0)
  })
})
