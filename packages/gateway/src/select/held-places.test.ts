import { type StateStore, StateUnavailable, silentLogger } from '@konnect/contract'
import { createMemoryState } from '@konnect/state'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { HeldPlaces, LeaseKeeper } from './held-places.ts'

beforeEach(() => void vi.useFakeTimers({ now: 1_800_000_000_000 }))
afterEach(() => void vi.useRealTimers())

/** The places of one process. */
function placesOver(state: StateStore, onFree: () => void = () => {}) {
  return new HeldPlaces('p', { state, now: Date.now, logger: silentLogger }, new LeaseKeeper(), onFree)
}

describe('HeldPlaces', () => {
  it('are as many as the limit for all processes together', async () => {
    const state = createMemoryState({ now: Date.now })
    const [a, b] = [placesOver(state), placesOver(state)]
    const held = await Promise.all([a.take(3), b.take(3), a.take(3), b.take(3)])
    expect(held.filter((place) => place !== null)).toHaveLength(3)
    held[0]?.release()
    vi.advanceTimersByTime(51)
    expect(await b.take(3)).not.toBeNull()
    expect(await a.take(3)).toBeNull()
  })

  it('are free again once, whoever releases them how often', async () => {
    const heard = vi.fn()
    const places = placesOver(createMemoryState({ now: Date.now }), heard)
    const first = await places.take(1)
    expect(places.isFull(1)).toBe(true)
    first?.release()
    first?.release()
    expect(heard).toHaveBeenCalledTimes(1)
    await places.take(1)
    first?.release()
    expect(places.isFull(1)).toBe(true)
  })

  it('stay held as long as requests last, and are free within 30 seconds when their process is gone', async () => {
    const state = createMemoryState({ now: Date.now })
    const alive = placesOver(state)
    await alive.take(1)
    await vi.advanceTimersByTimeAsync(600_000)
    expect(await placesOver(state).take(1)).toBeNull()
    // The clock goes on without the timers of the process that held it.
    vi.setSystemTime(Date.now() + 30_001)
    expect(await placesOver(state).take(1)).not.toBeNull()
  })

  it('have no timer while none is held', async () => {
    const places = placesOver(createMemoryState({ now: Date.now }))
    const place = await places.take(1)
    expect(vi.getTimerCount()).toBe(1)
    place?.release()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('are kept by each process for itself while the shared state is away', async () => {
    const away = { lease: () => Promise.reject(new StateUnavailable('gone')) } as unknown as StateStore
    const places = placesOver(away)
    const first = await places.take(1)
    expect(first).not.toBeNull()
    expect(await places.take(1)).toBeNull()
    first?.release()
    expect(await places.take(1)).not.toBeNull()
  })

  it('are free although the shared state does not hear of it', async () => {
    const heard = vi.fn()
    const failing = { id: '1', extend: () => {}, release: () => Promise.reject(new StateUnavailable('gone')) }
    const places = placesOver({ lease: () => failing } as unknown as StateStore, heard)
    const place = await places.take(1)
    place?.release()
    await vi.waitFor(() => expect(heard).toHaveBeenCalled())
    expect(await places.take(1)).not.toBeNull()
  })
})
