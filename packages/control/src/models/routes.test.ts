import type { AiCall, Call, SnapshotModel } from '@konnect/contract'
import { openStore } from '@konnect/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Harness, startControl } from '../harness/control-harness.ts'

const RANGE = 'from=2026-01-31T00:00:00Z&to=2026-02-01T00:00:00%2B00:00'
const deployments = [{ provider: 'main', model: 'm-1' }]
const versions = ['v1', 'v2', 'v3'].map((name) => ({ name, deployments }))

let harness: Harness
beforeAll(async () => {
  harness = await startControl(openStore)
  await request('POST', '/providers', { name: 'main', vendor: 'local-ai', baseUrl: 'http://127.0.0.1:9' })
})
afterAll(() => harness.close())

const request: Harness['request'] = (...args) => harness.request(...args)
const create = (name: string, part: object = {}) => request('POST', '/models', { name, versions, ...part })

const servedShares = async (name: string) => (await served(name))?.traffic

async function served(name: string) {
  const latest = await harness.store.asSystem((tx) => tx.snapshots.latest())
  const { models } = JSON.parse(latest?.payload ?? '{}') as { models: SnapshotModel[] }
  return models.find((model) => model.name === name)
}

describe('promotions', () => {
  it('are published at once, audited by their name, and can be taken back', async () => {
    const traffic = { shares: [{ version: 'v1', percent: 100 }], shadow: { version: 'v2' }, stickyBy: 'user' }
    await create('canary', { traffic })
    const promoted = await request('POST', '/models/canary/promote', { version: 'v2', percent: 10 })
    expect(promoted.status).toBe(200)
    const shares = [
      { version: 'v1', percent: 90 },
      { version: 'v2', percent: 10 },
    ]
    expect(promoted.body.spec.traffic).toEqual({ ...traffic, shares, previous: traffic.shares })
    expect(promoted.headers.get('etag')).toBe('"2"')
    expect(await servedShares('canary')).toEqual(promoted.body.spec.traffic)

    const back = await request('POST', '/models/canary/rollback')
    expect(back.body.spec.traffic).toEqual({ ...traffic, previous: shares })
    expect(await servedShares('canary')).toEqual(back.body.spec.traffic)

    const events = (await request('GET', `/audit?resourceId=${back.body.id}`)).body.items
    expect(events.map(({ action }: { action: string }) => action)).toEqual([
      'model.rolled-back',
      'model.promoted',
      'model.created',
    ])
    expect(events[1].change.after.traffic.shares).toEqual(shares)
  })

  it('give everything unless they say how much', async () => {
    await create('whole')
    const { body } = await request('POST', '/models/whole/promote', { version: 'v3' })
    expect(body.spec.traffic).toEqual({
      shares: [{ version: 'v3', percent: 100 }],
      previous: [{ version: 'v1', percent: 100 }],
    })
  })

  it('can be tried without changing anything, staged, and bound to a revision', async () => {
    await create('careful')
    const version = { version: 'v2', percent: 50 }
    const tried = await request('POST', '/models/careful/promote?dryRun=true', version)
    expect(tried.body.changes).toMatchObject([{ action: 'update', kind: 'model', name: 'careful' }])
    expect((await request('GET', '/models/careful')).body.spec).not.toHaveProperty('traffic')
    const stale = await request('POST', '/models/careful/promote', version, { 'if-match': '"7"' })
    expect(stale.body.code).toBe('revision_conflict')
    await request('POST', '/models/careful/promote?publish=false', version)
    expect(await servedShares('careful')).toBeUndefined()
    expect((await request('GET', '/snapshots/pending')).body.changes).toMatchObject([{ name: 'careful' }])
    await request('POST', '/snapshots', {})
  })

  it('leave the secrets of the model as they are', async () => {
    const policies = [{ use: 'gate', with: { limit: 1, token: 'policy-secret-1' } }]
    await create('secretive', { policies })
    const sealed = async () =>
      (await harness.store.asTenant('default', (tx) => tx.resources.findByName('model', 'secretive')))?.spec.policies
    const before = await sealed()
    const { text } = await request('POST', '/models/secretive/promote', { version: 'v2' })
    expect(text).not.toContain('policy-secret-1')
    expect(await sealed()).toEqual(before)
  })

  it.each([
    ['a version that does not exist', 'promote', { version: 'v9' }, '/version'],
    ['more than everything', 'promote', { version: 'v2', percent: 101 }, '/percent'],
    ['no version', 'promote', {}, ''],
    ['nothing to go back to', 'rollback', undefined, ''],
  ])('refuse %s', async (_title, verb, body, path) => {
    await create('strict')
    const refused = await request('POST', `/models/strict/${verb}`, body)
    expect(refused.status).toBe(422)
    expect(refused.body.errors[0].path).toBe(path)
    expect(await servedShares('strict')).toBeUndefined()
  })

  it('refuse to bring back shares of a version that is gone', async () => {
    await create('shrunk')
    await request('POST', '/models/shrunk/promote', { version: 'v2' })
    const gone = { versions: versions.slice(1) }
    const refused = await request('PATCH', '/models/shrunk', gone)
    expect(refused.body.errors[0].path).toBe('/traffic/previous/0/version')
    expect((await request('PATCH', '/models/shrunk', { ...gone, traffic: { previous: null } })).status).toBe(200)
  })

  it('find no model of another name or tenant', async () => {
    expect((await request('POST', '/models/nobody/promote', { version: 'v2' })).status).toBe(404)
    await request('POST', '/tenants', { name: 'other' })
    await create('mine')
    expect((await request('POST', '/models/mine/rollback?tenant=other')).status).toBe(404)
  })
})

describe('a model in a Snapshot', () => {
  it('is there while callers have to be told something, with the dates and the replacement', async () => {
    await create('newer')
    const deprecation = { since: '2026-12-01T00:00:00Z', sunset: '2027-03-01T00:00:00Z', replacement: 'newer' }
    await create('older', { state: 'deprecated', deprecation })
    expect(await served('older')).toMatchObject({ state: 'deprecated', deprecation })
    await request('PATCH', '/models/older', { state: 'retired' })
    expect(await served('older')).toMatchObject({ state: 'retired', deprecation })
    await request('PATCH', '/models/older', { state: 'draft' })
    expect(await served('older')).toBeUndefined()
    expect((await request('DELETE', '/models/newer')).body.code).toBe('in_use')
  })
})

describe('figures of a model', () => {
  const callOf = (id: string, ai: Partial<AiCall>, part: Partial<Call> = {}): Call => ({
    id,
    tenantId: 'default',
    gateway: 'node/1',
    kind: 'ai',
    startedAt: '2026-01-31T12:00:00.000Z',
    durationMs: 100,
    gatewayMs: 1,
    upstreamMs: 90,
    method: 'POST',
    host: 'ai.example.com',
    path: '/v1/chat/completions',
    status: 200,
    errorCode: null,
    errorReason: null,
    apiId: null,
    api: null,
    routeId: null,
    route: null,
    applicationId: null,
    application: null,
    keyId: null,
    clientIp: '192.0.2.1',
    userAgent: null,
    requestBytes: 1,
    responseBytes: 1,
    attempts: [],
    stations: {},
    traceId: null,
    snapshotVersion: 1,
    ai: {
      dialect: 'openai-chat',
      model: 'measured',
      modelId: 'mod_1',
      providerId: null,
      provider: null,
      vendor: null,
      upstreamModel: null,
      isStream: false,
      usage: null,
      costUsd: '0.5',
      priceSource: 'operator',
      finishReason: 'stop',
      firstTokenMs: 40,
      isTruncated: false,
      dropped: [],
      ...ai,
    },
    ...part,
  })

  beforeAll(async () => {
    await create('measured')
    const answers = (answer: string) => ({ content: { answer } })
    const calls = [
      callOf('call_main', { version: 'v1' }, answers('Yes')),
      callOf('call_shadow', { version: 'v2', shadowOf: 'call_main' }, answers('yes')),
    ]
    await harness.store.asSystem((tx) => tx.calls.insert(calls))
  })

  it('stand side by side, those of comparisons apart', async () => {
    const { status, body } = await request('GET', `/models/measured/versions?${RANGE}`)
    expect(status).toBe(200)
    expect(body.items).toMatchObject([
      { version: 'v1', isShadow: false, calls: 1, p50Ms: 100, firstTokenP95Ms: 40, costUsd: '0.5' },
      { version: 'v2', isShadow: true, calls: 1, compared: 1, agreed: 1 },
    ])
  })

  it('hold what people think of answers', async () => {
    const rated = await request('POST', '/calls/call_main/rating', { score: 1, comment: 'precise' })
    expect(rated.status).toBe(200)
    expect(rated.body).toMatchObject({ callId: 'call_main', score: 1, comment: 'precise' })
    expect((await request('GET', '/calls/call_main/ratings')).body.items).toEqual([rated.body])
    await request('POST', '/calls/call_main/rating', { score: -1 })
    const [v1] = (await request('GET', `/models/measured/versions?${RANGE}`)).body.items
    expect(v1).toMatchObject({ rated: 1, quality: -1 })
    const events = (await request('GET', '/audit?resourceId=call_main')).body.items
    expect(events.map(({ action }: { action: string }) => action)).toEqual(['call.rated', 'call.rated'])
  })

  it('come with the pairs behind them', async () => {
    const { body } = await request('GET', `/models/measured/comparisons?${RANGE}&limit=1`)
    expect(body).toMatchObject({
      items: [{ main: { call: { id: 'call_main' } }, shadow: { call: { id: 'call_shadow' }, quality: null } }],
      nextCursor: null,
    })
  })

  it('leave lists and totals of calls to clients, unless a list asks for comparisons', async () => {
    const ids = async (query: string) =>
      (await request('GET', `/calls?model=measured${query}`)).body.items.map(({ id }: Call) => id)
    expect(await ids('')).toEqual(['call_main'])
    expect(await ids('&isShadow=true&version=v2')).toEqual(['call_shadow'])
    const { total } = (await request('GET', `/calls/stats?model=measured&${RANGE}`)).body
    expect(total).toMatchObject({ calls: 1, costUsd: '0.5', shadowCalls: 1, shadowCostUsd: '0.5' })
  })

  it.each([
    ['a range that runs backwards', '/models/measured/versions?from=2026-02-01T00:00:00Z&to=2026-01-31T00:00:00Z', 400],
    ['no range', '/models/measured/versions', 422],
    ['a model that does not exist', `/models/nobody/comparisons?${RANGE}`, 404],
    ['a cursor of another list', `/models/measured/comparisons?${RANGE}&cursor=x`, 422],
  ])('refuse %s', async (_title, path, status) => {
    expect((await request('GET', path)).status).toBe(status)
  })

  it.each([
    ['a score beyond the scale', 'call_main', { score: 2 }, 422],
    ['no score', 'call_main', {}, 422],
    ['a call that does not exist', 'call_nobody', { score: 1 }, 404],
  ])('refuse a rating with %s', async (_title, id, body, status) => {
    expect((await request('POST', `/calls/${id}/rating`, body)).status).toBe(status)
  })
})
