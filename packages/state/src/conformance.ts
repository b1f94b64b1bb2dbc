import type { LimitRule, StateStore } from '@konnect/contract'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

/** A driver under test: one shared memory, and as many clients of it as a test asks for. */
export interface OpenedState {
  readonly store: StateStore
  /** Another client of the same memory: a worker, a gateway. */
  peer(): Promise<StateStore>
  /** Moves the clock of limits and leases. */
  elapse(ms: number): void
  close(): Promise<void>
}

const WINDOW = { algorithm: 'sliding-window', limit: 100, windowMs: 60_000 } as const
const BUCKET = { algorithm: 'token-bucket', capacity: 100, refillPerSecond: 10 } as const

/** What every driver of the shared state guarantees. `open` starts with empty memory. */
export function stateConformance(name: string, open: () => Promise<OpenedState>): void {
  describe(`shared state over ${name}`, () => {
    let opened: OpenedState
    let store: StateStore
    beforeEach(async () => {
      opened = await open()
      store = opened.store
    })
    afterEach(() => opened.close())

    const burst = async (rule: LimitRule, calls: number, client = store, key = 'k') => {
      const decisions = await Promise.all(Array.from({ length: calls }, () => client.take(key, rule)))
      return decisions.filter((decision) => decision.isAllowed).length
    }

    describe('sliding window', () => {
      it('admits exactly the limit of a burst', async () => {
        expect(await burst(WINDOW, 130)).toBe(100)
      })

      it('counts down and tells when a unit and when the whole limit is back', async () => {
        const rule: LimitRule = { algorithm: 'sliding-window', limit: 2, windowMs: 60_000 }
        const first = await store.take('k', rule)
        expect(first).toMatchObject({ isAllowed: true, limit: 2, remaining: 1, retryAfterMs: 0 })
        expect(first.resetMs).toBeGreaterThanOrEqual(60_000)
        expect(first.resetMs).toBeLessThanOrEqual(61_000)
        opened.elapse(30_000)
        expect(await store.take('k', rule)).toMatchObject({ isAllowed: true, remaining: 0 })
        const refused = await store.take('k', rule)
        expect(refused).toMatchObject({ isAllowed: false, remaining: 0 })
        expect(refused.retryAfterMs).toBeGreaterThanOrEqual(30_000)
        expect(refused.retryAfterMs).toBeLessThanOrEqual(31_000)
        expect(refused.resetMs).toBeGreaterThanOrEqual(60_000)
        opened.elapse(refused.retryAfterMs)
        expect((await store.take('k', rule)).isAllowed).toBe(true)
      })

      it('does not free a unit one millisecond before the time it named', async () => {
        const rule: LimitRule = { algorithm: 'sliding-window', limit: 1, windowMs: 7_777 }
        await store.take('k', rule)
        const { retryAfterMs } = await store.take('k', rule)
        opened.elapse(retryAfterMs - 1)
        expect((await store.take('k', rule)).isAllowed).toBe(false)
        opened.elapse(1)
        expect((await store.take('k', rule)).isAllowed).toBe(true)
      })

      it('takes all units of a cost or none', async () => {
        const rule: LimitRule = { algorithm: 'sliding-window', limit: 10, windowMs: 60_000 }
        expect((await store.take('k', rule, 7)).remaining).toBe(3)
        expect(await store.take('k', rule, 4)).toMatchObject({ isAllowed: false, remaining: 3 })
        expect(await store.take('k', rule, 3)).toMatchObject({ isAllowed: true, remaining: 0 })
      })

      it('does not count what it refused', async () => {
        const rule: LimitRule = { algorithm: 'sliding-window', limit: 1, windowMs: 1_000 }
        await store.take('k', rule)
        for (let i = 0; i < 5; i++) {
          opened.elapse(200)
          await store.take('k', rule)
        }
        opened.elapse(17)
        expect((await store.take('k', rule)).isAllowed).toBe(true)
      })

      it('keeps the count when the limit changes', async () => {
        await store.take('k', WINDOW, 60)
        expect((await store.take('k', { ...WINDOW, limit: 80 })).remaining).toBe(19)
        expect(await store.take('k', { ...WINDOW, limit: 50 })).toMatchObject({ isAllowed: false, remaining: 0 })
      })

      it('names the right time after the limit was lowered', async () => {
        await store.take('k', WINDOW, 50)
        opened.elapse(30_000)
        await store.take('k', WINDOW, 10)
        const { retryAfterMs } = await store.take('k', { ...WINDOW, limit: 10 })
        opened.elapse(retryAfterMs - 1)
        expect((await store.take('k', { ...WINDOW, limit: 10 })).isAllowed).toBe(false)
        opened.elapse(1)
        expect((await store.take('k', { ...WINDOW, limit: 10 })).isAllowed).toBe(true)
        expect(retryAfterMs).toBeGreaterThanOrEqual(60_000)
      })

      it('starts afresh with another window', async () => {
        await store.take('k', WINDOW, 100)
        expect((await store.take('k', { ...WINDOW, windowMs: 30_000 })).remaining).toBe(99)
      })

      it('answers a cost of 0 without counting', async () => {
        expect(await store.take('k', WINDOW, 0)).toMatchObject({ isAllowed: true, remaining: 100, resetMs: 0 })
      })
    })

    describe('token bucket', () => {
      it('admits exactly its capacity of a burst', async () => {
        expect(await burst(BUCKET, 130)).toBe(100)
      })

      it('refills by fractions, exactly', async () => {
        const rule: LimitRule = { algorithm: 'token-bucket', capacity: 1, refillPerSecond: 1 / 3 }
        expect(await store.take('k', rule)).toMatchObject({ isAllowed: true, remaining: 0, retryAfterMs: 3000 })
        for (let i = 0; i < 29; i++) {
          opened.elapse(100)
          expect((await store.take('k', rule)).isAllowed).toBe(false)
        }
        opened.elapse(100)
        expect((await store.take('k', rule)).isAllowed).toBe(true)
      })

      it('never holds more than its capacity', async () => {
        await store.take('k', BUCKET)
        opened.elapse(3_600_000)
        expect(await burst(BUCKET, 130)).toBe(100)
      })

      it('tells when a unit and when the whole capacity is back', async () => {
        expect(await store.take('k', BUCKET, 100)).toMatchObject({ remaining: 0, retryAfterMs: 100, resetMs: 10_000 })
        opened.elapse(250)
        expect(await store.take('k', BUCKET, 0)).toMatchObject({ remaining: 2, retryAfterMs: 0, resetMs: 9_750 })
      })

      it('takes all units of a cost or none', async () => {
        expect(await store.take('k', BUCKET, 101)).toMatchObject({ isAllowed: false, remaining: 100 })
        expect(await store.take('k', BUCKET, 100)).toMatchObject({ isAllowed: true, remaining: 0 })
      })
    })

    it('admits exactly 100 of four clients that hammer one limit', async () => {
      for (const rule of [WINDOW, BUCKET]) {
        const clients = await Promise.all([opened.peer(), opened.peer(), opened.peer(), opened.peer()])
        const admitted = await Promise.all(clients.map((client) => burst(rule, 60, client, rule.algorithm)))
        expect(admitted.reduce((sum, each) => sum + each)).toBe(100)
      }
    })

    it('keeps keys apart', async () => {
      await store.take('a', WINDOW, 100)
      expect((await store.take('b', WINDOW)).isAllowed).toBe(true)
    })

    it('refuses rules and costs that nobody can count with', async () => {
      const take = async (rule: LimitRule, cost?: number) => store.take('k', rule, cost)
      await expect(take({ ...WINDOW, limit: 0 })).rejects.toThrow(RangeError)
      await expect(take({ ...WINDOW, windowMs: 0.5 })).rejects.toThrow(RangeError)
      await expect(take({ ...BUCKET, refillPerSecond: 0 })).rejects.toThrow(RangeError)
      await expect(take(WINDOW, -1)).rejects.toThrow(RangeError)
    })

    describe('leases', () => {
      it('hands out no more places than there are, and a returned place again', async () => {
        const first = await store.lease('k', 2, 10_000)
        expect(await (await opened.peer()).lease('k', 2, 10_000)).not.toBeNull()
        expect(await store.lease('k', 2, 10_000)).toBeNull()
        await first?.release()
        expect(await store.lease('k', 2, 10_000)).not.toBeNull()
        expect(await store.lease('k', 2, 10_000)).toBeNull()
      })

      it('gives one place back only once', async () => {
        const first = await store.lease('k', 1, 10_000)
        await first?.release()
        await store.lease('k', 1, 10_000)
        await first?.release()
        expect(await store.lease('k', 1, 10_000)).toBeNull()
      })

      it('holds an extended place for its new time, counted from then', async () => {
        const held = await store.lease('k', 1, 10_000)
        opened.elapse(6_000)
        await held?.extend(10_000)
        opened.elapse(9_999)
        expect(await (await opened.peer()).lease('k', 1, 10_000)).toBeNull()
        opened.elapse(1)
        expect(await store.lease('k', 1, 10_000)).not.toBeNull()
      })

      it('extends no place that was given back or has run out', async () => {
        const returned = await store.lease('k', 1, 10_000)
        await returned?.release()
        await returned?.extend(60_000)
        const expired = await store.lease('k', 1, 10_000)
        opened.elapse(10_000)
        await expired?.extend(60_000)
        expect(await store.lease('k', 1, 10_000)).not.toBeNull()
        expect(await store.lease('k', 1, 10_000)).toBeNull()
      })

      it('takes a place back when its time is over', async () => {
        await store.lease('k', 1, 10_000)
        opened.elapse(9_999)
        expect(await store.lease('k', 1, 10_000)).toBeNull()
        opened.elapse(1)
        expect(await store.lease('k', 1, 10_000)).not.toBeNull()
      })
    })

    describe('values', () => {
      it('keeps, replaces and deletes', async () => {
        expect(await store.get('k')).toBeUndefined()
        await store.set('k', 'one', 60_000)
        await (await opened.peer()).set('k', 'zwei ✓', 60_000)
        expect(await store.get('k')).toBe('zwei ✓')
        await store.delete('k')
        expect(await store.get('k')).toBeUndefined()
      })

      it('forgets when the time is over', async () => {
        await store.set('k', 'one', 40)
        opened.elapse(40)
        await vi.waitFor(async () => expect(await store.get('k')).toBeUndefined())
      })

      it('keeps one megabyte and refuses more', async () => {
        const largest = 'x'.repeat(1024 * 1024)
        await store.set('k', largest, 60_000)
        expect((await store.get('k'))?.length).toBe(largest.length)
        await expect((async () => store.set('k', `${largest}x`, 60_000))()).rejects.toThrow(RangeError)
      })
    })

    describe('counters', () => {
      it('adds up across clients', async () => {
        expect(await store.increment('k', 2, 60_000)).toBe(2)
        expect(await (await opened.peer()).increment('k', 40.5, 60_000)).toBe(42.5)
        expect(await store.get('k')).toBe('42.5')
        expect(await store.increment('k', -42.5, 60_000)).toBe(0)
      })

      it('ends after its first use, however often it is used', async () => {
        await store.increment('k', 1, 60)
        await store.increment('k', 1, 60_000)
        opened.elapse(60)
        await vi.waitFor(async () => expect(await store.get('k')).toBeUndefined())
        expect(await store.increment('k', 5, 60_000)).toBe(5)
      })

      it('refuses to add to a text', async () => {
        await store.set('k', 'text', 60_000)
        await expect((async () => store.increment('k', 1, 60_000))()).rejects.toThrow(TypeError)
      })
    })
  })
}
