import { once } from 'node:events'
import { GatewayError } from '@konnect/contract'
import { definePolicy, type Policy, type TemporaryKey } from '@konnect/sdk'
import { Type } from 'typebox'
import { afterEach, describe, expect, it } from 'vitest'
import { TEST_KEY } from '../harness.ts'
import { RawPeers, switching } from './testing/raw-peers.ts'
import { RealtimeStage, refusalOf, refusing } from './testing/realtime-stage.ts'

const stage = new RealtimeStage()
const peers = new RawPeers()
afterEach(async () => {
  peers.close()
  await stage.close()
})

describe('opening a session', () => {
  it("asks the vendor with the gateway's credentials and the vendor's name of the model, without extensions", async () => {
    const { vendor, client, gateway, server } = await stage.joined()
    const [request] = vendor.requests
    expect(request?.url).toBe('/v1/realtime?api-version=1&model=v0-model')
    expect(request?.headers).toMatchObject({ authorization: 'Bearer vendor-secret', 'sec-websocket-version': '13' })
    expect(request?.headers).not.toHaveProperty('x-api-key')
    expect(request?.headers).not.toHaveProperty('sec-websocket-extensions')
    expect([client.extensions, client.protocol, server.protocol]).toEqual(['', '', ''])
    client.close()
    const [call] = await gateway.recorded(1)
    expect(call).toMatchObject({
      kind: 'ai',
      status: 101,
      errorCode: null,
      application: 'mobile',
      path: '/v1/realtime',
    })
    expect(call?.ai).toMatchObject({ dialect: 'openai-realtime', model: 'assistant', provider: 'v0', usage: null })
    expect(call?.attempts).toMatchObject([{ target: 'v0', status: 101, error: null }])
  })

  it('waits for the first temporary key, and sends that one', async () => {
    let give: (key: TemporaryKey) => void = () => {}
    const obtain = () => new Promise<TemporaryKey>((resolve) => (give = resolve))
    const vendor = await stage.vendor()
    const gateway = await stage.gateway([vendor], { temporaryKeys: () => ({ dependsOn: [], obtain }) })
    const client = stage.connect(gateway)
    while (gateway.gateway.active === 0) await new Promise((resolve) => setImmediate(resolve))
    give({ apiKey: 'temporary', expiresAtMs: Date.now() + 60_000 })
    await once(client, 'open')
    expect(vendor.requests[0]?.headers).toMatchObject({ authorization: 'Bearer temporary' })
  })

  it('sends on what the vendor wants to know of the client, and nothing else', async () => {
    const vendor = await stage.vendor()
    const gateway = await stage.gateway([vendor])
    const headers = { 'x-api-key': TEST_KEY, 'openai-beta': 'realtime=v1', cookie: 'a=b', origin: 'https://a.example' }
    const client = stage.connect(gateway, { headers })
    await once(client, 'open')
    expect(vendor.requests[0]?.headers).toMatchObject({ 'openai-beta': 'realtime=v1' })
    expect(Object.keys(vendor.requests[0]?.headers ?? {})).not.toEqual(expect.arrayContaining(['cookie', 'origin']))
  })

  it('agrees on the subprotocol that the vendor chooses, or that the client likes best', async () => {
    const vendor = await stage.vendor()
    const gateway = await stage.gateway([vendor])
    const protocols = ['realtime', 'openai-beta.realtime-v1']
    const first = stage.connect(gateway, { protocols })
    await once(first, 'open')
    vendor.protocol = 'openai-beta.realtime-v1'
    const second = stage.connect(gateway, { protocols })
    await once(second, 'open')
    expect([first.protocol, second.protocol]).toEqual(protocols)
  })

  it('finds the key where browsers put it, and keeps it from the vendor', async () => {
    const vendor = await stage.vendor()
    const gateway = await stage.gateway([vendor], { policies: [bearer] as unknown as Policy[], snapshot: withBearer })
    const client = stage.connect(gateway, {
      headers: {},
      protocols: ['realtime', `openai-insecure-api-key.${TEST_KEY}`],
    })
    await once(client, 'open')
    expect(client.protocol).toBe('realtime')
    expect(JSON.stringify(vendor.requests[0]?.rawHeaders)).not.toContain(TEST_KEY)
    client.close()
    expect((await gateway.recorded(1))[0]).toMatchObject({ application: 'mobile', keyId: 'key_1' })
  })

  it('is refused without a credential, a model, a right or a WebSocket, in the words of the format', async () => {
    const vendor = await stage.vendor()
    const gateway = await stage.gateway([vendor], { model: { access: 'subscription' } })
    const refusal = async (options: Parameters<RealtimeStage['connect']>[1]) => {
      const { status, body } = await refusalOf(stage.connect(gateway, options))
      return [status, (body as { error: { code: string } }).error.code]
    }
    expect(await refusal({ headers: {} })).toEqual([401, 'invalid_api_key'])
    expect(await refusal({ headers: { 'x-api-key': 'wrong-key-wrong-key' } })).toEqual([401, 'invalid_api_key'])
    expect(await refusal({ query: '' })).toEqual([400, 'invalid_request'])
    expect(await refusal({ query: '?model=other' })).toEqual([404, 'model_not_found'])
    expect(await refusal({ query: '?model=assistant&call_id=rtc_1' })).toEqual([400, 'unsupported_feature'])
    expect(await refusal({ query: '?model=assistant&intent=transcription' })).toEqual([400, 'unsupported_feature'])
    expect(await refusal({ query: '?model=assistant&intent=realtime' })).toEqual([403, 'subscription_required'])
    const plain = await fetch(`${gateway.url}/v1/realtime?model=assistant`, { headers: { 'x-api-key': TEST_KEY } })
    expect(plain.status).toBe(400)
    expect(vendor.requests).toEqual([])
    expect(await gateway.recorded(8)).toHaveLength(8)
  })

  it('needs a deployment that takes it and has room, which it holds until it is over', async () => {
    const vendors = [await stage.vendor(), await stage.vendor()]
    const deployments = [
      { providerId: 'prov_v0', model: 'a', when: { stream: false } },
      { providerId: 'prov_v1', model: 'b', capacity: { concurrent: 1 } },
    ]
    const gateway = await stage.gateway(vendors, { model: { deployments } })
    const first = stage.connect(gateway)
    await once(first, 'open')
    expect((await refusalOf(stage.connect(gateway))).status).toBe(429)
    first.close()
    await gateway.recorded(2)
    const second = stage.connect(gateway)
    await once(second, 'open')
    expect([vendors[0]?.requests.length, vendors[1]?.requests.length]).toEqual([0, 2])
  })

  it('passes the policies of the model', async () => {
    const vendor = await stage.vendor()
    const policies = [{ id: 'pol_1', use: 'closed-door', with: {} }]
    const gateway = await stage.gateway([vendor], {
      policies: [closedDoor] as unknown as Policy[],
      model: { policies: policies as never },
    })
    const { status, headers } = await refusalOf(stage.connect(gateway))
    expect([status, headers['retry-after']]).toEqual([429, '7'])
    expect(vendor.requests).toEqual([])
  })
})

const bearer = definePolicy({
  id: 'test-bearer',
  title: 'Bearer',
  description: 'Reads Authorization.',
  settings: Type.Object({}),
  phases: ['identify'],
  failure: 'none',
  compile: (_settings, { directory }) => ({
    identify(exchange) {
      const at = exchange.request.headers.indexOf('authorization')
      exchange.principal = directory.findKey((exchange.request.headers[at + 1] ?? '').replace('Bearer ', ''))
    },
  }),
})
const withBearer = { policies: [{ id: 'pol_bearer', use: 'test-bearer', with: {} }] } as never

const closedDoor = definePolicy({
  id: 'closed-door',
  title: 'Closed door',
  description: 'Refuses everything.',
  settings: Type.Object({}),
  phases: ['admit'],
  failure: 'none',
  compile: () => ({
    admit() {
      throw new GatewayError('rate_limited', { headers: ['retry-after', '7'] })
    },
  }),
})

describe('vendors that open no session', () => {
  it('with a refused or exhausted key are asked with the next key, then the next deployment', async () => {
    const first = await stage.vendor((request, response) => {
      const isFirst = request.headers.authorization === 'Bearer key-a'
      refusing(isFirst ? 401 : 429, 'no', { 'retry-after': '30' })(request, response)
    })
    const second = await stage.vendor()
    const apiKeys = [
      { name: 'a', value: 'key-a', weight: 1_000_000 },
      { name: 'b', value: 'key-b', weight: 0 },
    ]
    const gateway = await stage.gateway([first, second], { provider: { apiKeys } as never })
    const client = stage.connect(gateway)
    await once(client, 'open')
    client.close()
    const [call] = await gateway.recorded(1)
    expect(call?.attempts.map(({ target, key, status }) => [target, key, status])).toEqual([
      ['v0', 'a', 401],
      ['v0', 'b', 429],
      ['v1', 'a', 101],
    ])
    expect(call?.ai?.provider).toBe('v1')
  })

  it('and cannot be reached, break the handshake or answer with something else are passed over', async () => {
    const broken = await peers.server((socket) => socket.end(switching('bm90IHRoZSBrZXk=')))
    const plain = await stage.vendor((_request, response) => response.writeHead(200).end())
    const good = await stage.vendor()
    const gone = { url: 'http://127.0.0.1:1' }
    const gateway = await stage.gateway([gone, { url: broken }, plain, good])
    const client = stage.connect(gateway)
    await once(client, 'open')
    client.close()
    const [call] = await gateway.recorded(1)
    expect(call?.attempts.map(({ target, error }) => [target, error])).toEqual([
      ['v0', 'upstream_unreachable'],
      ['v0', 'upstream_unreachable'],
      ['v1', 'upstream_invalid'],
      ['v2', 'upstream_invalid'],
      ['v3', null],
    ])
  })

  it('and are the last ones have their error told in the words of the format, with secrets masked', async () => {
    const vendor = await stage.vendor(refusing(403, 'sk-secret0123456789 may not', { 'x-request-id': 'req_9' }))
    const gateway = await stage.gateway([vendor])
    const { status, body, headers } = await refusalOf(stage.connect(gateway))
    expect(status).toBe(403)
    expect(body).toMatchObject({ error: { message: '*** may not', type: 'permission_error' } })
    expect(headers['x-upstream-request-id']).toBe('req_9')
    const [call] = await gateway.recorded(1)
    expect(call).toMatchObject({ status: 403, errorCode: 'upstream_error', kind: 'ai' })
    expect(call?.ai).toMatchObject({ model: 'assistant', usage: null, costUsd: null })
  })

  it('for a client that has left by then leave no session behind', async () => {
    let answer: (() => void) | undefined
    const asked = new Promise<void>((resolve) => {
      answer = resolve
    })
    let isGone = false
    const url = await peers.server((socket) => {
      socket.once('end', () => {
        isGone = true
      })
      answer?.()
    })
    const gateway = await stage.gateway([{ url }])
    const client = stage.connect(gateway)
    await asked
    client.terminate()
    await expect.poll(() => isGone).toBe(true)
    expect((await gateway.recorded(1))[0]).toMatchObject({ status: 499, errorCode: 'client_closed' })
  })
})
