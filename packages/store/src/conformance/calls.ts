import type { Call, CallFilter } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { codeOf, type Fixture, freshId, freshTenant, newAiHalf, newCall } from './fixture.ts'

const minute = (count: number) => new Date(Date.UTC(2026, 0, 31, 12, count)).toISOString()
const idsOf = (calls: readonly Call[]) => calls.map((call) => call.id)

/** Guarantees of the call repository: storing, finding and expiring. */
export function callsConformance(fixture: () => Fixture): void {
  const insert = (calls: readonly Call[]) => fixture().store.asSystem((tx) => tx.calls.insert(calls))
  const search = async (tenantId: string, filter: CallFilter, page: { limit?: number; cursor?: string } = {}) =>
    fixture().store.asTenant(tenantId, (tx) => tx.calls.search(filter, page))

  describe('calls', () => {
    it('come back as they were shipped, also when shipped again', async () => {
      const tenantId = await freshTenant(fixture())
      const call = newCall(tenantId, {
        kind: 'ai',
        ai: newAiHalf({ costUsd: '0.000000000123' }),
        attempts: [{ target: 'main', status: 200, durationMs: 11.25, error: null }],
        content: { requestBody: '{"a": "ü\\u0001"}' },
      })
      const other = newCall(tenantId)
      expect(await insert([call, call])).toBe(1)
      expect(await insert([{ ...call, status: 500 }, other])).toBe(1)
      expect(await insert([])).toBe(0)
      const { store } = fixture()
      expect(await store.asTenant(tenantId, (tx) => tx.calls.get(call.id))).toEqual(call)
      expect(await store.asSystem((tx) => tx.calls.get(call.id))).toEqual(call)
      expect(await store.asSystem((tx) => tx.calls.get('nowhere'))).toBeUndefined()
    })

    it('with text that a database cannot hold are stored with a mark in its place', async () => {
      const tenantId = await freshTenant(fixture())
      const call = newCall(tenantId, { path: '/a\0b', userAgent: 'x\ud800', host: '\0' })
      expect(await insert([call])).toBe(1)
      const stored = await fixture().store.asSystem((tx) => tx.calls.get(call.id))
      expect(stored).toEqual({ ...call, path: '/a\u{fffd}b', userAgent: 'x\u{fffd}', host: '\u{fffd}' })
    })

    it('without a usable time or id are refused by name, and nothing of the batch is stored', async () => {
      const tenantId = await freshTenant(fixture())
      const good = newCall(tenantId)
      const wrong = [{ startedAt: 'yesterday' }, { id: '' }, { startedAt: '2026-01-01T23:59:59.9996Z' }]
      const batch = [good, ...wrong.map((part) => newCall(tenantId, part))]
      await expect(insert(batch)).rejects.toMatchObject({
        code: 'validation_failed',
        errors: [{ path: '/1/startedAt' }, { path: '/2/id' }, { path: '/3/startedAt' }],
      })
      expect((await search(tenantId, {})).items).toEqual([])
    })

    it('come newest first, page by page, across days and equal times', async () => {
      const tenantId = await freshTenant(fixture())
      const times = [minute(0), minute(0), minute(0), minute(1), minute(2 * 24 * 60), minute(-24 * 60)]
      const calls = times.map((startedAt) => newCall(tenantId, { startedAt }))
      await insert(calls)
      const seen: Call[] = []
      let cursor: string | null | undefined
      while (cursor !== null) {
        const page = await search(tenantId, {}, { limit: 2, ...(cursor === undefined ? {} : { cursor }) })
        seen.push(...page.items)
        cursor = page.nextCursor
      }
      expect(seen.map((call) => call.startedAt)).toEqual([...times].sort().reverse())
      expect(new Set(idsOf(seen)).size).toBe(calls.length)
      expect(await codeOf(search(tenantId, {}, { cursor: 'nonsense' }))).toBe('validation_failed')
    })

    it('are found by each field of the filter', async () => {
      const tenantId = await freshTenant(fixture())
      const plain = newCall(tenantId, { startedAt: minute(0) })
      const special = newCall(tenantId, {
        startedAt: minute(10),
        kind: 'ai',
        apiId: 'api_other',
        applicationId: 'app_1',
        application: 'Mobile App',
        status: 503,
        errorCode: 'no_healthy_target',
        method: 'POST',
        path: '/v1/Chat_100%',
        durationMs: 900,
        ai: newAiHalf({ version: 'v2' }),
      })
      await insert([plain, special])
      const filters: readonly CallFilter[] = [
        { from: minute(10) },
        { kind: 'ai' },
        { apiId: 'api_other' },
        { applicationId: 'app_1' },
        { model: 'assistant' },
        { provider: 'main' },
        { version: 'v2' },
        { status: 503 },
        { statusClass: 5 },
        { errorCode: 'no_healthy_target' },
        { method: 'POST' },
        { text: 'chat_100%' },
        { text: 'mobile' },
        { text: special.id.toUpperCase() },
        { minDurationMs: 900 },
        { from: minute(5), to: minute(11), kind: 'ai', status: 503 },
      ]
      for (const filter of filters)
        expect(idsOf((await search(tenantId, filter)).items), JSON.stringify(filter)).toEqual([special.id])
      expect(idsOf((await search(tenantId, { to: minute(10) })).items)).toEqual([plain.id])
      expect((await search(tenantId, { kind: 'websocket' })).items).toEqual([])
    })

    it('of another tenant stay out of sight', async () => {
      const [mine, theirs] = [await freshTenant(fixture()), await freshTenant(fixture())]
      const call = newCall(theirs)
      await insert([call])
      const { store } = fixture()
      expect((await search(mine, {})).items).toEqual([])
      expect(await store.asTenant(mine, (tx) => tx.calls.get(call.id))).toBeUndefined()
      const range = { from: minute(-60), to: minute(60) }
      expect((await store.asTenant(mine, (tx) => tx.calls.stats(range, 1))).total.calls).toBe(0)
    })

    it('expire by whole days, and a late call of such a day is accepted again', async () => {
      const tenantId = await freshTenant(fixture())
      const day = (date: string, change: Partial<Call> = {}) =>
        newCall(tenantId, { startedAt: `${date}T23:59:59.999Z`, ...change })
      const [old, edge, young] = [day('2001-03-01'), day('2001-03-02'), day('2001-03-03')]
      await insert([old, edge, young])
      const { store } = fixture()
      expect(await store.asSystem((tx) => tx.calls.expire('2001-03-03T12:00:00.000Z'))).toBe(2)
      expect(await store.asSystem((tx) => tx.calls.expire('2001-03-03T12:00:00.000Z'))).toBe(0)
      expect(idsOf((await search(tenantId, {})).items)).toEqual([young.id])
      expect(await insert([old])).toBe(1)
      expect(idsOf((await search(tenantId, {})).items)).toEqual([young.id, old.id])
      expect(await codeOf(store.asTenant(tenantId, (tx) => tx.calls.expire('2001-03-04T00:00:00Z')))).toBe(
        'permission_denied',
      )
      await store.asSystem((tx) => tx.calls.expire('2001-03-04T00:00:00.000Z'))
    })

    it('of one new day may be shipped by several at once', async () => {
      const tenantId = await freshTenant(fixture())
      const batches = Array.from({ length: 4 }, () => [newCall(tenantId, { startedAt: '2002-05-05T00:00:00.000Z' })])
      expect(await Promise.all(batches.map(insert))).toEqual([1, 1, 1, 1])
      expect((await search(tenantId, {})).items).toHaveLength(4)
      await fixture().store.asSystem((tx) => tx.calls.expire('2002-05-06T00:00:00.000Z'))
    })
  })

  statsConformance(fixture, insert)
}

function statsConformance(fixture: () => Fixture, insert: (calls: readonly Call[]) => Promise<number>): void {
  const stats = (tenantId: string, filter: CallFilter & { from: string; to: string }, buckets: number) =>
    fixture().store.asTenant(tenantId, (tx) => tx.calls.stats(filter, buckets))

  describe('figures over calls', () => {
    it('add up counts, tokens and money exactly', async () => {
      const tenantId = await freshTenant(fixture())
      const ai = (costUsd: string | null) => newCall(tenantId, { kind: 'ai', ai: newAiHalf({ costUsd }) })
      await insert([
        ...Array.from({ length: 10 }, () => ai('0.1')),
        ai('0.000000000001'),
        ai(null),
        newCall(tenantId, { kind: 'ai', ai: newAiHalf({ usage: null }), status: 502 }),
        newCall(tenantId, { status: 404 }),
        newCall(tenantId, { status: 499 }),
      ])
      const { total } = await stats(tenantId, { from: minute(0), to: minute(1) }, 1)
      expect(total).toMatchObject({ calls: 15, errors: 1, rejected: 2, unpriced: 1 })
      expect(total).toMatchObject({ inputTokens: 1_200, outputTokens: 240, costUsd: '1.100000000001' })
    })

    it('interpolate percentiles', async () => {
      const tenantId = await freshTenant(fixture())
      await insert(Array.from({ length: 101 }, (_, index) => newCall(tenantId, { durationMs: index })))
      const { total } = await stats(tenantId, { from: minute(0), to: minute(1) }, 1)
      expect([total.p50Ms, total.p95Ms, total.p99Ms]).toEqual([50, 95, 99])
    })

    it('fall into equal steps, each call into exactly one', async () => {
      const tenantId = await freshTenant(fixture())
      const at = (ms: number) => new Date(Date.UTC(2026, 0, 31, 12) + ms).toISOString()
      const offsets = [0, 333, 334, 666, 667, 999]
      await insert([...offsets, -1, 1_000].map((ms) => newCall(tenantId, { startedAt: at(ms) })))
      const { buckets, total } = await stats(tenantId, { from: at(0), to: at(1_000) }, 3)
      expect(buckets.map((bucket) => bucket.at)).toEqual([at(0), at(334), at(667)])
      expect(buckets.map((bucket) => bucket.calls)).toEqual([2, 2, 2])
      expect(total.calls).toBe(6)
    })

    it('are zero where there is nothing', async () => {
      const tenantId = await freshTenant(fixture())
      const none = {
        calls: 0,
        errors: 0,
        rejected: 0,
        p50Ms: 0,
        p95Ms: 0,
        inputTokens: 0,
        outputTokens: 0,
        costUsd: '0',
      }
      expect(await stats(tenantId, { from: minute(0), to: minute(2) }, 2)).toEqual({
        total: { ...none, p99Ms: 0, unpriced: 0, shadowCalls: 0, shadowCostUsd: '0' },
        buckets: [
          { at: minute(0), ...none },
          { at: minute(1), ...none },
        ],
        topApis: [],
        topApplications: [],
        topModels: [],
      })
    })

    it('name what is called most', async () => {
      const tenantId = await freshTenant(fixture())
      const app = freshId('app')
      await insert([
        newCall(tenantId, { apiId: 'api_b', api: 'b', applicationId: app, application: 'mobile' }),
        newCall(tenantId, { apiId: 'api_b', api: 'b' }),
        newCall(tenantId, { apiId: 'api_a', api: 'a' }),
        newCall(tenantId, { kind: 'ai', apiId: null, api: null, ai: newAiHalf({ costUsd: '0.25' }) }),
        newCall(tenantId, { kind: 'ai', apiId: null, api: null, ai: newAiHalf({ costUsd: '0.50' }) }),
      ])
      const { topApis, topApplications, topModels } = await stats(tenantId, { from: minute(0), to: minute(1) }, 1)
      expect(topApis).toEqual([
        { id: 'api_b', name: 'b', calls: 2 },
        { id: 'api_a', name: 'a', calls: 1 },
      ])
      expect(topApplications).toEqual([{ id: app, name: 'mobile', calls: 1 }])
      expect(topModels).toEqual([{ name: 'assistant', calls: 2, costUsd: '0.75' }])
    })

    it('need a span that runs forward, and a sensible number of steps', async () => {
      const tenantId = await freshTenant(fixture())
      expect(await codeOf(stats(tenantId, { from: minute(1), to: minute(0) }, 1))).toBe('validation_failed')
      expect(await codeOf(stats(tenantId, { from: 'x', to: minute(0) }, 1))).toBe('validation_failed')
      expect(await codeOf(stats(tenantId, { from: minute(0), to: minute(1) }, 0))).toBe('validation_failed')
    })
  })
}
