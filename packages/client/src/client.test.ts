import { RESOURCES } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { createClient } from './client.ts'
import { ControlApiError } from './error.ts'
import { RESOURCE_PATHS } from './resources.ts'

interface Sent {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly body: unknown
}

/** A client whose requests end in `answer`; what it sent is kept. */
function clientOf(answer: () => Response, options: { token?: string; tenant?: string } = {}) {
  const sent: Sent[] = []
  const versions: number[] = []
  const client = createClient({
    baseUrl: 'http://control.test/',
    ...options,
    onSnapshot: (version) => versions.push(version),
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const text = await request.text()
      sent.push({
        method: request.method,
        url: request.url,
        headers: request.headers,
        body: text === '' ? undefined : JSON.parse(text),
      })
      return answer()
    },
  })
  return { client, sent, versions }
}
const ok =
  (body: unknown, headers: Record<string, string> = {}) =>
  () =>
    Response.json(body, { headers })
const last = (sent: Sent[]): string =>
  `${sent.at(-1)?.method} ${sent.at(-1)?.url.replace('http://control.test/api/v1', '')}`

describe('the client', () => {
  it('knows the path of every kind of resource that the contract lists', () => {
    const listed = RESOURCES.map(({ kind, plural, parent }) => [kind, { plural, ...(parent ? { parent } : {}) }])
    expect(RESOURCE_PATHS).toEqual(Object.fromEntries(listed))
  })

  it('reads and writes resources at their paths, names encoded', async () => {
    const { client, sent } = clientOf(ok({ items: [] }), { tenant: 'acme' })
    await client.models.get('org/big:1')
    expect(last(sent)).toBe('GET /models/org%2Fbig%3A1?tenant=acme')
    await client.apis.list({ search: 'a b', limit: 5, sort: '-updatedAt' })
    expect(last(sent)).toBe('GET /apis?tenant=acme&search=a+b&limit=5&sort=-updatedAt')
    await client.routes('orders').create({ paths: ['/orders'] }, { publish: false })
    expect([last(sent), sent.at(-1)?.body]).toEqual([
      'POST /apis/orders/routes?tenant=acme&publish=false',
      { paths: ['/orders'] },
    ])
    await client
      .resources('key', { parent: 'mobile', tenant: 'other' })
      .patch('key-1', { enabled: false }, { revision: 3 })
    expect([last(sent), sent.at(-1)?.headers.get('if-match')]).toEqual([
      'PATCH /applications/mobile/keys/key-1?tenant=other',
      '"3"',
    ])
    await client.apis.preview.remove('orders')
    expect(last(sent)).toBe('DELETE /apis/orders?tenant=acme&dryRun=true')
    await client.apis.usedBy('orders')
    expect(last(sent)).toBe('GET /apis/orders/used-by?tenant=acme')
  })

  it('changes and compares the versions of a model, and rates calls', async () => {
    const { client, sent } = clientOf(ok({}), { tenant: 'acme' })
    const { modelVersions: versions, calls } = client
    await versions.promote('org/big', { version: 'v2', percent: 10 }, { revision: 3 })
    expect([last(sent), sent.at(-1)?.body, sent.at(-1)?.headers.get('if-match')]).toEqual([
      'POST /models/org%2Fbig/promote?tenant=acme',
      { version: 'v2', percent: 10 },
      '"3"',
    ])
    await versions.preview.rollback('big')
    expect(last(sent)).toBe('POST /models/big/rollback?tenant=acme&dryRun=true')
    const range = { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' }
    const query = 'tenant=acme&from=2026-01-01T00%3A00%3A00Z&to=2026-01-02T00%3A00%3A00Z'
    await versions.figures('big', range)
    expect(last(sent)).toBe(`GET /models/big/versions?${query}`)
    await versions.comparisons('big', { ...range, limit: 5 })
    expect(last(sent)).toBe(`GET /models/big/comparisons?${query}&limit=5`)
    await calls.rate('c1', { score: -1, comment: 'wrong' })
    expect([last(sent), sent.at(-1)?.body]).toEqual([
      'POST /calls/c1/rating?tenant=acme',
      { score: -1, comment: 'wrong' },
    ])
    await calls.ratings('c1')
    expect(last(sent)).toBe('GET /calls/c1/ratings?tenant=acme')
  })

  it('asks for known models by vendor and words, as the providers of the tenant are listed them', async () => {
    const { client, sent } = clientOf(ok({ items: [], nextCursor: null }), { tenant: 'acme' })
    expect(await client.catalog.models()).toEqual({ items: [], nextCursor: null })
    expect(last(sent)).toBe('GET /catalog/models?tenant=acme')
    await client.catalog.models({ vendor: 'acme-ai', search: 'big one', limit: 5, cursor: 'c' })
    expect(last(sent)).toBe('GET /catalog/models?tenant=acme&vendor=acme-ai&search=big+one&limit=5&cursor=c')
  })

  it('refuses a kind that belongs to another without its owner', () => {
    const { client } = clientOf(ok({}))
    expect(() => client.resources('route')).toThrow(TypeError)
  })

  it('presents its token, and without one leaves the cookie to the browser', async () => {
    const withToken = clientOf(ok({}), { token: 'kn_api_x' })
    await withToken.client.catalog.get()
    expect(withToken.sent[0]?.headers.get('authorization')).toBe('Bearer kn_api_x')
    const without = clientOf(ok({}))
    await without.client.session.get()
    expect(without.sent[0]?.headers.has('authorization')).toBe(false)
  })

  it('tells the Snapshot version that a write answered with', async () => {
    const { client, versions } = clientOf(ok({}, { 'x-konnect-snapshot': '12' }))
    await client.config.apply({ text: 'apis: []', prune: true })
    expect(versions).toEqual([12])
  })

  it('answers undefined where there is nothing', async () => {
    const { client } = clientOf(() => new Response(null, { status: 204 }))
    expect(await client.session.signOut()).toBeUndefined()
    expect(await client.gateway.snapshot(3, 1000)).toBeUndefined()
  })

  it('throws what the problem document says', async () => {
    const errors = [{ path: '/name', message: 'Missing "name".' }]
    const problem = {
      code: 'validation_failed',
      title: 'Validation failed',
      detail: 'No name.',
      errors,
      requestId: 'req_1',
    }
    const { client } = clientOf(() => Response.json(problem, { status: 422, headers: { 'retry-after': '7' } }))
    const error = await client.tenants.create({ name: '' }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ControlApiError)
    expect(error).toMatchObject({
      status: 422,
      code: 'validation_failed',
      detail: 'No name.',
      errors,
      requestId: 'req_1',
      retryAfterSeconds: 7,
    })
  })

  it('throws a telling error for an answer that is no problem document, and for none at all', async () => {
    const { client } = clientOf(() => new Response('<html>', { status: 502, headers: { 'x-request-id': 'r' } }))
    await expect(client.gateways.list()).rejects.toMatchObject({ status: 502, code: 'internal_error', requestId: 'r' })
    const dead = createClient({ baseUrl: 'http://x.test', fetch: () => Promise.reject(new TypeError('refused')) })
    await expect(dead.catalog.get()).rejects.toMatchObject({ status: 0, code: 'unreachable' })
    const aborted = createClient({ baseUrl: '', fetch: () => Promise.reject(new DOMException('left', 'AbortError')) })
    await expect(aborted.calls.list()).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('hands over what the gateway answered in the playground, and throws what the control plane refused', async () => {
    const input = { application: 'mobile', path: '/v1/chat/completions', body: {} }
    const relayed = clientOf(
      () => new Response('slow down', { status: 429, headers: { 'x-konnect-relayed': 'gateway' } }),
    )
    expect(await (await relayed.client.playground(input)).text()).toBe('slow down')
    const refused = clientOf(() => Response.json({ code: 'resource_not_found' }, { status: 404 }))
    await expect(refused.client.playground(input)).rejects.toMatchObject({ code: 'resource_not_found' })
  })
})
