import { randomUUID } from 'node:crypto'
import { createRedisState, type RedisState } from '@konnect/state'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AiStage, answering, assistantAt, providerAt } from './harness-ai.ts'

const url = process.env.KONNECT_TEST_REDIS_URL ?? 'redis://127.0.0.1:6379'
const isReachable = await isRedisReachable()
if (!isReachable) console.warn(`SKIPPED: no Redis at ${url}; set KONNECT_TEST_REDIS_URL to test capacity over gateways`)

async function isRedisReachable(): Promise<boolean> {
  const state = createRedisState({ url })
  const isReady = await state.whenReady(1_500)
  await state.close()
  return isReady
}

describe.skipIf(!isReachable)('capacity over two gateways with Redis', () => {
  let stage: AiStage
  let states: RedisState[]
  beforeEach(async () => {
    stage = new AiStage()
    const prefix = `konnect-test:${randomUUID()}:`
    states = [0, 1].map(() => createRedisState({ url, prefix, timeoutMs: 5_000 }))
    for (const state of states) expect(await state.whenReady(5_000)).toBe(true)
  })
  afterEach(async () => {
    await stage.close()
    for (const state of states) await state.close()
  })

  it('admits as many requests in a minute as one gateway would', async () => {
    const vendor = await stage.vendor(answering('Hello'))
    const model = assistantAt([{ provider: 'a', capacity: { requestsPerMinute: 10 } }])
    const gateways = await Promise.all(
      states.map((state) => stage.gateway([providerAt('a', vendor)], model, { state })),
    )
    const asked = Array.from({ length: 30 }, (_, i) => gateways[i % 2]?.chat())
    const statuses = (await Promise.all(asked)).map((response) => response?.status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(10)
    expect(statuses.filter((status) => status === 429)).toHaveLength(20)
    expect(vendor.requests).toHaveLength(10)
  })

  it('has as many under way, and lets in one who waits at the other gateway', async () => {
    const vendor = await stage.waitingVendor()
    const strategy = { mode: 'fallback' as const, queue: {} }
    const model = assistantAt([{ provider: 'a', capacity: { concurrent: 2 } }], { strategy })
    const [one, two] = await Promise.all(
      states.map((state) => stage.gateway([providerAt('a', vendor.server)], model, { state })),
    )
    const under = [one?.chat(), two?.chat()]
    await vendor.reached(2)
    const waiting = two?.chat()
    await vi.waitFor(() => expect(two?.gateway.gateway.queued).toBe(1))
    expect(vendor.server.requests).toHaveLength(2)
    await vendor.release(answering('first'))
    for (const response of under) expect((await response)?.status).toBe(200)
    await vendor.reached(1)
    await vendor.release(answering('second'))
    expect((await waiting)?.status).toBe(200)
    const calls = await two?.gateway.recorded(2)
    expect(calls?.[1]?.ai?.queuedMs).toBeGreaterThan(0)
  })
})
