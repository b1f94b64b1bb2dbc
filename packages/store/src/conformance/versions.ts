import type { AiCall, Call, Rating } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { codeOf, type Fixture, freshId, freshTenant, newAiHalf, newCall } from './fixture.ts'

const minute = (count: number) => new Date(Date.UTC(2026, 0, 31, 12, count)).toISOString()
const RANGE = { model: 'assistant', from: minute(0), to: minute(60) }

const aiCall = (tenantId: string, ai: Partial<AiCall>, part: Partial<Call> = {}) =>
  newCall(tenantId, { kind: 'ai', ai: newAiHalf(ai), ...part })

const ratingOf = (callId: string, score: number, part: Partial<Rating> = {}): Rating => ({
  callId,
  score,
  comment: null,
  rater: 'user:a@example.com',
  at: minute(30),
  ...part,
})

/** A call of a client that `v1` answered, and the one of `v2` to compare with; `said` is what each answered. */
function pairOf(tenantId: string, said: readonly [main?: string, shadow?: string] = [], startedAt = minute(1)) {
  const content = (answer: string | undefined) => (answer === undefined ? {} : { content: { answer } })
  const main = aiCall(tenantId, { version: 'v1' }, { startedAt, ...content(said[0]) })
  const shadow = aiCall(tenantId, { version: 'v2', shadowOf: main.id }, { startedAt, ...content(said[1]) })
  return [main, shadow] as const
}

/** Guarantees of what compares the versions of a model. */
export function versionsConformance(fixture: () => Fixture): void {
  const insert = (calls: readonly Call[]) => fixture().store.asSystem((tx) => tx.calls.insert(calls))
  const versions = (tenantId: string, range = RANGE) =>
    fixture().store.asTenant(tenantId, (tx) => tx.calls.versions(range))
  const rate = (tenantId: string, rating: Rating) => fixture().store.asTenant(tenantId, (tx) => tx.calls.rate(rating))
  const pairs = (tenantId: string, page: { limit?: number; cursor?: string } = {}, range = RANGE) =>
    fixture().store.asTenant(tenantId, (tx) => tx.calls.comparisons(range, page))

  describe('figures of versions', () => {
    it('are of each version by itself, those of comparisons apart', async () => {
      const tenantId = await freshTenant(fixture())
      await insert([
        ...[100, 200, 300].map((durationMs) => aiCall(tenantId, { version: 'v1', firstTokenMs: 10 }, { durationMs })),
        aiCall(
          tenantId,
          { version: 'v1', usage: null, costUsd: null, firstTokenMs: null },
          { status: 502, durationMs: 9 },
        ),
        aiCall(tenantId, { version: 'v1' }, { status: 429, durationMs: 1 }),
        aiCall(tenantId, { version: 'v2', costUsd: '0.000000000001' }, { durationMs: 50 }),
        aiCall(tenantId, { version: 'v2', shadowOf: 'nowhere' }),
        aiCall(tenantId, {}),
        aiCall(tenantId, { model: 'other', version: 'v1' }),
        aiCall(tenantId, { version: 'v1' }, { startedAt: minute(60) }),
      ])
      const [old, v1, v2, shadow, ...more] = await versions(tenantId)
      expect(old).toMatchObject({ version: '', isShadow: false, calls: 1 })
      expect(v1).toEqual({
        version: 'v1',
        isShadow: false,
        calls: 5,
        errors: 1,
        rejected: 1,
        p50Ms: 200,
        p95Ms: 290,
        firstTokenP50Ms: 10,
        firstTokenP95Ms: 10,
        inputTokens: 400,
        outputTokens: 80,
        costUsd: '0.4',
        unpriced: 1,
        rated: 0,
        quality: null,
        compared: 0,
        agreed: 0,
      })
      expect(v2).toMatchObject({ version: 'v2', isShadow: false, calls: 1, costUsd: '0.000000000001' })
      expect(shadow).toMatchObject({ version: 'v2', isShadow: true, calls: 1 })
      expect(more).toEqual([])
    })

    it('have no times where nothing was answered, and no rows where nothing was called', async () => {
      const tenantId = await freshTenant(fixture())
      expect(await versions(tenantId)).toEqual([])
      await insert([aiCall(tenantId, { version: 'v1' }, { status: 500 })])
      expect(await versions(tenantId)).toMatchObject([{ errors: 1, p50Ms: null, firstTokenP50Ms: null }])
    })

    it('hold the mean of ratings, each call counted once whoever rated it', async () => {
      const tenantId = await freshTenant(fixture())
      const [good, mixed, silent] = [{}, {}, {}].map(() => aiCall(tenantId, { version: 'v1' })) as [Call, Call, Call]
      await insert([good, mixed, silent])
      await rate(tenantId, ratingOf(good.id, 1))
      await rate(tenantId, ratingOf(mixed.id, 1))
      await rate(tenantId, ratingOf(mixed.id, -1, { rater: 'user:b@example.com' }))
      expect(await versions(tenantId)).toMatchObject([{ calls: 3, rated: 2, quality: 0.5 }])
    })

    it('say how often a shadow said the same, white space and case aside', async () => {
      const tenantId = await freshTenant(fixture())
      await insert([
        ...pairOf(tenantId, ['Yes,\n it is. ', 'yes, it is.']),
        ...pairOf(tenantId, ['Yes.', 'No.']),
        ...pairOf(tenantId, ['Yes.']),
        ...pairOf(tenantId),
      ])
      const shadow = (await versions(tenantId)).find(({ isShadow }) => isShadow)
      expect(shadow).toMatchObject({ version: 'v2', calls: 4, compared: 2, agreed: 1 })
    })

    it('stay out of other figures and lists, which say what comparisons cost', async () => {
      const tenantId = await freshTenant(fixture())
      const [main, shadow] = pairOf(tenantId)
      await insert([main, shadow])
      const { store } = fixture()
      const { total } = await store.asTenant(tenantId, (tx) => tx.calls.stats({ from: minute(0), to: minute(2) }, 1))
      expect(total).toMatchObject({ calls: 1, costUsd: '0.1', shadowCalls: 1, shadowCostUsd: '0.1' })
      const search = (filter: { isShadow?: boolean }) =>
        store.asTenant(tenantId, async (tx) => (await tx.calls.search(filter, {})).items.map(({ id }) => id))
      expect(await search({})).toEqual([main.id])
      expect(await search({ isShadow: true })).toEqual([shadow.id])
      expect(await store.asTenant(tenantId, (tx) => tx.calls.get(shadow.id))).toEqual(shadow)
    })
  })

  describe('comparisons', () => {
    it('come as pairs with their ratings, newest first, page by page', async () => {
      const tenantId = await freshTenant(fixture())
      const made = [0, 1, 2].map((count) => pairOf(tenantId, ['One', 'Two'], minute(count)))
      const alone = aiCall(tenantId, { version: 'v2', shadowOf: freshId('call') }, { startedAt: minute(9) })
      await insert([...made.flat(), alone])
      const [oldest, middle, newest] = made.map(([main, shadow]) => ({
        main: { call: main, quality: null },
        shadow: { call: shadow, quality: null },
      }))
      await rate(tenantId, ratingOf(middle?.shadow.call.id ?? '', -0.5))
      const first = await pairs(tenantId, { limit: 2 })
      expect(first.items).toEqual([newest, { ...middle, shadow: { ...middle?.shadow, quality: -0.5 } }])
      const second = await pairs(tenantId, { limit: 2, cursor: first.nextCursor ?? '' })
      expect(second).toEqual({ items: [oldest], nextCursor: null })
      expect(await codeOf(pairs(tenantId, { cursor: 'nonsense' }))).toBe('validation_failed')
    })

    it('are of one model and one time', async () => {
      const tenantId = await freshTenant(fixture())
      await insert(pairOf(tenantId))
      expect((await pairs(tenantId, {}, { ...RANGE, model: 'other' })).items).toEqual([])
      expect((await pairs(tenantId, {}, { ...RANGE, from: minute(2) })).items).toEqual([])
    })

    it('find a main call that began before midnight', async () => {
      const tenantId = await freshTenant(fixture())
      const [main, shadow] = pairOf(tenantId)
      const range = { ...RANGE, from: '2026-01-31T00:00:00.000Z', to: '2026-02-02T00:00:00.000Z' }
      const late = { ...main, startedAt: '2026-01-31T23:59:59.999Z' }
      await insert([late, { ...shadow, startedAt: '2026-02-01T00:00:00.002Z' }])
      expect((await pairs(tenantId, {}, range)).items).toMatchObject([{ main: { call: late } }])
    })
  })

  describe('ratings', () => {
    it('replace an earlier one of the same rater, and come newest first', async () => {
      const tenantId = await freshTenant(fixture())
      const call = aiCall(tenantId, {})
      await insert([call])
      await rate(tenantId, ratingOf(call.id, -1, { comment: 'wrong' }))
      const other = ratingOf(call.id, 0.5, { rater: 'token:ci', at: minute(31), comment: 'a\0b' })
      await rate(tenantId, other)
      await rate(tenantId, ratingOf(call.id, 1, { at: minute(32) }))
      expect(await fixture().store.asTenant(tenantId, (tx) => tx.calls.ratings(call.id))).toEqual([
        ratingOf(call.id, 1, { at: minute(32) }),
        { ...other, comment: 'a\u{fffd}b' },
      ])
    })

    it('are for calls of the own tenant only, and for none that does not exist', async () => {
      const [mine, theirs] = [await freshTenant(fixture()), await freshTenant(fixture())]
      const call = aiCall(theirs, { version: 'v1' })
      await insert([call])
      expect(await codeOf(rate(mine, ratingOf(call.id, 1)))).toBe('resource_not_found')
      expect(await codeOf(rate(mine, ratingOf('nowhere', 1)))).toBe('resource_not_found')
      await rate(theirs, ratingOf(call.id, 1))
      expect(await fixture().store.asTenant(mine, (tx) => tx.calls.ratings(call.id))).toEqual([])
      expect(await versions(mine)).toEqual([])
      expect((await pairs(mine)).items).toEqual([])
    })

    it('beyond the scale are refused', async () => {
      const tenantId = await freshTenant(fixture())
      const call = aiCall(tenantId, {})
      await insert([call])
      await expect(rate(tenantId, ratingOf(call.id, 1.01))).rejects.toThrow()
    })

    it('expire with their calls', async () => {
      const tenantId = await freshTenant(fixture())
      const at = (day: string) => aiCall(tenantId, {}, { startedAt: `2003-03-${day}T23:59:59.999Z` })
      const [old, young] = [at('01'), at('02')]
      await insert([old, young])
      for (const { id } of [old, young]) await rate(tenantId, ratingOf(id, 1))
      const { store } = fixture()
      await store.asSystem((tx) => tx.calls.expire('2003-03-02T12:00:00.000Z'))
      const left = (id: string) => store.asTenant(tenantId, async (tx) => (await tx.calls.ratings(id)).length)
      expect([await left(old.id), await left(young.id)]).toEqual([0, 1])
      await store.asSystem((tx) => tx.calls.expire('2003-03-03T00:00:00.000Z'))
    })
  })
}
