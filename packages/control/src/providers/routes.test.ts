import type { CheckedConnection, ConnectionReport } from '@konnect/contract'
import { openStore } from '@konnect/store'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CATALOG, GATEWAY_TOKEN, type Harness, startControl } from '../harness/control-harness.ts'

const SECRET = 'sk-of-acme-0123456789'
const FINE: ConnectionReport = {
  outcome: 'ok',
  detail: 'It answered.',
  status: 200,
  latencyMs: 12.4,
  models: [
    { id: 'rocket-2', title: 'Rocket 2', contextWindow: 1000, capabilities: ['tools'] },
    { id: 'new-1', title: 'New 1', contextWindow: null, capabilities: null },
  ],
}

let harness: Harness
let asked: CheckedConnection[] = []
let answer: (connection: CheckedConnection) => ConnectionReport = () => FINE

const modelOf = (id: string, more: object = {}) => ({
  vendor: 'acme-ai',
  id,
  title: id,
  contextWindow: 200_000,
  isDeprecated: false,
  capabilities: null,
  isFamily: false,
  isListed: null,
  input: 3,
  output: 15,
  cachedInput: null,
  cacheWrite: null,
  ...more,
})

beforeAll(async () => {
  const acme = CATALOG.vendors.map((vendor) => (vendor.id === 'acme-ai' ? { ...vendor, listsModels: true } : vendor))
  harness = await startControl(openStore, {
    catalog: { ...CATALOG, vendors: acme },
    catalogModels: (vendor) =>
      vendor === 'acme-ai'
        ? [
            modelOf('rocket-1', { input: 1, isDeprecated: true }),
            modelOf('rocket-2', { capabilities: ['vision'], contextWindow: 9_000 }),
            modelOf('rocket', { isFamily: true, input: null }),
          ]
        : [],
    checkConnection: async (connection) => {
      asked.push(connection)
      return answer(connection)
    },
  })
  await harness.request('POST', '/providers', {
    name: 'pooled',
    vendor: 'acme-ai',
    apiKey: SECRET,
    apiKeys: [
      { name: 'second', value: `${SECRET}-2` },
      { name: 'off', value: `${SECRET}-3`, enabled: false },
    ],
  })
  await harness.request('POST', '/models', {
    name: 'assistant',
    deployments: [{ provider: 'pooled', model: 'rocket-2' }],
  })
})
beforeEach(() => {
  asked = []
  answer = () => FINE
})
afterAll(() => harness.close())

const lastEvent = async () => (await harness.request('GET', '/audit?limit=1')).body.items[0]
const models = async (query: string) => (await harness.request('GET', `/catalog/models?${query}`)).body.items

describe('the check of a saved provider', () => {
  it('asks with every enabled key, names keys only, and leaves an audit event', async () => {
    answer = ({ apiKey }) => (apiKey === SECRET ? FINE : { ...FINE, outcome: 'key_refused', status: 401, models: null })
    const { status, body, text } = await harness.request('POST', '/providers/pooled/check')
    expect(status).toBe(200)
    expect(asked.map(({ apiKey }) => apiKey)).toEqual([SECRET, `${SECRET}-2`])
    expect(asked[0]).toMatchObject({ vendor: 'acme-ai', baseUrl: undefined, model: 'rocket-2' })
    expect(body).toMatchObject({
      isOk: false,
      keys: [
        { key: 'default', outcome: 'ok', latencyMs: 12, models: 2 },
        { key: 'second', outcome: 'key_refused', models: null },
      ],
    })
    const event = await lastEvent()
    expect(event).toMatchObject({ action: 'provider.checked', resourceName: 'pooled' })
    expect(text + JSON.stringify(event) + harness.logger.lines.join()).not.toContain(SECRET)
  })

  it('of a name that nobody has is not found', async () => {
    expect((await harness.request('POST', '/providers/ghost/check')).status).toBe(404)
    expect(asked).toEqual([])
  })
})

describe('the check of a provider that is not saved', () => {
  const check = (spec: object, stored?: string) =>
    harness.request('POST', '/providers/check', { spec, ...(stored ? { stored } : {}) })

  it('asks with what was typed, and saves nothing', async () => {
    const spec = { name: 'new', vendor: 'local-ai', baseUrl: 'http://10.0.0.1:8000/v1', apiKey: 'typed-secret' }
    const { body } = await check(spec)
    expect(body).toMatchObject({ isOk: true, keys: [{ key: null, outcome: 'ok' }] })
    expect(asked).toMatchObject([{ vendor: 'local-ai', baseUrl: spec.baseUrl, apiKey: 'typed-secret' }])
    expect((await harness.request('GET', '/providers/new')).status).toBe(404)
    expect(JSON.stringify(await lastEvent())).not.toContain('typed-secret')
  })

  it('uses a stored key where it is stored for', async () => {
    const { body } = await check({ name: 'pooled', vendor: 'acme-ai', apiKey: '***', timeout: '10s' }, 'pooled')
    expect(body.isOk).toBe(true)
    expect(asked.map(({ apiKey }) => apiKey)).toEqual([SECRET])
  })

  it.each([{ baseUrl: 'https://elsewhere.test' }, { settings: { region: 'us' } }, { vendor: 'local-ai' }])(
    'never takes a stored key to another place: %j',
    async (moved) => {
      const refused = await check({ name: 'pooled', vendor: 'acme-ai', apiKey: '***', ...moved }, 'pooled')
      expect([refused.status, refused.body.code]).toEqual([422, 'validation_failed'])
      expect(asked).toEqual([])
    },
  )

  it('refuses what could not be saved either', async () => {
    expect((await check({ name: 'x', vendor: 'nobody' })).status).toBe(422)
    expect((await check({ name: 'x', vendor: 'acme-ai', apiKey: '***' })).status).toBe(422)
    expect((await check({ vendor: 'acme-ai', timeout: 5 })).body.errors[0].path).toMatch(/^\/spec/)
    expect(asked).toEqual([])
  })
})

describe('the models that a vendor lists', () => {
  it('are part of the catalog once they were fetched, with what is known besides', async () => {
    const before = (await harness.request('GET', '/providers/pooled/models')).body
    expect(before.isOffered).toBe(true)
    const fetched = await harness.request('POST', '/providers/pooled/models')
    expect(fetched.body).toMatchObject({ count: 2, at: expect.any(String) })
    expect((await lastEvent()).action).toBe('provider.models-fetched')
    const items = await models('provider=pooled')
    expect(items.map(({ id, isListed, input }: Record<string, unknown>) => [id, isListed, input])).toEqual([
      ['new-1', true, null],
      ['rocket', false, null],
      ['rocket-1', false, 1],
      ['rocket-2', true, 3],
    ])
    expect(items[3]).toMatchObject({ contextWindow: 9_000, capabilities: ['tools'] })
    const others = await models('vendor=local-ai')
    expect(others).toEqual([])
  })

  it('that cannot be called are left out on demand', async () => {
    const ids = (await models('callable=true')).map(({ id }: { id: string }) => id)
    expect(ids).toEqual(['new-1', 'rocket-2'])
  })

  it('that cannot be fetched leave the former list, and the answer says why', async () => {
    answer = () => ({ ...FINE, outcome: 'key_refused', detail: 'It refused the key.', status: 401, models: null })
    const refused = await harness.request('POST', '/providers/pooled/models')
    expect([refused.body.code, refused.body.detail]).toEqual(['dependency_unavailable', 'It refused the key.'])
    expect((await harness.request('GET', '/providers/pooled/models')).body.count).toBe(2)
  })

  it('are filtered and sorted, page by page; an unknown figure meets no condition and comes last', async () => {
    const idsOf = async (query: string) => (await models(query)).map(({ id }: { id: string }) => id)
    expect(await idsOf('maxInput=2')).toEqual(['rocket-1'])
    expect(await idsOf('minContext=100000')).toEqual(['rocket', 'rocket-1'])
    expect(await idsOf('capability=tools')).toEqual(['rocket-2'])
    const first = (await harness.request('GET', '/catalog/models?sort=input&limit=2')).body
    const second = (await harness.request('GET', `/catalog/models?sort=input&limit=2&cursor=${first.nextCursor}`)).body
    expect([first, second].map(({ items }) => items.map(({ id }: { id: string }) => id))).toEqual([
      ['rocket-1', 'rocket-2'],
      ['new-1', 'rocket'],
    ])
    expect(second.nextCursor).toBeNull()
    expect((await harness.request('GET', `/catalog/models?cursor=${first.nextCursor}`)).status).toBe(422)
    expect((await harness.request('GET', '/catalog/models?provider=ghost')).status).toBe(404)
  })
})

describe('the deployments of gateways', () => {
  it('are listed by provider and added up, as each gateway last told', async () => {
    const { id: providerId } = (await harness.request('GET', '/providers/pooled')).body
    const restingKeys = [{ name: 'second', cause: 'refused', leftMs: 60_000 }]
    const base = { isHealthy: true, coolingMs: 0, inFlight: 1, firstTokenMs: 120, answerMs: null, restingKeys }
    const deployments = [
      { providerId, model: 'a', ...base },
      { providerId, model: 'b', ...base, isHealthy: false, coolingMs: 500 },
      { providerId: 'prov_other', model: 'a', ...base, restingKeys: [] },
    ]
    const status = {
      id: 'gw/1',
      startedAt: '2026-01-01T00:00:00.000Z',
      snapshotVersion: 1,
      workers: 1,
      spool: { pending: 0, dropped: 0, isFull: false },
      targets: [],
      deployments,
    }
    const told = await harness.raw('/api/v1/gateway/status', {
      method: 'POST',
      headers: { authorization: `Bearer ${GATEWAY_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(status),
    })
    expect(told.status).toBe(204)
    const { items } = (await harness.request('GET', '/gateways/deployments?provider=pooled')).body
    expect(items).toMatchObject([
      { gateway: 'gw/1', model: 'a', restingKeys, lastSeenAt: expect.any(String) },
      { gateway: 'gw/1', model: 'b', isHealthy: false },
    ])
    expect(items).toHaveLength(2)
    const [gateway] = (await harness.request('GET', '/gateways')).body.items
    expect(gateway.ai).toEqual({ deployments: 3, cooling: 1, restingKeys: 1, inFlight: 3 })
    expect(gateway.deployments).toBeUndefined()
    expect((await harness.request('GET', '/gateways/deployments?provider=ghost')).status).toBe(404)
  })
})

describe('asking vendors', () => {
  it('is bounded in time', async () => {
    const statuses: number[] = []
    for (let i = 0; i < 25; i++) statuses.push((await harness.request('POST', '/providers/pooled/check')).status)
    expect(statuses).toContain(429)
    expect(asked.length).toBeLessThanOrEqual(40)
  })
})
