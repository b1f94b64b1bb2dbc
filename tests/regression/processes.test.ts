import type { Call, Page } from '@konnect/contract'
import { startEchoUpstream, waitFor } from '@konnect/testkit'
import { Agent, request } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import { type Konnect, type KonnectOptions, startKonnect } from '../harness.ts'

const KEY = 'kn_test_0123456789abcdef'
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function start(options: KonnectOptions & { limit?: number } = {}): Promise<Konnect> {
  const upstream = await startEchoUpstream()
  closing.push(() => upstream.close())
  const { limit = 1_000_000, ...others } = options
  const konnect = await startKonnect({ config: configOf(upstream.url, limit), ...others })
  closing.push(() => konnect.stop())
  return konnect
}

const configOf = (url: string, limit: number): string => `
apis:
  - name: orders
    upstream: { targets: [{ url: "${url}" }] }
    routes: [{ paths: ["/orders"] }]
    policies: [{ use: key-auth }, { use: rate-limit, with: { limit: ${limit}, window: 60s, by: application } }]
applications:
  - name: mobile
    keys: [{ name: first, value: ${KEY} }]
    subscriptions: [{ api: orders }]
`

/** Calls `/orders` from `clients` kept-alive connections until told to stop. */
function startLoad(konnect: Konnect, clients: number) {
  const agent = new Agent({ connections: clients, pipelining: 1 })
  const ids: string[] = []
  const failures: { at: number; what: string }[] = []
  let isRunning = true
  const client = async () => {
    while (isRunning) {
      try {
        const response = await request(`${konnect.gatewayUrl}/orders`, {
          dispatcher: agent,
          headers: { authorization: `Bearer ${KEY}` },
        })
        await response.body.text()
        if (response.statusCode === 200) ids.push(String(response.headers['x-request-id']))
        else failures.push({ at: Date.now(), what: `status ${response.statusCode}` })
      } catch (error) {
        failures.push({ at: Date.now(), what: String(error) })
      }
    }
  }
  const running = Promise.all(Array.from({ length: clients }, client))
  return {
    ids,
    failures,
    answered: (count: number) => {
      const from = ids.length
      return waitFor(`${count} answers`, () => ids.length >= from + count, { timeoutMs: 20_000 })
    },
    async stop() {
      isRunning = false
      await running
      await agent.close()
    },
  }
}

async function storedIds(konnect: Konnect): Promise<Set<string>> {
  const ids = new Set<string>()
  let cursor: string | null = null
  do {
    const page: Page<Call> = await konnect.client.calls.list({ limit: 1000, ...(cursor === null ? {} : { cursor }) })
    for (const call of page.items) ids.add(call.id)
    cursor = page.nextCursor
  } while (cursor !== null)
  return ids
}

const isMissing = async (konnect: Konnect, wanted: readonly string[]): Promise<number> => {
  const stored = await storedIds(konnect)
  return wanted.filter((id) => !stored.has(id)).length
}

describe('processes', () => {
  it('killing the control plane under load fails no request, and every call of that time is recorded', async () => {
    const konnect = await start()
    const load = startLoad(konnect, 4)
    await load.answered(50)
    const [control] = await konnect.pids('control')
    process.kill(control ?? 0, 'SIGKILL')
    await load.answered(200)
    await load.stop()
    expect(load.failures).toEqual([])
    await konnect.ready()
    await waitFor('every call to be stored', async () => (await isMissing(konnect, load.ids)) === 0, {
      timeoutMs: 30_000,
      intervalMs: 200,
    })
  })

  it('a gateway that is restarted while the control plane is away serves from disk', async () => {
    const konnect = await start()
    const before = startLoad(konnect, 2)
    await before.answered(20)
    await before.stop()
    const [control] = await konnect.pids('control')
    const [worker] = await konnect.pids('gateway-worker')
    process.kill(worker ?? 0, 'SIGTERM')
    process.kill(control ?? 0, 'SIGKILL')
    const during = startLoad(konnect, 2)
    await waitFor('a new worker', async () => {
      const [other] = await konnect.pids('gateway-worker')
      return other !== undefined && other !== worker
    })
    await during.answered(20)
    await during.stop()
    expect(during.failures).toEqual([])
    expect(konnect.output()).toContain('Serving the Snapshot on disk')
    await konnect.ready()
    const wanted = [...before.ids, ...during.ids]
    await waitFor('every call to be stored', async () => (await isMissing(konnect, wanted)) === 0, {
      timeoutMs: 30_000,
      intervalMs: 200,
    })
  })

  it('killing one of two workers fails only what it had in flight, and it is replaced', async () => {
    const konnect = await start({ flags: ['--workers', '2'] })
    const clients = 8
    const load = startLoad(konnect, clients)
    await load.answered(100)
    const [victim, other] = await konnect.pids('gateway-worker')
    expect(other).toBeDefined()
    process.kill(victim ?? 0, 'SIGKILL')
    const killedAt = Date.now()
    await load.answered(300)
    await waitFor('a new worker', async () => {
      const workers = await konnect.pids('gateway-worker')
      return workers.length === 2 && !workers.includes(victim ?? 0)
    })
    await load.answered(100)
    await load.stop()
    expect(load.failures.length).toBeLessThanOrEqual(clients)
    expect(load.failures.every(({ at }) => at - killedAt < 1_000)).toBe(true)
  })

  it.each([1, 2])('a limit of 100 admits 100 with %i workers', async (workers) => {
    const konnect = await start({ limit: 100, flags: ['--workers', `${workers}`] })
    const agent = new Agent({ connections: 16, pipelining: 1 })
    const statuses = await Promise.all(
      Array.from({ length: 160 }, async () => {
        const response = await request(`${konnect.gatewayUrl}/orders`, {
          dispatcher: agent,
          headers: { 'x-api-key': KEY },
        })
        await response.body.text()
        return response.statusCode
      }),
    )
    await agent.close()
    expect(statuses.filter((status) => status === 200)).toHaveLength(100)
    expect(statuses.filter((status) => status === 429)).toHaveLength(60)
  })

  it('a revoked key stops within one second', async () => {
    const konnect = await start()
    const call = async () =>
      (await fetch(`${konnect.gatewayUrl}/orders`, { headers: { authorization: `Bearer ${KEY}` } })).status
    expect(await call()).toBe(200)
    await konnect.client.resources('key', { parent: 'mobile' }).remove('first')
    await waitFor('the key to be refused', async () => (await call()) === 401, { timeoutMs: 1_000 })
  })
})
