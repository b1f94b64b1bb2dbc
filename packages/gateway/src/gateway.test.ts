import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { bodyOf, GatewayError, silentLogger } from '@konnect/contract'
import { definePolicy, type Policy, type PolicyHandlers } from '@konnect/sdk'
import { type Echo, startEchoUpstream, waitFor } from '@konnect/testkit'
import { Type } from 'typebox'
import { afterEach, describe, expect, it } from 'vitest'
import { apiOf, mobileWith, startTestGateway, TEST_KEY, type TestGatewayOptions } from './harness.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function gatewayWith(options: TestGatewayOptions = {}) {
  const gateway = await startTestGateway(options)
  closing.push(() => gateway.close())
  return gateway
}

async function echoUpstream(name = 'echo') {
  const upstream = await startEchoUpstream({ name })
  closing.push(() => upstream.close())
  return upstream
}

/** An upstream whose every answer the test decides. */
async function upstreamWith(respond: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(respond).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(async () => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A policy that does what `handlers` say. */
const policyOf = (id: string, handlers: PolicyHandlers): Policy =>
  definePolicy({
    id,
    title: id,
    description: 'For a test.',
    settings: Type.Object({}),
    phases: [],
    failure: 'none',
    compile: () => handlers,
  }) as Policy

describe('matching', () => {
  it('answers 503 not_ready with Retry-After before the first Snapshot', async () => {
    const { url } = await gatewayWith()
    const response = await fetch(`${url}/anything`)
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('1')
    expect(await response.json()).toMatchObject({ code: 'not_ready' })
  })

  it('warns of two routes that claim the same requests, and serves the first', async () => {
    const upstream = await echoUpstream()
    const warnings: object[] = []
    const logger = { ...silentLogger, warn: (facts: object) => warnings.push(facts) }
    const { url, publish } = await gatewayWith({ logger })
    const rival = apiOf('rival', [upstream.url])
    publish({
      apis: [
        apiOf('orders', [upstream.url]),
        { ...rival, routes: rival.routes.map((route) => ({ ...route, paths: ['/orders'] })) },
      ],
    })
    expect(warnings).toMatchObject([{ path: '/orders', served: 'orders/route-1', shadowed: 'rival/route-1' }])
    expect((await fetch(`${url}/orders`)).status).toBe(200)
  })

  it('answers an unknown path with 404 problem+json that carries the request id, and records the Call', async () => {
    const gateway = await gatewayWith()
    gateway.publish({})
    const response = await fetch(`${gateway.url}/nowhere`)
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    const problem = (await response.json()) as { requestId: string }
    expect(problem).toMatchObject({ code: 'route_not_found', type: 'urn:konnect:error:route_not_found' })
    const [call] = await gateway.recorded(1)
    expect(call).toMatchObject({ id: problem.requestId, status: 404, errorCode: 'route_not_found', path: '/nowhere' })
  })

  it('answers a wrong method with 405 and the methods that exist', async () => {
    const upstream = await echoUpstream()
    const gateway = await gatewayWith()
    const api = apiOf('orders', [upstream.url])
    gateway.publish({ apis: [{ ...api, routes: [{ ...api.routes[0], methods: ['POST'] } as never] }] })
    const response = await fetch(`${gateway.url}/orders`)
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('POST')
  })
})

describe('proxying', () => {
  it('passes method, path, query, fields and body on and the answer back', async () => {
    const upstream = await echoUpstream()
    const gateway = await gatewayWith()
    gateway.publish({ apis: [apiOf('orders', [`${upstream.url}/v2`])] })
    const response = await fetch(`${gateway.url}/orders/7?x=1&y=%20`, {
      method: 'POST',
      body: 'content',
      headers: { 'x-mine': 'kept', 'x-forwarded-for': '6.6.6.6', 'x-consumer-id': 'forged' },
    })
    const echo = (await response.json()) as Echo
    expect(echo).toMatchObject({ method: 'POST', target: '/v2/orders/7?x=1&y=%20', body: 'content' })
    expect(echo.headers).toMatchObject({
      'x-mine': 'kept',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
    })
    expect(echo.headers['x-consumer-id']).toBeUndefined()
    expect(echo.headers.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/)
    expect(response.headers.get('x-request-id')).toBe(echo.headers['x-request-id'])
    expect(response.headers.get('server-timing')).toMatch(/^gateway;dur=[\d.]+, upstream;dur=[\d.]+$/)
    const [call] = await gateway.recorded(1)
    expect(call).toMatchObject({ api: 'orders', status: 200, requestBytes: 7, errorCode: null, kind: 'http' })
    expect(call?.attempts).toEqual([expect.objectContaining({ status: 200, error: null })])
  })

  it('removes the matched prefix when the route strips it', async () => {
    const upstream = await echoUpstream()
    const gateway = await gatewayWith()
    const api = apiOf('orders', [upstream.url])
    gateway.publish({ apis: [{ ...api, routes: [{ ...api.routes[0], stripPath: true } as never] }] })
    const targets = await Promise.all(
      ['/orders', '/orders/7?a=b'].map(
        async (path) => ((await (await fetch(gateway.url + path)).json()) as Echo).target,
      ),
    )
    expect(targets).toEqual(['/', '/7?a=b'])
  })

  it('believes X-Forwarded-For from a listed proxy only', async () => {
    const upstream = await echoUpstream()
    const gateway = await gatewayWith({ trustedProxies: ['127.0.0.0/8'] })
    gateway.publish({ apis: [apiOf('orders', [upstream.url])] })
    await fetch(`${gateway.url}/orders`, { headers: { 'x-forwarded-for': '9.9.9.9, 8.8.8.8' } })
    expect((await gateway.recorded(1))[0]?.clientIp).toBe('8.8.8.8')
  })

  it('sends the first bytes of a stream at once and every chunk as it comes', async () => {
    let push: (text: string) => void = () => undefined
    const url = await upstreamWith((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      push = (text) => response.write(text)
      push('data: 1\n\n')
    })
    const gateway = await gatewayWith()
    gateway.publish({ apis: [apiOf('events', [url])] })
    const response = await fetch(`${gateway.url}/events`)
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    const next = async () => new TextDecoder().decode((await reader.read()).value)
    expect(await next()).toBe('data: 1\n\n')
    push('data: 2\n\n')
    expect(await next()).toBe('data: 2\n\n')
    await reader.cancel()
  })

  it('aborts the upstream when the client goes away and records 499', async () => {
    let isAborted = false
    const url = await upstreamWith((_request, response) => {
      response.writeHead(200)
      response.write('x')
      response.on('close', () => {
        isAborted = true
      })
    })
    const gateway = await gatewayWith()
    gateway.publish({ apis: [apiOf('slow', [url])] })
    const abort = new AbortController()
    const response = await fetch(`${gateway.url}/slow`, { signal: abort.signal })
    abort.abort()
    await expect(response.text()).rejects.toThrow()
    await waitFor('the upstream to be aborted', () => isAborted)
    expect((await gateway.recorded(1))[0]).toMatchObject({ status: 499, errorCode: 'client_closed' })
    expect(gateway.gateway.active).toBe(0)
  })

  it('breaks a response off, and says why in the Call, when the upstream breaks off', async () => {
    const url = await upstreamWith((_request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('part')
      setImmediate(() => response.destroy())
    })
    const gateway = await gatewayWith()
    gateway.publish({ apis: [apiOf('broken', [url])] })
    const response = await fetch(`${gateway.url}/broken`)
    await expect(response.text()).rejects.toThrow()
    expect((await gateway.recorded(1))[0]).toMatchObject({ errorCode: 'upstream_truncated' })
  })

  it('answers 502 when nobody listens and 504 when nobody answers', async () => {
    const silent = await upstreamWith(() => undefined)
    const gateway = await gatewayWith()
    const quick = { id: 'up', retries: 0, timeout: '50ms', targets: [] }
    gateway.publish({
      apis: [
        apiOf('gone', ['http://127.0.0.1:1'], {}),
        apiOf('silent', [], { upstream: { ...quick, targets: [{ url: silent }] } }),
      ],
    })
    const [gone, late] = await Promise.all([fetch(`${gateway.url}/gone`), fetch(`${gateway.url}/silent`)])
    expect([gone.status, late.status]).toEqual([502, 504])
    expect(await gone.text()).not.toContain('127.0.0.1')
  })

  it('joins a WebSocket upgrade where the route allows it and refuses it elsewhere', async () => {
    const upstream = await echoUpstream()
    const gateway = await gatewayWith()
    const api = apiOf('ws', [upstream.url])
    gateway.publish({
      apis: [
        { ...api, routes: [{ ...api.routes[0], protocol: 'websocket' } as never] },
        apiOf('plain', [upstream.url]),
      ],
    })
    expect(await upgradeStatus(gateway.port, '/plain')).toBe(400)
    const socket = connect(gateway.port, '127.0.0.1')
    socket.write(upgradeRequest('/ws'))
    const [head] = (await once(socket, 'data')) as [Buffer]
    expect(head.toString()).toMatch(/^HTTP\/1\.1 101 /)
    socket.write('ping')
    expect(((await once(socket, 'data')) as [Buffer])[0].toString()).toBe('ping')
    socket.destroy()
    const call = (await gateway.recorded(2)).find((one) => one.kind === 'websocket')
    expect(call).toMatchObject({ status: 101, requestBytes: 4 })
  })
})

const upgradeRequest = (path: string) =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`

async function upgradeStatus(port: number, path: string): Promise<number> {
  const socket = connect(port, '127.0.0.1')
  socket.write(upgradeRequest(path))
  const [head] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return Number(head.toString().split(' ')[1])
}

describe('balancing and retries', () => {
  it('alternates between two targets', async () => {
    const [a, b] = [await echoUpstream('a'), await echoUpstream('b')]
    const gateway = await gatewayWith()
    gateway.publish({ apis: [apiOf('orders', [a.url, b.url])] })
    const names: string[] = []
    for (let i = 0; i < 4; i++) names.push(((await (await fetch(`${gateway.url}/orders`)).json()) as Echo).name)
    expect(names.sort()).toEqual(['a', 'a', 'b', 'b'])
  })

  it('repeats a GET at another target when one cannot be reached, and records both attempts', async () => {
    const upstream = await echoUpstream()
    const gateway = await gatewayWith()
    gateway.publish({ apis: [apiOf('orders', ['http://127.0.0.1:1', upstream.url])] })
    const statuses = await Promise.all([1, 2].map(async () => (await fetch(`${gateway.url}/orders`)).status))
    expect(statuses).toEqual([200, 200])
    const calls = await gateway.recorded(2)
    expect(calls.flatMap((call) => call.attempts.map((attempt) => attempt.error)).sort()).toEqual([
      null,
      null,
      'upstream_unreachable',
    ])
  })

  it('never repeats a POST whose body went out', async () => {
    let seen = 0
    const url = await upstreamWith((incoming, response) => {
      seen++
      incoming.resume().on('end', () => response.destroy())
    })
    const gateway = await gatewayWith()
    gateway.publish({ apis: [apiOf('orders', [url, `${url}/other`])] })
    const response = await fetch(`${gateway.url}/orders`, { method: 'POST', body: 'pay' })
    expect(response.status).toBe(502)
    expect(seen).toBe(1)
  })
})

describe('identity and rights', () => {
  const protectedApi = (url: string) => apiOf('orders', [url], { access: 'subscription' })

  it('denies without a credential, with a wrong one, and without a subscription; admits with all', async () => {
    const upstream = await echoUpstream()
    const gateway = await gatewayWith()
    const call = (key?: string) =>
      fetch(`${gateway.url}/orders`, key === undefined ? {} : { headers: { 'x-api-key': key } })
    gateway.publish({ apis: [protectedApi(upstream.url)], applications: [mobileWith({})] })
    expect((await call()).status).toBe(401)
    expect((await call('wrong-key-wrong-key')).status).toBe(401)
    expect((await call(TEST_KEY)).status).toBe(403)
    gateway.publish({ apis: [protectedApi(upstream.url)], applications: [mobileWith({ apiIds: ['api_orders'] })] })
    expect((await call(TEST_KEY)).status).toBe(200)
    expect(gateway.calls.map((one) => [one.status, one.errorCode, one.application])).toEqual([
      [401, 'credential_missing', null],
      [401, 'credential_invalid', null],
      [403, 'subscription_required', 'mobile'],
      [200, null, 'mobile'],
    ])
  })

  it('stops admitting a key with the publish that removes it', async () => {
    const upstream = await echoUpstream()
    const gateway = await gatewayWith()
    const application = mobileWith({ apiIds: ['api_orders'] })
    const apis = [protectedApi(upstream.url)]
    gateway.publish({ apis, applications: [application] })
    const call = async () => (await fetch(`${gateway.url}/orders`, { headers: { 'x-api-key': TEST_KEY } })).status
    expect(await call()).toBe(200)
    gateway.publish({ apis, applications: [{ ...application, keys: [] }] })
    expect(await call()).toBe(401)
  })

  it('refuses an expired key', async () => {
    const upstream = await echoUpstream()
    const gateway = await gatewayWith()
    const application = mobileWith({ apiIds: ['api_orders'] })
    const keys = application.keys.map((key) => ({ ...key, expiresAt: '2020-01-01T00:00:00Z' }))
    gateway.publish({ apis: [protectedApi(upstream.url)], applications: [{ ...application, keys }] })
    expect((await fetch(`${gateway.url}/orders`, { headers: { 'x-api-key': TEST_KEY } })).status).toBe(401)
  })

  it('lets a second identifying policy recognise what the first refuses', async () => {
    const upstream = await echoUpstream()
    const refuse = policyOf('refuse', {
      identify() {
        throw new GatewayError('credential_invalid')
      },
    })
    const recognise = policyOf('recognise', {
      identify(exchange) {
        exchange.principal = { tenantId: 'default', applicationId: 'app_mobile', application: 'mobile', keyId: null }
      },
    })
    const gateway = await gatewayWith({ policies: [refuse, recognise] })
    const policies = ['refuse', 'recognise'].map((use) => ({ use, with: {} }))
    gateway.publish({ apis: [{ ...apiOf('orders', [upstream.url]), policies }] })
    expect((await fetch(`${gateway.url}/orders`)).status).toBe(200)
  })

  it('answers 503, not 401, when what identifies callers is away', async () => {
    const upstream = await echoUpstream()
    const away = policyOf('away', {
      identify() {
        throw new GatewayError('dependency_unavailable')
      },
    })
    const gateway = await gatewayWith({ policies: [away] })
    gateway.publish({ apis: [{ ...apiOf('orders', [upstream.url]), policies: [{ use: 'away', with: {} }] }] })
    expect((await fetch(`${gateway.url}/orders`)).status).toBe(503)
  })
})

describe('policies', () => {
  it('run gateway, tenant, plan, API, route, application on the way in and in reverse on the way out', async () => {
    const upstream = await echoUpstream()
    const seen: string[] = []
    const names = ['gateway', 'tenant', 'plan', 'api', 'route', 'application']
    const policies = names.map((name) =>
      policyOf(`log-${name}`, {
        shape: () => void seen.push(`in ${name}`),
        return: async () => void seen.push(`out ${name}`),
        account: () => void seen.push(`account ${name}`),
      }),
    )
    const gateway = await gatewayWith({ policies })
    const use = (name: string) => [{ use: `log-${name}`, with: {} }]
    const api = apiOf('orders', [upstream.url], { access: 'subscription', policies: use('api') })
    gateway.publish({
      policies: use('gateway'),
      tenants: [{ id: 'default', name: 'default', policies: use('tenant') }],
      apis: [{ ...api, routes: [{ ...api.routes[0], policies: use('route') } as never] }],
      applications: [
        {
          ...mobileWith({}),
          subscriptions: [{ id: 'sub', apiIds: ['api_orders'], modelIds: [], policies: use('plan') }],
          policies: use('application'),
        },
      ],
    })
    const response = await fetch(`${gateway.url}/orders`, { headers: { 'x-api-key': TEST_KEY } })
    expect(((await response.json()) as Echo).name).toBe('echo')
    await gateway.recorded(1)
    expect(seen).toEqual([
      ...names.map((name) => `in ${name}`),
      ...[...names].reverse().map((name) => `out ${name}`),
      ...names.map((name) => `account ${name}`),
    ])
  })

  it('may answer in place of the upstream, add fields to any answer, and change the request', async () => {
    const upstream = await echoUpstream()
    const cached = policyOf('cached', {
      shape(exchange) {
        exchange.addResponseHeader('x-added', 'yes')
        if (exchange.request.query === 'cached')
          exchange.answer({ status: 203, headers: ['x-from', 'cache'], body: 'stored' })
        exchange.request.body = bodyOf(Buffer.from('changed'))
      },
    })
    const gateway = await gatewayWith({ policies: [cached] })
    gateway.publish({ apis: [{ ...apiOf('orders', [upstream.url]), policies: [{ use: 'cached', with: {} }] }] })
    const hit = await fetch(`${gateway.url}/orders?cached`)
    expect([hit.status, hit.headers.get('x-from'), hit.headers.get('x-added'), await hit.text()]).toEqual([
      203,
      'cache',
      'yes',
      'stored',
    ])
    const miss = await fetch(`${gateway.url}/orders`, { method: 'POST', body: 'original' })
    expect(((await miss.json()) as Echo).body).toBe('changed')
    expect(upstream.requests).toHaveLength(1)
  })

  it('end an exchange at its deadline with 504', async () => {
    const silent = await upstreamWith(() => undefined)
    const short = policyOf('short', { match: (exchange) => exchange.limitDuration(50) })
    const gateway = await gatewayWith({ policies: [short] })
    gateway.publish({ apis: [{ ...apiOf('slow', [silent]), policies: [{ use: 'short', with: {} }] }] })
    const response = await fetch(`${gateway.url}/slow`)
    expect(response.status).toBe(504)
    expect((await gateway.recorded(1))[0]?.attempts[0]?.error).toBe('upstream_timeout')
  })

  it('that fail unexpectedly give 500 without a word of what failed, and the Call holds the reason', async () => {
    const upstream = await echoUpstream()
    const buggy = policyOf('buggy', {
      admit() {
        throw new TypeError('secret detail')
      },
    })
    const gateway = await gatewayWith({ policies: [buggy] })
    gateway.publish({ apis: [{ ...apiOf('orders', [upstream.url]), policies: [{ use: 'buggy', with: {} }] }] })
    const response = await fetch(`${gateway.url}/orders`)
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('secret detail')
    expect((await gateway.recorded(1))[0]).toMatchObject({ errorCode: 'internal_error', errorReason: 'secret detail' })
  })
})

describe('publishing', () => {
  it('refuses a Snapshot with a wrong signature or an unknown policy and keeps serving the former one', async () => {
    const upstream = await echoUpstream()
    const gateway = await gatewayWith()
    gateway.publish({ apis: [apiOf('orders', [upstream.url])] })
    expect(() => gateway.gateway.apply({ version: 9, payload: '{}', signature: 'forged' })).toThrow('signature')
    expect(() => gateway.publish({ policies: [{ use: 'unheard-of', with: {} }] })).toThrow('unheard-of')
    expect((await fetch(`${gateway.url}/orders`)).status).toBe(200)
    expect(gateway.gateway.version).toBe(1)
  })

  it('causes no failure for requests under load', async () => {
    const upstream = await echoUpstream()
    const gateway = await gatewayWith()
    gateway.publish({ apis: [apiOf('orders', [upstream.url])] })
    let isRunning = true
    const statuses = new Set<number>()
    const load = Array.from({ length: 8 }, async () => {
      while (isRunning) {
        const response = await fetch(`${gateway.url}/orders`)
        await response.arrayBuffer()
        statuses.add(response.status)
      }
    })
    for (let i = 0; i < 50; i++) {
      gateway.publish({ apis: [apiOf('orders', [upstream.url]), apiOf(`extra-${i}`, [upstream.url])] })
      await new Promise(setImmediate)
    }
    isRunning = false
    await Promise.all(load)
    expect([...statuses]).toEqual([200])
  })
})

it('records a request whose client sent only part of the body', async () => {
  const upstream = await echoUpstream()
  const gateway = await gatewayWith()
  gateway.publish({ apis: [apiOf('orders', [upstream.url])] })
  const partial = request(`${gateway.url}/orders`, { method: 'POST', headers: { 'content-length': '100' } })
  partial.on('error', () => undefined)
  partial.write('part')
  await waitFor('the exchange to begin', () => gateway.gateway.active === 1)
  partial.destroy()
  expect((await gateway.recorded(1))[0]).toMatchObject({ errorCode: 'client_closed' })
})
