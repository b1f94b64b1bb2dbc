import { randomUUID } from 'node:crypto'
import { type LimitDecision, type LimitRule, StateUnavailable, silentLogger } from '@konnect/contract'
import fc from 'fast-check'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { stateConformance } from '../conformance.ts'
import { createMemoryState } from '../memory/memory.ts'
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy.ts'
import { createRedisState, type RedisState } from './redis.ts'

const url = process.env.KONNECT_TEST_REDIS_URL ?? 'redis://127.0.0.1:6379'
const START_MS = 1_800_000_000_000
const isReachable = await isRedisReachable()
if (!isReachable) console.warn(`SKIPPED: no Redis at ${url}; set KONNECT_TEST_REDIS_URL to test this driver`)

async function isRedisReachable(): Promise<boolean> {
  const state = createRedisState({ url })
  const isReady = await state.whenReady(1_500)
  await state.close()
  return isReady
}

async function open(now?: () => number, prefix = `konnect-test:${randomUUID()}:`): Promise<RedisState> {
  const state = createRedisState({ url, prefix, timeoutMs: 5_000, ...(now === undefined ? {} : { now }) })
  expect(await state.whenReady(5_000)).toBe(true)
  return state
}

if (isReachable) {
  stateConformance('Redis', async () => {
    let nowMs = START_MS
    const prefix = `konnect-test:${randomUUID()}:`
    const clients: RedisState[] = []
    const connect = async () => {
      const client = await open(() => nowMs, prefix)
      clients.push(client)
      return client
    }
    return {
      store: await connect(),
      peer: connect,
      elapse: (ms) => {
        nowMs += ms
      },
      close: async () => void (await Promise.all(clients.map((client) => client.close()))),
    }
  })
}

describe.skipIf(!isReachable)('Redis state', () => {
  const rule = { algorithm: 'sliding-window', limit: 2, windowMs: 60_000 } as const
  const opened: RedisState[] = []
  const tracked = async (state: RedisState | Promise<RedisState>) => {
    opened.push(await state)
    return state
  }
  afterEach(async () => void (await Promise.all(opened.splice(0).map((state) => state.close()))))

  const rules: LimitRule[] = [
    { algorithm: 'sliding-window', limit: 7, windowMs: 60_000 },
    { algorithm: 'sliding-window', limit: 3, windowMs: 90_001 },
    { algorithm: 'token-bucket', capacity: 5, refillPerSecond: 1 / 7 },
    { algorithm: 'token-bucket', capacity: 2.5, refillPerSecond: 0.1 },
  ]

  it('decides exactly as the memory does', async () => {
    let nowMs = START_MS
    const redis = await tracked(open(() => nowMs))
    const takes = fc.array(
      fc.record({ waitMs: fc.oneof(fc.constant(0), fc.integer({ min: -2_000, max: 30_000 })), cost: fc.nat(3) }),
      { minLength: 1, maxLength: 40 },
    )
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...rules), takes, async (each, steps) => {
        const memory = createMemoryState({ now: () => nowMs })
        const key = randomUUID()
        for (const { waitMs, cost } of steps) {
          nowMs += waitMs
          const expected: LimitDecision = memory.take(key, each, cost)
          expect(await redis.take(key, each, cost)).toEqual(expected)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('counts by the time of the server, not of the gateway', async () => {
    const state = await tracked(open())
    expect((await state.take('k', rule)).resetMs).toBeGreaterThanOrEqual(60_000)
    const { isAllowed, resetMs } = await state.take('k', rule)
    expect(isAllowed).toBe(true)
    expect(resetMs).toBeLessThanOrEqual(61_000)
  })

  it('leaves nothing behind for ever', async () => {
    const prefix = `konnect-test:${randomUUID()}:`
    const state = await tracked(open(undefined, prefix))
    await state.take('k', rule)
    await state.take('k', { algorithm: 'token-bucket', capacity: 2, refillPerSecond: 1 })
    await state.lease('k', 1, 5_000)
    await state.increment('n', 1, 5_000)
    await state.set('v', 'value', 5_000)
    const raw = new Redis(url)
    const keys = await raw.keys(`${prefix}*`)
    const ends = await Promise.all(keys.map((key) => raw.pttl(key)))
    raw.disconnect()
    expect(keys).toHaveLength(5)
    for (const end of ends) expect(end).toBeGreaterThan(0)
  })

  it('loads its scripts again when the server forgot them', async () => {
    const state = await tracked(open())
    await state.take('k', rule)
    const raw = new Redis(url)
    await raw.script('FLUSH')
    raw.disconnect()
    expect((await state.take('k', rule)).remaining).toBe(0)
  })

  it('refuses an address that is not one of Redis', () => {
    expect(() => createRedisState({ url: 'http://127.0.0.1' })).toThrow(RangeError)
  })

  describe('behind a network with faults', () => {
    let proxy: FaultyProxy
    let state: RedisState
    const warn = vi.fn()
    beforeEach(async () => {
      warn.mockClear()
      const { hostname, port } = new URL(url)
      proxy = await startFaultyProxy(hostname, Number(port || 6379))
      state = createRedisState({
        url: url.replace(/\/\/(.*@)?[^/]+/, `//$1127.0.0.1:${proxy.port}`),
        prefix: `konnect-test:${randomUUID()}:`,
        timeoutMs: 100,
        logger: { ...silentLogger, warn },
      })
      expect(await state.whenReady(5_000)).toBe(true)
    })
    afterEach(async () => {
      await state.close()
      await proxy.goDown().catch(() => {})
    })

    it('fails fast while the server is away, says so once, and comes back by itself', async () => {
      await state.take('k', rule)
      await proxy.goDown()
      const startedAt = performance.now()
      await expect(Promise.resolve(state.take('k', rule))).rejects.toThrow(StateUnavailable)
      expect(performance.now() - startedAt).toBeLessThan(1_000)
      await vi.waitFor(() => expect(warn).toHaveBeenCalled())
      await proxy.comeBack()
      expect(await state.whenReady(10_000)).toBe(true)
      expect((await state.take('k', rule)).remaining).toBe(0)
      expect(warn).toHaveBeenCalledTimes(1)
    })

    it('gives up on a server that hangs, soon without waiting, and recovers', async () => {
      await state.take('k', rule)
      proxy.stall(true)
      for (let i = 0; i < 5; i++) {
        await expect(Promise.resolve(state.take('k', rule))).rejects.toThrow(StateUnavailable)
      }
      await expect(Promise.resolve(state.take('k', rule))).rejects.toThrow('Redis does not answer')
      proxy.stall(false)
      const recovered = await vi.waitFor(() => Promise.resolve(state.take('fresh', rule)), 10_000)
      expect(recovered.isAllowed).toBe(true)
    })
  })
})

describe('Redis state without a server', () => {
  it('fails with StateUnavailable from the first call on, and takes no process down', async () => {
    const proxy = await startFaultyProxy('127.0.0.1', 1)
    await proxy.goDown()
    const state = createRedisState({ url: `redis://127.0.0.1:${proxy.port}` })
    const calls = [
      () => state.take('k', { algorithm: 'token-bucket', capacity: 1, refillPerSecond: 1 }),
      () => state.lease('k', 1, 1_000),
      () => state.get('k'),
      () => state.set('k', 'v', 1_000),
      () => state.delete('k'),
      () => state.increment('k', 1, 1_000),
    ]
    for (const call of calls) await expect(Promise.resolve(call())).rejects.toThrow(StateUnavailable)
    expect(await state.whenReady(10)).toBe(false)
    await state.close()
  })
})
