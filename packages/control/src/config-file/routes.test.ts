import { openStore } from '@konnect/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type Harness, startControl } from '../harness/control-harness.ts'

const FULL = `
tenants:
  - name: acme
    title: Acme
    upstreams: [{ name: backend, targets: [{ url: "http://127.0.0.1:9009" }] }]
upstreams: [{ name: shared, targets: [{ url: "http://127.0.0.1:9002" }] }]
apis:
  - name: orders
    upstream: { targets: [{ url: "http://127.0.0.1:9001", weight: 1 }], timeout: 30s }
    routes: [{ paths: ["/orders"], methods: [GET] }, { paths: ["/old"], upstream: shared }]
    policies: [{ use: gate, with: { limit: 5, token: "file-policy-secret" } }, { use: stamp }]
providers: [{ name: acme-eu, vendor: acme-ai, apiKey: "file-provider-secret" }]
models: [{ name: "org/assistant:1", deployments: [{ provider: acme-eu, model: big, price: { input: 3 } }] }]
products: [{ name: starter, apis: [orders], plans: [{ name: free, approval: required }] }]
applications:
  - name: mobile
    keys: [{ value: kn_file_0123456789abcdef }]
    subscriptions: [{ api: orders }, { model: "org/assistant:1" }, { product: starter, plan: free }]
policies: [{ use: stamp, with: { mark: first } }, { use: gate, with: { limit: 9 } }, { use: stamp, with: { mark: last } }]
`

let harness: Harness
beforeAll(async () => {
  harness = await startControl(openStore)
})
afterAll(() => harness.close())

const request: Harness['request'] = (...args) => harness.request(...args)
const apply = (text: string, more: object = {}): Promise<Answer> =>
  request('POST', '/config/apply', { text, file: 'konnect.yaml', ...more })
const actionsOf = (answer: Answer): string[] =>
  answer.body.changes.map(
    (one: { action: string; kind: string; name: string }) => `${one.action} ${one.kind} ${one.name}`,
  )
const exported = async (): Promise<string> => (await request('GET', '/config/export')).text

async function snapshotNow() {
  const row = await harness.store.asSystem((tx) => tx.snapshots.latest())
  if (!row) throw new Error('nothing is published')
  return { row, content: JSON.parse(row.payload) }
}

describe('apply', () => {
  it('creates everything in one publish, and a second time changes nothing', async () => {
    const before = (await snapshotNow()).row.version
    const diff = await request('POST', '/config/diff', { text: FULL })
    expect(diff.status).toBe(200)
    expect((await snapshotNow()).row.version).toBe(before)
    const first = await apply(FULL)
    expect(first.status).toBe(200)
    expect(first.body.changes).toEqual(diff.body.changes)
    expect(actionsOf(first)).toContain('create model org/assistant:1')
    expect(first.body.changes.find((one: { name: string }) => one.name === 'backend')).toMatchObject({ tenant: 'acme' })
    expect(first.body.snapshotVersion).toBe(before + 1)
    const second = await apply(FULL)
    expect(second.body.changes.every((one: { action: string }) => one.action === 'unchanged')).toBe(true)
    expect(second.body.snapshotVersion).toBe(before + 1)
  })

  it('publishes what a gateway needs, references resolved and signed', async () => {
    const { row, content } = await snapshotNow()
    const [api] = content.apis
    const [application] = content.applications
    const [model] = content.models
    expect(content).toMatchObject({ format: 1, version: row.version, publishedAt: row.publishedAt })
    expect(content.policies.map((one: { with: { mark?: string } }) => one.with.mark)).toEqual([
      'first',
      undefined,
      'last',
    ])
    expect(api.routes[1].upstream).toMatchObject({
      id: expect.stringMatching(/^up_/),
      targets: [{ url: 'http://127.0.0.1:9002' }],
    })
    expect(api.upstream.id).toBe(api.id)
    expect(model.deployments).toEqual([{ model: 'big', price: { input: 3 }, providerId: content.providers[0].id }])
    expect(application.subscriptions.map((one: { apiIds: string[] }) => one.apiIds)).toEqual([[api.id], [], [api.id]])
    expect(application.subscriptions[1].modelIds).toEqual([model.id])
    expect(row.payload).not.toMatch(/file-provider-secret|file-policy-secret|kn_file_/)
    expect(content.providers[0].apiKey).toMatch(/^sealed:v1:/)
    expect(content.tenants.map((one: { name: string }) => one.name).sort()).toEqual(['acme', 'default'])
  })

  it('takes back what it exported without a change', async () => {
    const text = await exported()
    expect(text).not.toMatch(/file-provider-secret|file-policy-secret|sealed:v1|kn_file_/)
    expect(text).toMatch(/apiKey: "?\*\*\*/)
    expect(text).toMatch(/hash: sha256:/)
    const again = await apply(text, { prune: true })
    expect(actionsOf(again).filter((one) => !one.startsWith('unchanged'))).toEqual([])
    const json = await request('GET', '/config/export?format=json')
    const document = await request('POST', '/config/diff', { document: JSON.parse(json.text), prune: true })
    expect(actionsOf(document).filter((one) => !one.startsWith('unchanged'))).toEqual([])
    const acme = await request('GET', '/config/export?tenant=acme&format=json')
    expect(JSON.parse(acme.text)).toEqual({
      tenants: [
        { name: 'acme', title: 'Acme', upstreams: [{ name: 'backend', targets: [{ url: 'http://127.0.0.1:9009' }] }] },
      ],
    })
  })

  it('updates in place, makes a child list that is given the whole list, and leaves others alone', async () => {
    const before = (await snapshotNow()).content
    const text = `
apis: [{ name: orders, upstream: shared, routes: [{ name: route-2, paths: ["/old"] }] }]
applications: [{ name: mobile, title: Mobile }]`
    const done = await apply(text)
    expect(actionsOf(done)).toEqual([
      'update api orders',
      'update route route-2',
      'delete route route-1',
      'update application mobile',
    ])
    const after = (await snapshotNow()).content
    expect(after.apis[0].id).toBe(before.apis[0].id)
    expect(after.apis[0].routes.map((one: { name: string }) => one.name)).toEqual(['route-2'])
    expect(after.applications[0].keys).toEqual(before.applications[0].keys)
  })

  it('keeps the order of policies that the file gives them', async () => {
    const reversed =
      'policies: [{ name: gate, use: gate, with: { limit: 9 } }, { name: stamp, use: stamp, with: { mark: first } }]'
    expect((await apply(reversed)).status).toBe(200)
    const { content } = await snapshotNow()
    expect(content.policies.slice(0, 2).map((one: { use: string }) => one.use)).toEqual(['gate', 'stamp'])
  })

  it('warns that budgets are not enforced yet, and that a provider has no key', async () => {
    const budget = 'budgets: [{ name: monthly, application: mobile, usd: 50, per: month }]'
    expect((await apply(budget)).body.warnings).toEqual(['The budget is kept, but not enforced yet.'])
    const provider = 'providers: [{ name: keyless, vendor: acme-ai }]'
    expect((await apply(provider)).body.warnings).toEqual([expect.stringContaining('has no apiKey')])
  })

  it('removes what is not listed only when asked to', async () => {
    expect(actionsOf(await request('POST', '/config/diff', { text: 'apis: []' }))).toEqual([])
    const pruned = await apply('upstreams: [{ name: shared, targets: [{ url: "http://127.0.0.1:9002" }] }]', {
      prune: true,
    })
    expect(actionsOf(pruned)).toContain('delete tenant acme')
    expect(actionsOf(pruned)).toContain('unchanged upstream shared')
    expect(await exported()).toBe('upstreams:\n  - name: shared\n    targets:\n      - url: http://127.0.0.1:9002\n')
    expect((await request('GET', '/tenants')).body.items.map((one: { name: string }) => one.name)).toEqual(['default'])
  })

  it('puts the first level into a tenant when one is named, and nothing else', async () => {
    await request('POST', '/tenants', { name: 'team' })
    const text = 'upstreams: [{ name: mine, targets: [{ url: "http://127.0.0.1:9003" }] }]'
    const done = await request('POST', '/config/apply?tenant=team', { text, prune: true })
    expect(actionsOf(done)).toEqual(['create upstream mine'])
    expect(done.body.changes[0].tenant).toBe('team')
    const foreign = await request('POST', '/config/apply?tenant=team', { text: 'policies: [{ use: stamp }]' })
    expect([foreign.status, foreign.body.errors[0].path]).toEqual([422, '/policies'])
    expect((await request('POST', '/config/apply?tenant=nobody', { text })).status).toBe(404)
  })
})

const api = (rest: string) =>
  `apis:\n  - name: broken\n    upstream: { targets: [{ url: "http://127.0.0.1:1" }] }\n    ${rest}\n`
const BAD: readonly [what: string, text: string, line: number, column: number, words: string][] = [
  ['an unknown list', 'api: []\n', 1, 1, 'Unknown key "api"'],
  ['an unknown key', api('colour: red'), 4, 5, 'Unknown key "colour"'],
  ['a wrong type', api('title: [a]'), 4, 12, 'Expected string'],
  ['a map for a list', 'apis: { name: a }\n', 1, 7, 'Expected array'],
  ['a bad URL', 'apis:\n  - name: broken\n    upstream: { targets: [{ url: nowhere }] }\n', 3, 34, 'absolute http'],
  [
    'a bad duration',
    api('routes: [{ paths: ["/a"] }]').replace(' }] }', ' }], timeout: soon }'),
    3,
    68,
    'a duration such as',
  ],
  ['a missing key', 'apis:\n  - name: broken\n', 2, 5, 'Missing "upstream"'],
  ['a bad name', 'tenants:\n  - name: "a b"\n', 2, 11, 'matches'],
  ['an unknown policy', api('policies: [{ use: nope }]'), 4, 23, 'Unknown policy "nope"; expected one of: gate, stamp'],
  ['an unknown setting', api('policies: [{ use: stamp, with: { ink: 1 } }]'), 4, 38, 'Unknown key "ink"'],
  ['a wrong setting', api('policies: [{ use: gate, with: { limit: 0 } }]'), 4, 44, '>= 1'],
  ['an unknown vendor', 'providers:\n  - { name: p, vendor: nope }\n', 2, 24, 'Unknown vendor "nope"'],
  ['a missing reference', 'apis:\n  - name: broken\n    upstream: ghost\n', 3, 15, 'no upstream named "ghost"'],
  [
    'a missing reference inside a list',
    'products: [{ name: p, apis: [ghost], plans: [{ name: a }] }]\n',
    1,
    30,
    'no API named "ghost"',
  ],
  [
    'a missing provider',
    'models: [{ name: m, deployments: [{ provider: ghost, model: x }] }]\n',
    1,
    47,
    'no provider named "ghost"',
  ],
  ['a subscription to nothing', 'applications: [{ name: a, subscriptions: [{ name: s }] }]\n', 1, 43, 'exactly one of'],
  [
    'a repeated name',
    'upstreams:\n  - { name: u, targets: [{ url: "http://a" }] }\n  - { name: u, targets: [{ url: "http://b" }] }\n',
    3,
    13,
    'named "u" already',
  ],
  [
    'a repeated key value',
    'applications: [{ name: a, keys: [{ value: kn_same_0123456789 }, { value: kn_same_0123456789 }] }]\n',
    1,
    74,
    'in use already',
  ],
  ['a key without a value', 'applications: [{ name: a, keys: [{ name: k }] }]\n', 1, 34, 'Missing "value" or "hash"'],
  [
    'a variable of the server',
    'providers:\n  - { name: p, vendor: acme-ai, apiKey: "${env:PATH}" }\n',
    2,
    41,
    'is not expanded here',
  ],
  ['a cyclic alias', 'apis: &a [*a]\n', 1, 11, 'leads back to itself'],
  ['broken YAML', 'apis: [\n', 2, 1, ''],
]

describe('a document with a fault', () => {
  it.each(BAD)(
    '%s: one error with file, line and column, and nothing is applied',
    async (_what, text, line, column, words) => {
      const before = [await exported(), (await snapshotNow()).row.version]
      for (const verb of ['validate', 'diff', 'apply']) {
        const good = 'tenants: [{ name: half-applied }]\n'
        const refused = await request('POST', `/config/${verb}`, {
          text: text.includes('tenants') ? text : text + good,
          file: 'bad.yaml',
        })
        const only = await request('POST', `/config/${verb}`, { text, file: 'bad.yaml' })
        expect([refused.status, only.status]).toEqual([422, 422])
        expect(only.body.errors).toMatchObject([
          { file: 'bad.yaml', line, column, message: expect.stringContaining(words) },
        ])
        expect(only.body.detail).toContain(`bad.yaml:${line}:${column}: `)
      }
      expect([await exported(), (await snapshotNow()).row.version]).toEqual(before)
    },
  )

  it('that came as JSON values names places by pointer', async () => {
    const refused = await request('POST', '/config/apply', { document: { apis: [{ name: 'x', upstream: 'ghost' }] } })
    expect(refused.body.errors).toMatchObject([{ path: '/apis/0/upstream' }])
  })

  it.each([[{}], [{ text: '', document: {} }], [{ document: [] }], [{ text: 5 }]])(
    'is refused as a request: %j',
    async (body) => {
      expect([400, 422]).toContain((await request('POST', '/config/apply', body)).status)
    },
  )
})

describe('concurrent applies', () => {
  it('happen one after the other: none is lost, every version is its own', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `racer-${index}`)
    const text = (name: string) => `upstreams: [{ name: ${name}, targets: [{ url: "http://127.0.0.1:9000" }] }]`
    const done = await Promise.all(names.map((name) => apply(text(name))))
    expect(done.map((one) => one.status)).toEqual(names.map(() => 200))
    expect(new Set(done.map((one) => one.body.snapshotVersion)).size).toBe(names.length)
    const list = await request('GET', '/upstreams?search=racer')
    expect(list.body.items.map((one: { name: string }) => one.name)).toEqual(names)
  })
})

describe('rollback', () => {
  it('restores a configuration exactly, ids and secrets included, as a new version', async () => {
    await apply(FULL, { prune: true })
    const before = await snapshotNow()
    const text = await exported()
    await request('DELETE', '/applications/mobile')
    await request('POST', '/applications', { name: 'mobile' })
    await apply('upstreams: [{ name: shared, targets: [{ url: "http://127.0.0.1:7" }] }]')
    const rolled = await request('POST', `/snapshots/${before.row.version}/rollback`)
    expect(rolled.status).toBe(201)
    const after = await snapshotNow()
    const comparable = ({ version: _version, publishedAt: _at, ...rest }: Record<string, unknown>) => rest
    expect(after.row.version).toBe(before.row.version + 4)
    expect(comparable(after.content)).toEqual(comparable(before.content))
    expect(after.row.digest).toBe(before.row.digest)
    expect(await exported()).toBe(text)
    expect(rolled.body).toMatchObject({ version: after.row.version, note: `Rollback to version ${before.row.version}` })
  })

  it('is refused for a version that does not exist', async () => {
    expect((await request('POST', '/snapshots/999999/rollback')).status).toBe(404)
    expect((await request('POST', '/snapshots/first/rollback')).status).toBe(422)
  })
})

describe('snapshots', () => {
  it('are listed newest first, read with their document, and compared', async () => {
    const { row } = await snapshotNow()
    const list = await request('GET', '/snapshots?limit=2')
    expect(list.body.items.map((one: { version: number }) => one.version)).toEqual([row.version, row.version - 1])
    expect(list.body.items[0].payload).toBeUndefined()
    const next = await request('GET', `/snapshots?limit=2&cursor=${list.body.nextCursor}`)
    expect(next.body.items[0].version).toBe(row.version - 2)
    const detail = await request('GET', `/snapshots/${row.version}`)
    expect(detail.body.document.apis[0].name).toBe('orders')
    await request('PATCH', '/apis/orders', { title: 'Orders' })
    const diff = await request('GET', `/snapshots/${row.version + 1}/diff`)
    expect(diff.body.changes).toMatchObject([
      { action: 'update', kind: 'api', name: 'orders', after: { title: 'Orders' } },
    ])
    const back = await request('GET', `/snapshots/${row.version}/diff?against=${row.version + 1}`)
    expect(back.body.changes).toMatchObject([{ action: 'update', before: { title: 'Orders' } }])
    expect((await request('GET', `/snapshots/${row.version}/diff?against=0`)).body.changes.length).toBeGreaterThan(5)
    expect((await request('GET', '/snapshots/999999')).status).toBe(404)
  })

  it('are not made anew when nothing changed', async () => {
    const { row } = await snapshotNow()
    const published = await request('POST', '/snapshots')
    expect([published.status, published.body.version]).toEqual([201, row.version])
  })
})
