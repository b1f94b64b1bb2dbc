import { type Call, encodeCall, GatewayError, type GatewayStatus, type Store } from '@konnect/contract'
import { openStore } from '@konnect/store'
import { startHttpServer, waitFor } from '@konnect/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createTestBox,
  createTestSigner,
  GATEWAY_TOKEN,
  type Harness,
  openTestStore,
  startControl,
} from '../harness/control-harness.ts'

const signer = createTestSigner()
const keep = { secrets: createTestBox(), signer }
const shipped: Call[] = []
let opened: Awaited<ReturnType<typeof openTestStore>>
let harness: Harness
/** Stands between the control plane and the database, to take it away. */
let isAway = false

function breakable(store: Store): Store {
  const reached = () => {
    if (isAway) throw new GatewayError('database_unavailable')
    return store
  }
  return {
    kind: 'server',
    ping: () => store.ping(),
    close: () => store.close(),
    asSystem: async (work) => reached().asSystem(work),
    asTenant: async (tenant, work) => reached().asTenant(tenant, work),
  }
}

beforeAll(async () => {
  opened = await openTestStore(openStore)
  harness = await startControl(breakable(opened.store), { ...keep, onCalls: (calls) => shipped.push(...calls) })
})
afterAll(async () => {
  isAway = false
  await harness.close()
  await opened.remove()
})

const authorization = `Bearer ${GATEWAY_TOKEN}`
const asGateway = (path: string, body?: unknown) =>
  harness.raw(`/api/v1/gateway${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
const addUpstream = (name: string) =>
  harness.request('POST', '/upstreams', { name, targets: [{ url: 'http://127.0.0.1:1' }] })

const statusOf = (snapshotVersion: number, id = 'gw-1'): GatewayStatus => ({
  id,
  startedAt: '2026-01-01T00:00:00.000Z',
  snapshotVersion,
  workers: 1,
  spool: { pending: 0, dropped: 0, isFull: false },
  targets: [{ upstreamId: 'up_1', url: 'http://127.0.0.1:1', isHealthy: true, active: 0 }],
})

const callOf = (id: string, more: Partial<Call> = {}): Call => ({
  id,
  tenantId: 'default',
  gateway: 'gw-1',
  kind: 'http',
  startedAt: new Date().toISOString(),
  durationMs: 12.5,
  gatewayMs: 0.5,
  upstreamMs: 11,
  method: 'GET',
  host: 'api.test',
  path: `/orders/${id}`,
  status: 200,
  errorCode: null,
  errorReason: null,
  apiId: 'api_1',
  api: 'orders',
  routeId: null,
  route: null,
  applicationId: null,
  application: null,
  keyId: null,
  clientIp: '127.0.0.1',
  userAgent: null,
  requestBytes: 0,
  responseBytes: 10,
  attempts: [],
  stations: {},
  traceId: null,
  snapshotVersion: 1,
  ai: null,
  ...more,
})

describe('readiness', () => {
  it('waits for a gateway that serves what was published at start, and for a configuration given at start', async () => {
    expect((await harness.raw('/healthz')).status).toBe(200)
    const waiting = await harness.raw('/readyz')
    expect([waiting.status, waiting.body.code]).toEqual([503, 'not_ready'])
    const { version } = (await asGateway('/snapshot')).body
    expect((await asGateway('/status', statusOf(version - 1))).status).toBe(204)
    expect(harness.control.isReady()).toBe(false)
    await asGateway('/status', statusOf(version))
    expect((await harness.raw('/readyz')).status).toBe(200)
    harness.control.markConfigPending()
    expect((await harness.raw('/readyz')).status).toBe(503)
    const text = 'upstreams: [{ name: start, targets: [{ url: "${env:TARGET}" }] }]'
    await expect(harness.control.applyText(text, { file: 'start.yaml', env: {} })).rejects.toThrow('start.yaml:1:45: ')
    expect((await harness.raw('/readyz')).status).toBe(503)
    const applied = await harness.control.applyText(text, { file: 'start.yaml', env: { TARGET: 'http://127.0.0.1:2' } })
    expect(applied.snapshotVersion).toBe(version + 1)
    expect((await harness.raw('/readyz')).status).toBe(503)
    await asGateway('/status', statusOf(version + 1))
    expect((await harness.raw('/readyz')).status).toBe(200)
    const audit = await harness.request('GET', '/audit?limit=2')
    expect(audit.body.items.map((one: { actor: string }) => one.actor)).toEqual(['system', 'system'])
  })
})

describe('gateways', () => {
  it('are listed as they last told of themselves', async () => {
    await asGateway('/status', statusOf(1, 'gw-0'))
    const list = await harness.request('GET', '/gateways')
    expect(list.body.items).toMatchObject([
      { id: 'gw-0', snapshotVersion: 1 },
      { id: 'gw-1', lastSeenAt: expect.any(String) },
    ])
    expect((await asGateway('/status', { id: 'gw-2' })).status).toBe(422)
  })

  it('need their own token, and users may not act as gateways', async () => {
    for (const path of ['/gateway/snapshot', '/gateway/calls', '/gateway/status']) {
      const method = path === '/gateway/snapshot' ? 'GET' : 'POST'
      expect((await harness.request(method, path, method === 'POST' ? {} : undefined)).status).toBe(401)
      expect((await harness.raw(`/api/v1${path}`, { method })).status).toBe(401)
    }
    expect((await harness.raw('/api/v1/apis', { headers: { authorization } })).status).toBe(401)
  })

  it('get a signed Snapshot at once, and nothing when theirs is the newest', async () => {
    const { body } = await asGateway('/snapshot')
    expect(signer.verify(body.payload, body.signature)).toBe(true)
    expect(JSON.parse(body.payload).version).toBe(body.version)
    const started = performance.now()
    const none = await asGateway(`/snapshot?after=${body.version}&wait=150`)
    expect([none.status, none.text]).toEqual([204, ''])
    expect(performance.now() - started).toBeGreaterThan(140)
  })

  it('that wait are answered by a publish within milliseconds', async () => {
    const { version } = (await asGateway('/snapshot')).body
    const waiting = asGateway(`/snapshot?after=${version}&wait=30000`).then((answer) => ({
      answer,
      at: performance.now(),
    }))
    await addUpstream('awaited')
    const publishedAt = performance.now()
    const { answer, at } = await waiting
    expect(answer.body.version).toBe(version + 1)
    expect(at - publishedAt).toBeLessThan(100)
  })

  it('see what another control plane on the same server publishes', async () => {
    const other = await startControl(opened.store, keep)
    const { version } = (await asGateway('/snapshot')).body
    const waiting = asGateway(`/snapshot?after=${version}&wait=30000`)
    await other.request('POST', '/upstreams', { name: 'elsewhere', targets: [{ url: 'http://127.0.0.1:1' }] })
    expect((await waiting).body.version).toBe(version + 1)
    await other.close()
  })
})

describe('calls', () => {
  it('are stored once however often they are shipped, and found again', async () => {
    const batch = { calls: [callOf('call-1'), callOf('call-2', { status: 503, durationMs: 900 })] }
    expect((await asGateway('/calls', batch)).body).toEqual({ stored: 2 })
    expect((await asGateway('/calls', batch)).body).toEqual({ stored: 0 })
    expect(shipped.map((call) => call.id)).toEqual(['call-1', 'call-2'])
    const idsOf = async (query: string) =>
      (await harness.request('GET', `/calls?${query}`)).body.items.map((one: Call) => one.id)
    expect(await idsOf('statusClass=5&minDurationMs=100&apiId=api_1')).toEqual(['call-2'])
    expect(await idsOf('text=orders/call-1&kind=http')).toEqual(['call-1'])
    expect((await harness.request('GET', '/calls/call-1')).body).toEqual(batch.calls[0])
    expect((await harness.request('GET', '/calls/call-9')).status).toBe(404)
    expect((await harness.request('GET', '/calls?tenant=nowhere')).status).toBe(404)
  })

  it('of one tenant are not another tenant’s', async () => {
    const tenant = await harness.request('POST', '/tenants', { name: 'acme' })
    await asGateway('/calls', { calls: [callOf('call-acme', { tenantId: tenant.body.id })] })
    expect((await harness.request('GET', '/calls/call-acme')).status).toBe(404)
    expect((await harness.request('GET', '/calls/call-acme?tenant=acme')).status).toBe(200)
  })

  it('give figures in equal buckets', async () => {
    const from = new Date(Date.now() - 3_600_000).toISOString()
    const to = new Date(Date.now() + 60_000).toISOString()
    const stats = await harness.request('GET', `/calls/stats?from=${from}&to=${to}&buckets=4`)
    expect(stats.body.total).toMatchObject({ calls: 2, errors: 1 })
    expect(stats.body.buckets).toHaveLength(4)
    expect((await harness.request('GET', `/calls/stats?from=${to}&to=${from}`)).status).toBe(400)
    expect((await harness.request('GET', '/calls/stats')).status).toBe(422)
    expect((await harness.request('GET', '/calls?from=yesterday')).body.errors[0].path).toBe('/from')
  })

  it('that are not calls are refused with their index, and the batch is not stored', async () => {
    const refused = await asGateway('/calls', { calls: [callOf('call-3'), { ...callOf('call-4'), status: 'ok' }] })
    expect([refused.status, refused.body.errors[0].path]).toEqual([422, '/calls/1/status'])
    expect((await harness.request('GET', '/calls/call-3')).status).toBe(404)
    const [good, bad] = [callOf('call-3'), callOf('call-4', { status: 'ok' as never })].map(encodeCall)
    const encoded = await asGateway('/calls', { calls: [good, bad].map((text) => JSON.parse(text ?? '')) })
    expect([encoded.status, encoded.body.errors]).toEqual([
      422,
      [{ path: '/calls/1/status', message: 'Expected integer, got string.' }],
    ])
    expect((await harness.request('GET', '/calls/call-3')).status).toBe(404)
  })

  it.each([
    [[2, 'call-4'], { path: '/calls/1', message: 'Expected a call of format 1, got 2.' }],
    [[], { path: '/calls/1', message: 'Expected a call of format 1, got undefined.' }],
    ['call-4', { path: '/calls/1', message: 'Expected object, got string.' }],
    [null, { path: '/calls/1', message: 'Expected object, got null.' }],
  ])('are never made of %j', async (item, fault) => {
    const refused = await asGateway('/calls', { calls: [callOf('call-3'), item] })
    expect([refused.status, refused.body.code, refused.body.errors]).toEqual([422, 'validation_failed', [fault]])
  })

  it('are refused without an end of faults', async () => {
    const refused = await asGateway('/calls', { calls: Array.from({ length: 1_000 }, () => ({})) })
    expect(refused.body.errors.length).toBeLessThan(200)
    expect((await asGateway('/calls', { calls: 1 })).body.errors[0].path).toBe('/calls')
    expect((await asGateway('/calls', { calls: [], more: 1 })).body.errors[0].path).toBe('/more')
  })

  it('may be shipped encoded, also beside others that are not', async () => {
    const calls = [callOf('call-encoded', { ai: null, content: { requestBody: 'ü' } }), callOf('call-plain')]
    const [encoded, plain] = calls.map((call) => [JSON.parse(encodeCall(call)), call])
    expect((await asGateway('/calls', { calls: [encoded?.[0], plain?.[1]] })).body).toEqual({ stored: 2 })
    for (const call of calls) expect((await harness.request('GET', `/calls/${call.id}`)).body).toEqual(call)
    const { calls: items } = (await harness.raw('/api/v1/openapi.json').then(({ body }) => body)).paths[
      '/api/v1/gateway/calls'
    ].post.requestBody.content['application/json'].schema.properties
    expect(items.items.anyOf[0]).toEqual({ $ref: '#/components/schemas/Call' })
  })

  it('may come in batches of up to 5 MB', async () => {
    const padded = (id: string, size: number) => callOf(id, { path: `/${'x'.repeat(size)}` })
    expect((await asGateway('/calls', { calls: [padded('call-5', 4_000_000)] })).status).toBe(200)
    const tooLarge = await asGateway('/calls', { calls: [padded('call-6', 6_000_000)] })
    expect([tooLarge.status, tooLarge.body.code]).toEqual([413, 'body_too_large'])
  })
})

describe('the playground', () => {
  it('streams the answer of the gateway to a call as the application', async () => {
    const gateway = await startHttpServer((request, response) => {
      response.writeHead(request.target === '/fail' ? 429 : 200, { 'content-type': 'text/event-stream' })
      response.write(`data: ${request.headers.authorization} ${request.body}\n\n`)
      if (request.target !== '/slow') response.end()
    })
    const control = await startControl(opened.store, { ...keep, gatewayUrl: () => gateway.url })
    const play = (path: string, application = 'player') =>
      control.request('POST', '/playground', { application, path, body: { n: 1 } })
    const application = await control.request('POST', '/applications', { name: 'player' })
    const answer = await play('/v1/chat/completions')
    expect(answer.text).toBe(`data: Bearer minted-default-${application.body.id} {"n":1}\n\n`)
    expect(answer.headers.get('content-type')).toBe('text/event-stream')
    const refused = await play('/fail')
    expect([refused.status, refused.headers.get('x-konnect-relayed')]).toEqual([429, 'gateway'])
    expect((await play('/x', 'ghost')).status).toBe(404)
    for (const path of ['//evil.test/', 'x', '/\\evil.test/'])
      expect((await play(path)).status).toBeGreaterThanOrEqual(400)
    const leaving = new AbortController()
    const slow = await fetch(`${control.url}/api/v1/playground`, {
      method: 'POST',
      signal: leaving.signal,
      headers: { authorization: 'Bearer kn_api_test_token_0123456789', 'content-type': 'application/json' },
      body: JSON.stringify({ application: 'player', path: '/slow', body: null }),
    })
    const first = await slow.body?.getReader().read()
    expect(Buffer.from(first?.value ?? []).toString()).toContain('data:')
    leaving.abort()
    await waitFor('the gateway to see the client leave', async () => gateway.requests.at(-1)?.aborted.then(() => true))
    await gateway.close()
    expect((await play('/x')).body.code).toBe('upstream_unreachable')
    await control.close()
  })
})

describe('a database that is away', () => {
  it('is answered with 503, never with 401, and a gateway keeps its Snapshot', async () => {
    isAway = true
    const paths = ['/apis', '/session', '/config/export', '/calls']
    const answers = await Promise.all(paths.map((path) => harness.request('GET', path)))
    expect(answers.map((one) => [one.status, one.body.code])).toEqual(paths.map(() => [503, 'database_unavailable']))
    expect((await asGateway('/calls', { calls: [callOf('call-7')] })).status).toBe(503)
    expect((await asGateway('/snapshot')).status).toBe(200)
    expect((await harness.raw('/healthz')).status).toBe(200)
    isAway = false
    expect((await harness.request('GET', '/apis')).status).toBe(200)
  })
})
