import { silentLogger } from '@konnect/contract'
import type { TemporaryKey } from '@konnect/sdk'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { deploymentKey, untilKeyed } from './deployment-key.ts'
import type { KeyState } from './key-pool.ts'
import { RenewedKey } from './temporary-key.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const READY: KeyState = {
  leftMs: 0,
  cause: undefined,
  concerns: () => false,
  wantsBody: () => false,
  failed() {},
  succeeded() {},
}

/** A key whose temporary keys come when the test says so, and its addresses: the key that they were made with. */
function renewedBy() {
  const asked: { give: (key: TemporaryKey) => void; refuse: (why: Error) => void }[] = []
  const obtain = () => new Promise<TemporaryKey>((resolve, reject) => asked.push({ give: resolve, refuse: reject }))
  const fetchText = () => Promise.reject(new Error('no fetching here'))
  const context = { fetchText, logger: silentLogger, now: Date.now, random: () => 0 }
  const renewed = new RenewedKey({ dependsOn: [], obtain }, 'a', context)
  const made: (string | undefined)[] = []
  const key = deploymentKey({
    key: { name: 'first', value: 'long-lived', weight: 3 },
    state: READY,
    renewed,
    addresses(apiKey) {
      made.push(apiKey)
      return `with ${apiKey}`
    },
  })
  return { key, made, asked, stop: (headMs = 1_000) => ({ keys: [key], timeouts: { headMs } }) }
}

const lasting = (apiKey: string): TemporaryKey => ({ apiKey, expiresAtMs: Date.now() + 60_000 })

describe('a key of a deployment', () => {
  it('that is sent as it is has the addresses of its value', () => {
    const key = deploymentKey({
      key: { name: undefined, value: 'own', weight: 1 },
      state: READY,
      renewed: undefined,
      addresses: (apiKey) => apiKey,
    })
    expect(key).toEqual({ name: undefined, weight: 1, state: READY, renewed: undefined, addresses: 'own' })
  })

  it('never goes out itself where temporary ones stand for it, each of which makes the addresses once', async () => {
    const { key, made, asked } = renewedBy()
    expect(key.addresses).toBe('with undefined')
    asked[0]?.give(lasting('t1'))
    await vi.advanceTimersByTimeAsync(0)
    expect([key.addresses, key.addresses]).toEqual(['with t1', 'with t1'])
    await vi.advanceTimersByTimeAsync(50_000)
    asked[1]?.give(lasting('t2'))
    await vi.advanceTimersByTimeAsync(0)
    expect(key.addresses).toBe('with t2')
    expect(made).toEqual([undefined, 't1', 't2'])
  })

  it('cannot be used, and says why, as long as there is no temporary one', async () => {
    const { key, asked } = renewedBy()
    expect(key.state).toMatchObject({ leftMs: 1, cause: 'refused', why: 'its first key has not come yet' })
    asked[0]?.refuse(new Error('not you'))
    await vi.advanceTimersByTimeAsync(0)
    expect(key.state).toMatchObject({ leftMs: 1_000, cause: 'refused', why: 'not you' })
    await vi.advanceTimersByTimeAsync(1_000)
    asked[1]?.give(lasting('t1'))
    await vi.advanceTimersByTimeAsync(0)
    expect(key.state).toMatchObject({ leftMs: 0, cause: undefined, why: undefined })
  })
})

describe('waiting for keys', () => {
  it('is not needed where the first deployment has one, or none is on its way', async () => {
    const own = { keys: [{ state: READY, renewed: undefined }], timeouts: { headMs: 1_000 } }
    expect(untilKeyed([])).toBeUndefined()
    expect(untilKeyed([own, renewedBy().stop()])).toBeUndefined()
    const { asked, stop } = renewedBy()
    asked[0]?.refuse(new Error('not you'))
    await vi.advanceTimersByTimeAsync(0)
    expect(untilKeyed([stop(), own])).toBeUndefined()
  })

  it('ends with the first key that comes', async () => {
    const [slow, fast] = [renewedBy(), renewedBy()]
    const waiting = untilKeyed([{ keys: [slow.key, fast.key], timeouts: { headMs: 1_000 } }])
    fast.asked[0]?.give(lasting('t1'))
    await waiting
    expect([slow.key.state.leftMs, fast.key.state.leftMs]).toEqual([1, 0])
    expect(vi.getTimerCount()).toBe(1)
  })

  it('goes on to the next deployment when the first gets none, or not in time', async () => {
    const [refused, late, last] = [renewedBy(), renewedBy(), renewedBy()]
    let isOver = false
    const waiting = untilKeyed([refused.stop(), late.stop(50), last.stop()])?.then(() => {
      isOver = true
    })
    refused.asked[0]?.refuse(new Error('not you'))
    await vi.advanceTimersByTimeAsync(49)
    last.asked[0]?.give(lasting('t1'))
    expect(isOver).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await waiting
    expect(last.key.state.leftMs).toBe(0)
  })
})
