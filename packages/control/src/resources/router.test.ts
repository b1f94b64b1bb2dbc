import { createHash } from 'node:crypto'
import { openStore } from '@konnect/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type Harness, startControl } from '../harness/control-harness.ts'

const SECRET = 'sk-plain-secret-0123456789'
const POLICY_SECRET = 'policy-secret-9876543210'
const upstream = { targets: [{ url: 'http://127.0.0.1:9001' }] }
const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth))
const namesOf = (answer: Answer): string[] => answer.body.items.map((one: { name: string }) => one.name)

let harness: Harness
beforeAll(async () => {
  harness = await startControl(openStore)
})
afterAll(() => harness.close())

const request: Harness['request'] = (...args) => harness.request(...args)

async function snapshotNow(): Promise<{ version: number } & Record<string, { name: string }[]>> {
  const latest = await harness.store.asSystem((tx) => tx.snapshots.latest())
  return JSON.parse(latest?.payload ?? '{}')
}

describe('resource routes', () => {
  it('create an API with its routes, publish at once, and read it by name and by id', async () => {
    const created = await request('POST', '/apis', { name: 'orders', upstream, routes: [{ paths: ['/orders'] }] })
    expect(created.status).toBe(201)
    expect(created.body).toMatchObject({
      kind: 'api',
      name: 'orders',
      tenantId: 'default',
      parentId: null,
      revision: 1,
    })
    expect(created.body.spec.routes).toEqual([{ name: 'route-1', paths: ['/orders'] }])
    const snapshot = await snapshotNow()
    expect(created.headers.get('x-konnect-snapshot')).toBe(String(snapshot.version))
    expect(snapshot.apis?.map((api) => api.name)).toEqual(['orders'])
    const byName = await request('GET', '/apis/orders')
    const byId = await request('GET', `/apis/${created.body.id}`)
    expect(byId.body).toEqual(byName.body)
    expect(byName.body.spec).toEqual({ name: 'orders', upstream })
    expect(byName.headers.get('etag')).toBe('"1"')
    expect(namesOf(await request('GET', '/apis/orders/routes'))).toEqual(['route-1'])
  })

  it('page, search and sort lists', async () => {
    for (const name of ['page-a', 'page-b', 'page-c']) await request('POST', '/upstreams', { name, ...upstream })
    const first = await request('GET', '/upstreams?search=PAGE&limit=2&sort=-name')
    expect(namesOf(first)).toEqual(['page-c', 'page-b'])
    const second = await request('GET', `/upstreams?search=PAGE&limit=2&sort=-name&cursor=${first.body.nextCursor}`)
    expect(namesOf(second)).toEqual(['page-a'])
    expect(second.body.nextCursor).toBeNull()
    expect((await request('GET', '/upstreams?cursor=nonsense')).status).toBe(422)
  })

  it.each([
    ['sort=sideways', '/sort'],
    ['limit=many', '/limit'],
    ['limit=0', '/limit'],
    ['colour=red', '/colour'],
  ])('refuse a query with %s and name the parameter', async (query, path) => {
    const refused = await request('GET', `/apis?${query}`)
    expect(refused.status).toBe(422)
    expect(refused.body.errors[0].path).toBe(path)
  })

  it.each([
    ['nothing', null, ''],
    ['a list', [], ''],
    ['no upstream', { name: 'bad' }, ''],
    ['a bad URL', { name: 'bad', upstream: { targets: [{ url: 'nowhere' }] } }, '/upstream/targets/0/url'],
    ['an unknown key', { name: 'bad', upstream, color: 'red' }, '/color'],
    ['an unknown policy', { name: 'bad', upstream, policies: [{ use: 'nope' }] }, '/policies/0/use'],
    [
      'wrong settings',
      { name: 'bad', upstream, policies: [{ use: 'gate', with: { limit: 0 } }] },
      '/policies/0/with/limit',
    ],
    ['missing settings', { name: 'bad', upstream, policies: [{ use: 'gate' }] }, '/policies/0'],
    ['a missing reference', { name: 'bad', upstream: 'ghost' }, '/upstream'],
    ['a child with a fault', { name: 'bad', upstream, routes: [{ paths: ['x'] }] }, '/routes/0/paths/0'],
    [
      'a child with a missing reference',
      { name: 'bad', upstream, routes: [{ paths: ['/x'], upstream: 'ghost' }] },
      '/routes/0/upstream',
    ],
    [
      'nesting without end',
      { name: 'bad', upstream, policies: [{ use: 'stamp', with: { mark: nested(500) } }] },
      `/policies/0/with/mark${'/0'.repeat(97)}`,
    ],
    ['a NUL character', { name: 'bad', upstream, title: 'a\0b' }, '/title'],
  ])('refuse %s with one fault at its place, and keep nothing', async (_what, body, path) => {
    const refused = await request('POST', '/apis', body)
    expect(refused.status).toBe(422)
    expect(refused.headers.get('content-type')).toContain('application/problem+json')
    expect(refused.body).toMatchObject({ code: 'validation_failed', status: 422 })
    expect(refused.body.requestId).toBe(refused.headers.get('x-request-id'))
    expect(refused.body.errors.map((one: { path: string }) => one.path)).toEqual([path])
    expect((await request('GET', '/apis/bad')).status).toBe(404)
  })

  it('refuse a taken name and an unknown parent', async () => {
    await request('POST', '/upstreams', { name: 'taken', ...upstream })
    const taken = await request('POST', '/upstreams', { name: 'taken', ...upstream })
    expect([taken.status, taken.body.code]).toEqual([409, 'name_taken'])
    expect((await request('POST', '/apis/ghost/routes', { paths: ['/x'] })).status).toBe(404)
    expect((await request('GET', '/apis/ghost/routes')).status).toBe(404)
    expect((await request('GET', '/apis/ghost')).body.code).toBe('resource_not_found')
  })

  it('replace, merge and delete, each counted as a revision', async () => {
    await request('POST', '/upstreams', { name: 'edited', ...upstream, retries: 3 })
    const replaced = await request('PUT', '/upstreams/edited', { ...upstream, timeout: '5s' })
    expect(replaced.body).toMatchObject({ revision: 2, spec: { name: 'edited', timeout: '5s' } })
    expect(replaced.body.spec.retries).toBeUndefined()
    const merged = await request('PATCH', '/upstreams/edited', { timeout: null, retries: 2 })
    expect(merged.body).toMatchObject({ revision: 3, spec: { retries: 2 } })
    expect(merged.body.spec.timeout).toBeUndefined()
    const same = await request('PATCH', '/upstreams/edited', { retries: 2 })
    expect(same.body.revision).toBe(3)
    expect(same.headers.get('x-konnect-snapshot')).toBe(merged.headers.get('x-konnect-snapshot'))
    expect((await request('DELETE', '/upstreams/edited')).status).toBe(204)
    expect((await request('DELETE', '/upstreams/edited')).status).toBe(404)
  })

  it('refuse another name, a stale revision and a revision that is none', async () => {
    await request('POST', '/upstreams', { name: 'guarded', ...upstream })
    const renamed = await request('PUT', '/upstreams/guarded', { name: 'other', ...upstream })
    expect([renamed.status, renamed.body.errors[0].path]).toEqual([422, '/name'])
    const fresh = await request('PATCH', '/upstreams/guarded', { retries: 1 }, { 'if-match': '"1"' })
    expect(fresh.status).toBe(200)
    for (const [method, body] of [
      ['PATCH', { retries: 2 }],
      ['PUT', upstream],
      ['DELETE', undefined],
    ] as const) {
      const stale = await request(method, '/upstreams/guarded', body, { 'if-match': '"1"' })
      expect([stale.status, stale.body.code]).toEqual([409, 'revision_conflict'])
    }
    expect((await request('DELETE', '/upstreams/guarded', undefined, { 'if-match': 'one' })).status).toBe(400)
    expect((await request('GET', '/upstreams/guarded')).body.spec.retries).toBe(1)
  })

  it('refuse to delete what others refer to, and say who does', async () => {
    await request('POST', '/upstreams', { name: 'shared', ...upstream })
    await request('POST', '/apis', { name: 'sharer', upstream: 'shared' })
    const refused = await request('DELETE', '/upstreams/shared')
    expect([refused.status, refused.body.code]).toEqual([409, 'in_use'])
    expect(refused.body.errors[0].message).toContain('sharer')
    expect(namesOf(await request('GET', '/upstreams/shared/used-by'))).toEqual(['sharer'])
    expect((await request('DELETE', '/apis/sharer')).status).toBe(204)
    expect((await request('DELETE', '/upstreams/shared')).status).toBe(204)
  })

  it('answer a dry run with the changes and make none', async () => {
    const before = await snapshotNow()
    const dry = await request('POST', '/upstreams?dryRun=true', { name: 'dry', ...upstream })
    expect(dry.status).toBe(200)
    expect(dry.body.changes).toEqual([
      {
        action: 'create',
        kind: 'upstream',
        tenant: 'default',
        parent: null,
        name: 'dry',
        before: null,
        after: { name: 'dry', ...upstream },
      },
    ])
    expect((await request('GET', '/upstreams/dry')).status).toBe(404)
    expect((await snapshotNow()).version).toBe(before.version)
  })

  it('stage a change until the next publish', async () => {
    const before = await snapshotNow()
    const staged = await request('POST', '/apis?publish=false', { name: 'staged', upstream })
    expect(staged.headers.get('x-konnect-snapshot')).toBe(String(before.version))
    expect((await request('GET', '/snapshots/pending')).body.changes).toMatchObject([
      { action: 'create', name: 'staged' },
    ])
    expect((await snapshotNow()).version).toBe(before.version)
    const published = await request('POST', '/snapshots', { note: 'staged things' })
    expect([published.status, published.body.version, published.body.note]).toEqual([
      201,
      before.version + 1,
      'staged things',
    ])
    expect((await request('GET', '/snapshots/pending')).body.changes).toEqual([])
    expect((await snapshotNow()).apis?.map((api) => api.name)).toContain('staged')
  })
})

describe('keys', () => {
  it('are shown once, and kept as hash and hint', async () => {
    const application = await request('POST', '/applications', { name: 'mobile', keys: [{}] })
    const [first] = application.body.spec.keys
    expect(first).toMatchObject({ name: 'key-1', value: expect.stringMatching(/^kn_live_[0-9A-Za-z]{32}$/) })
    const second = await request('POST', '/applications/mobile/keys', {
      name: 'given',
      value: 'kn_test_0123456789abcdef',
    })
    expect(second.body.spec).toMatchObject({ value: 'kn_test_0123456789abcdef', hint: 'cdef' })
    const read = await request('GET', '/applications/mobile/keys')
    expect(read.text).not.toContain(first.value)
    const hash = createHash('sha256').update(first.value).digest('hex')
    expect(read.body.items[1].spec).toEqual({ name: 'key-1', hash: `sha256:${hash}`, hint: first.value.slice(-4) })
    const snapshot = (await snapshotNow()) as unknown as { applications: { name: string; keys: { hash: string }[] }[] }
    expect(snapshot.applications.find((one) => one.name === 'mobile')?.keys[0]?.hash).toBe(hash)
  })

  it('keep their hash while other fields change, and leave the Snapshot when disabled', async () => {
    const before = await request('GET', '/applications/mobile/keys/given')
    const disabled = await request('PATCH', '/applications/mobile/keys/given', { enabled: false })
    expect(disabled.body.spec).toEqual({ ...before.body.spec, enabled: false })
    const text = JSON.stringify(await snapshotNow())
    expect(text).not.toContain(before.body.spec.hash.slice(7))
  })

  it('refuse a value that another application has, without saying whose', async () => {
    await request('POST', '/applications', { name: 'other-app' })
    const refused = await request('POST', '/applications/other-app/keys', { value: 'kn_test_0123456789abcdef' })
    expect(refused.status).toBe(422)
    expect(refused.text).not.toContain('mobile')
    expect(refused.text).not.toContain('kn_test_0123456789abcdef')
    const short = await request('POST', '/applications/other-app/keys', { value: 'short-secret' })
    expect([short.status, short.text.includes('short-secret')]).toEqual([422, false])
  })
})

describe('subscriptions', () => {
  it('wait for approval where the plan asks for it, and give access once active', async () => {
    const plans = [
      { name: 'free' },
      { name: 'paid', approval: 'required', policies: [{ use: 'stamp', with: { mark: 'paid' } }] },
    ]
    await request('POST', '/products', { name: 'starter', apis: ['orders'], plans })
    await request('POST', '/applications', { name: 'subscriber' })
    const free = await request('POST', '/applications/subscriber/subscriptions', { product: 'starter', plan: 'free' })
    expect(free.body.spec).toEqual({ name: 'product-starter', product: 'starter', plan: 'free' })
    const paid = await request('POST', '/applications/subscriber/subscriptions', {
      name: 'paid',
      product: 'starter',
      plan: 'paid',
    })
    expect(paid.body.spec.state).toBe('pending')
    const inSnapshot = async () => {
      const { applications } = (await snapshotNow()) as unknown as {
        applications: { name: string; subscriptions: { id: string }[] }[]
      }
      return applications.find((one) => one.name === 'subscriber')?.subscriptions
    }
    expect((await inSnapshot())?.map((one) => one.id)).toEqual([free.body.id])
    await request('PATCH', '/applications/subscriber/subscriptions/paid', { state: 'active' })
    const orders = await request('GET', '/apis/orders')
    expect((await inSnapshot())?.[1]).toMatchObject({
      apiIds: [orders.body.id],
      policies: [{ use: 'stamp', with: { mark: 'paid' } }],
    })
  })

  it('refuse an unknown plan', async () => {
    const refused = await request('POST', '/applications/subscriber/subscriptions', {
      product: 'starter',
      plan: 'gold',
    })
    expect([refused.status, refused.body.errors[0].path]).toEqual([422, '/plan'])
    expect(refused.body.errors[0].message).toContain('free, paid')
  })
})

describe('secrets', () => {
  const provider = { vendor: 'acme-ai', apiKey: SECRET, settings: { region: 'eu' } }

  it('read as *** and stay when *** is written', async () => {
    const created = await request('POST', '/providers', { name: 'acme', ...provider })
    expect(created.body.spec.apiKey).toBe('***')
    const sealedOf = async () =>
      (await harness.store.asTenant('default', (tx) => tx.resources.findByName('provider', 'acme')))?.spec.apiKey
    const sealed = await sealedOf()
    expect(sealed).toMatch(/^sealed:v1:/)
    const same = await request('PUT', '/providers/acme', { ...provider, apiKey: '***' })
    expect(same.body.revision).toBe(1)
    const equal = await request('PUT', '/providers/acme', provider)
    expect([equal.body.revision, await sealedOf()]).toEqual([1, sealed])
    const patched = await request('PATCH', '/providers/acme', { description: 'kept' })
    expect([patched.body.revision, await sealedOf()]).toEqual([2, sealed])
    await request('PATCH', '/providers/acme', { apiKey: 'another-secret-value' })
    expect(await sealedOf()).not.toBe(sealed)
  })

  it('in a pool of keys read as ***, follow their key when the list is reordered, and leave one out by its name', async () => {
    const pool = (...names: string[]) => names.map((name) => ({ name, value: '***' }))
    const apiKeys = ['one', 'two'].map((name) => ({ name, value: `value-of-${name}` }))
    const settings = { vendor: 'acme-ai', settings: { region: 'eu' } }
    const created = await request('POST', '/providers', { name: 'pooled', ...settings, apiKeys })
    expect(created.body.spec.apiKeys).toEqual(pool('one', 'two'))
    expect(created.text).not.toContain('value-of')
    const rowOf = async () =>
      (await harness.store.asTenant('default', (tx) => tx.resources.findByName('provider', 'pooled')))?.spec
    const sealed = (await rowOf())?.apiKeys as { name: string; value: string }[]
    expect(sealed.map(({ value }) => value)).toEqual(Array(2).fill(expect.stringMatching(/^sealed:v1:/)))
    await request('PUT', '/providers/pooled', { ...settings, apiKeys: pool('two', 'one') })
    expect((await rowOf())?.apiKeys).toEqual([sealed[1], sealed[0]])
    const renamed = await request('PUT', '/providers/pooled', { ...settings, apiKeys: pool('three') })
    expect([renamed.status, renamed.body.errors[0].path]).toEqual([422, '/apiKeys/0/value'])
    const off = [{ ...pool('one')[0], enabled: false }, pool('two')[0]]
    await request('PUT', '/providers/pooled', { ...settings, apiKeys: off })
    const published = (await snapshotNow()).providers?.find(({ name }) => name === 'pooled')
    expect(published).toMatchObject({ apiKeys: [sealed[1]] })
  })

  it('inside policy settings are sealed and follow their policy when the list is reordered', async () => {
    const gate = { use: 'gate', with: { limit: 1, token: POLICY_SECRET } }
    const created = await request('POST', '/apis', { name: 'sealed', upstream, policies: [gate, { use: 'stamp' }] })
    expect(created.body.spec.policies[0].with.token).toBe('***')
    const reordered = [{ use: 'stamp' }, { use: 'gate', with: { limit: 2, token: '***' } }]
    const put = await request('PUT', '/apis/sealed', { upstream, policies: reordered })
    expect(put.status).toBe(200)
    const row = await harness.store.asTenant('default', (tx) => tx.resources.findByName('api', 'sealed'))
    expect(JSON.stringify(row?.spec)).toMatch(/"token":\s*"sealed:v1:/)
  })

  it('refuse *** where nothing is stored, and never repeat a secret in a fault', async () => {
    const masked = await request('POST', '/providers', { name: 'blank', vendor: 'acme-ai', apiKey: '***' })
    expect([masked.status, masked.body.errors[0].path]).toEqual([422, '/apiKey'])
    const gate = { use: 'gate', with: { limit: 1, token: 'tooshrt' } }
    const short = await request('POST', '/apis', { name: 'blank', upstream, policies: [gate] })
    expect([short.status, short.body.errors[0].path]).toEqual([422, '/policies/0/with/token'])
    expect(short.text).not.toContain('tooshrt')
  })

  it('refuse an unknown vendor, wrong settings of a vendor, and a missing address', async () => {
    const faultsOf = async (spec: object) => (await request('POST', '/providers', { name: 'bad', ...spec })).body.errors
    expect(await faultsOf({ vendor: 'nope' })).toMatchObject([
      { path: '/vendor', message: expect.stringContaining('acme-ai') },
    ])
    expect(await faultsOf({ vendor: 'acme-ai', settings: { region: 'mars' } })).toMatchObject([
      { path: '/settings/region' },
    ])
    expect(await faultsOf({ vendor: 'local-ai' })).toMatchObject([
      { path: '', message: expect.stringContaining('baseUrl') },
    ])
  })

  it('appear in no answer, no log line, no audit event and no Snapshot', async () => {
    const paths = [
      '/providers',
      '/providers/acme',
      '/apis',
      '/apis/sealed',
      '/audit?limit=1000',
      '/config/export',
      '/config/export?format=json',
      '/snapshots',
      '/catalog',
    ]
    const { version } = await snapshotNow()
    const every = [...paths, `/snapshots/${version}`, `/snapshots/${version}/diff?against=1`]
    const answers = await Promise.all(every.map((path) => request('GET', path)))
    expect(answers.map((one) => one.status)).toEqual(every.map(() => 200))
    const stored = await harness.store.asSystem(async (tx) => [
      await tx.snapshots.latest(),
      await tx.resources.all(),
      await tx.audit.list({ limit: 1000 }),
    ])
    const everything = [...answers.map((one) => one.text), ...harness.logger.lines, JSON.stringify(stored)].join('\n')
    for (const secret of [SECRET, POLICY_SECRET, 'another-secret-value', 'kn_test_0123456789abcdef'])
      expect(everything).not.toContain(secret)
    expect(answers.map((one) => one.text).join('\n')).not.toContain('sealed:v1:')
  })
})

describe('tenants', () => {
  it('keep resources of the same name apart, in reading, writing and referring', async () => {
    await request('POST', '/tenants', { name: 'acme' })
    await request('POST', '/upstreams', { name: 'only-default', ...upstream })
    const there = await request('POST', '/upstreams?tenant=acme', { name: 'twin', ...upstream })
    await request('POST', '/upstreams', { name: 'twin', ...upstream, retries: 5 })
    expect(there.body.tenantId).not.toBe('default')
    expect((await request('GET', '/upstreams/twin?tenant=acme')).body.id).toBe(there.body.id)
    expect(namesOf(await request('GET', '/upstreams?tenant=acme'))).toEqual(['twin'])
    for (const method of ['GET', 'DELETE'])
      expect((await request(method, `/upstreams/${there.body.id}`)).status).toBe(404)
    const crossing = await request('POST', '/apis?tenant=acme', { name: 'crossing', upstream: 'only-default' })
    expect([crossing.status, crossing.body.errors[0].path]).toEqual([422, '/upstream'])
    expect((await request('GET', '/audit?tenant=acme')).text).not.toContain('only-default')
    expect((await request('GET', '/upstreams?tenant=nowhere')).status).toBe(404)
  })

  it('cannot be deleted while they own something, and the default one never', async () => {
    expect((await request('DELETE', '/tenants/acme')).body.code).toBe('in_use')
    expect((await request('DELETE', '/tenants/default')).body.code).toBe('in_use')
    await request('DELETE', '/upstreams/twin?tenant=acme')
    expect((await request('DELETE', '/tenants/acme')).status).toBe(204)
  })
})

describe('the audit trail', () => {
  it('tells who changed what, with before and after', async () => {
    await request('POST', '/upstreams', { name: 'watched', ...upstream })
    await request('PATCH', '/upstreams/watched', { retries: 4 })
    const row = await request('GET', '/upstreams/watched')
    await request('DELETE', '/upstreams/watched')
    const { items } = (await request('GET', `/audit?resourceId=${row.body.id}`)).body
    expect(items.map((one: { action: string }) => one.action)).toEqual([
      'upstream.deleted',
      'upstream.updated',
      'upstream.created',
    ])
    expect(items[1]).toMatchObject({
      actor: 'token:bootstrap',
      kind: 'upstream',
      resourceName: 'watched',
      clientIp: '127.0.0.1',
      change: { before: { name: 'watched' }, after: { name: 'watched', retries: 4 } },
    })
    expect((await request('GET', '/audit?kind=snapshot&limit=1')).body.items[0].action).toBe('snapshot.published')
  })
})
