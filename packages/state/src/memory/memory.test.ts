import { describe, expect, it } from 'vitest'
import { stateConformance } from '../conformance.ts'
import { createMemoryState } from './memory.ts'

stateConformance('memory', async () => {
  let nowMs = 1_800_000_000_000
  const store = createMemoryState({ now: () => nowMs })
  return {
    store,
    peer: async () => store,
    elapse: (ms) => {
      nowMs += ms
    },
    close: () => store.close(),
  }
})

const rule = { algorithm: 'sliding-window', limit: 1, windowMs: 1_000 } as const

describe('memory state', () => {
  it('answers synchronously', () => {
    const state = createMemoryState()
    expect(state.take('k', rule)).not.toBeInstanceOf(Promise)
    expect(state.lease('k', 1, 1_000)).not.toBeInstanceOf(Promise)
    expect(state.increment('k', 1, 1_000)).toBe(1)
  })

  it('does not grow with keys that clients invent', () => {
    const state = createMemoryState({ maxEntries: 100, maxValueBytes: 10_000 })
    for (let i = 0; i < 10_000; i++) {
      state.take(`key-${i}`, rule)
      state.lease(`key-${i}`, 1, 60_000)
      state.set(`key-${i}`, 'value', 60_000)
    }
    expect(state.size).toBeLessThanOrEqual(100 + 100 + 10_000 / 128)
  })

  it('forgets expired keys while others come, without waiting for its bound', () => {
    let nowMs = 0
    const state = createMemoryState({ now: () => nowMs })
    for (let i = 0; i < 1_000; i++) state.take(`old-${i}`, rule)
    nowMs += 5_000
    for (let i = 0; i < 1_000; i++) state.take(`new-${i}`, rule)
    expect(state.size).toBeLessThanOrEqual(1_001)
  })

  it('keeps a limit in use while a flood of other keys passes by', () => {
    const state = createMemoryState({ maxEntries: 100 })
    const busy = { algorithm: 'sliding-window', limit: 50, windowMs: 60_000 } as const
    let admitted = 0
    for (let i = 0; i < 5_000; i++) {
      if (state.take('busy', busy).isAllowed) admitted += 1
      state.take(`flood-${i}`, { ...rule, windowMs: 60_000 })
    }
    expect(admitted).toBe(50)
  })

  it('keeps large values within its bytes', () => {
    const state = createMemoryState({ maxValueBytes: 1_000_000 })
    for (let i = 0; i < 20; i++) state.set(`k-${i}`, 'x'.repeat(100_000), 60_000)
    const kept = Array.from({ length: 20 }, (_, i) => state.get(`k-${i}`)).filter((value) => value !== undefined)
    expect(kept.length).toBeGreaterThan(0)
    expect(kept.length).toBeLessThanOrEqual(5)
  })

  it('stands still when its clock steps back a little, and starts afresh when it steps back far', () => {
    let nowMs = 1_000_000
    const state = createMemoryState({ now: () => nowMs })
    state.take('k', rule)
    nowMs -= 500
    expect(state.take('k', rule).isAllowed).toBe(false)
    nowMs -= 100_000
    expect(state.take('k', rule).isAllowed).toBe(true)
  })
})
