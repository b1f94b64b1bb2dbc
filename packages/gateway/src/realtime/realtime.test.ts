import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { GatewayError } from '@konnect/contract'
import { definePolicy, type Policy, type TemporaryKey } from '@konnect/sdk'
import { Type } from 'typebox'
import { afterEach, describe, expect, it } from 'vitest'
import { mobileWith, TEST_KEY } from '../harness.ts'
import { frame, text } from './testing/frames.ts'
import { closeOf, messageOf, messagesOf, RealtimeStage, refusalOf, refusing } from './testing/realtime-stage.ts'

const stage = new RealtimeStage()
afterEach(() => stage.close())

const done = (usage: object) => JSON.stringify({ type: 'response.done', response: { status: 'completed', usage } })
const spoken = {
  total_tokens: 160,
  input_tokens: 100,
  output_tokens: 60,
  input_token_details: { text_tokens: 20, audio_tokens: 80, cached_tokens: 0 },
  output_token_details: { text_tokens: 10, audio_tokens: 50 },
}

/** A client and a vendor with a session between them. */
async function joined(options: Parameters<RealtimeStage['gateway']>[1] = {}) {
  const vendor = await stage.vendor()
  const gateway = await stage.gateway([vendor], options)
  const client = stage.connect(gateway)
  const [server] = await Promise.all([vendor.session(), once(client, 'open')])
  return { vendor, gateway, client, server }
}

describe('opening a session', () => {
  it("asks the vendor with the gateway's credentials and the vendor's name of the model, without extensions", async () => {
    const { vendor, client, gateway, server } = await joined()
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
    const broken = await brokenServer((socket) => socket.end(switching('bm90IHRoZSBrZXk=')))
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
    const url = await brokenServer((socket) => {
      socket.once('close', () => {
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

async function brokenServer(onRequest: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('data', () => onRequest(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
}

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const switching = (accept: string) =>
  `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`

const acceptOf = (key: string) =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')

/** A vendor that writes bytes of our choice once the session is open, and keeps what it gets. */
async function rawVendor(
  onOpen: (socket: Socket) => void,
  onRequest: (switchOver: () => void) => void = (switchOver) => switchOver(),
) {
  const received: Buffer[] = []
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    closing.push(() => socket.destroy())
    socket.on('error', () => {})
    socket.once('data', (head: Buffer) => {
      const key = /sec-websocket-key: (\S+)/i.exec(head.toString())?.[1] ?? ''
      onRequest(() => {
        socket.write(switching(acceptOf(key)))
        socket.on('data', (bytes: Buffer) => received.push(bytes))
        onOpen(socket)
      })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => server.close())
  const address = server.address()
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, received }
}

/** A client that writes bytes of our choice. */
async function rawClient(port: number) {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  closing.push(() => socket.destroy())
  const key = randomBytes(16).toString('base64')
  socket.write(
    `GET /v1/realtime?model=assistant HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nx-api-key: ${TEST_KEY}\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${key}\r\n\r\n`,
  )
  const [head] = (await once(socket, 'data')) as [Buffer]
  const received: Buffer[] = [head.subarray(head.indexOf('\r\n\r\n') + 4)]
  socket.on('data', (bytes: Buffer) => received.push(bytes))
  return { socket, head: head.toString('latin1'), received: () => Buffer.concat(received) }
}

describe('an open session', () => {
  it('carries text and sound both ways, and pings', async () => {
    const { client, server } = await joined()
    const sound = randomBytes(100_000)
    client.send('{"type":"session.update"}')
    expect(await messageOf(server)).toBe('{"type":"session.update"}')
    client.send(sound)
    expect(((await once(server, 'message')) as [Buffer])[0].equals(sound)).toBe(true)
    server.send('{"type":"session.created"}')
    expect(await messageOf(client)).toBe('{"type":"session.created"}')
    server.ping('are you there')
    const [pong] = (await once(server, 'pong')) as [Buffer]
    client.ping('and you')
    const [other] = (await once(client, 'pong')) as [Buffer]
    expect([pong.toString(), other.toString()]).toEqual(['are you there', 'and you'])
  })

  it('passes frames as the very bytes that came, fragments and masks included', async () => {
    const fromVendor = Buffer.concat([
      frame('server', { opcode: 1, isFinal: false, payload: Buffer.from('{"type":') }),
      frame('server', { opcode: 9, payload: Buffer.from('p') }),
      frame('server', { opcode: 0, payload: Buffer.from('"x"}') }),
    ])
    const vendor = await rawVendor((socket) => {
      for (const byte of fromVendor) socket.write(Buffer.from([byte]))
    })
    const gateway = await stage.gateway([vendor])
    const { socket, received } = await rawClient(gateway.port)
    const fromClient = Buffer.concat([frame('client', text('hello')), frame('client', { opcode: 10 })])
    for (const byte of fromClient) socket.write(Buffer.from([byte]))
    await expect.poll(() => received().equals(fromVendor)).toBe(true)
    await expect.poll(() => Buffer.concat(vendor.received).equals(fromClient)).toBe(true)
  })

  it.each([1000, 4001])('is closed by the vendor with %i, which the client hears', async (code) => {
    const { client, server, gateway } = await joined()
    server.close(code, 'enough')
    expect(await closeOf(client)).toEqual({ code, reason: 'enough' })
    const [call] = await gateway.recorded(1)
    expect(call).toMatchObject({ status: 101, errorCode: code === 1000 ? null : 'upstream_error' })
    expect(call?.ai?.isTruncated).toBe(false)
  })

  it('is closed by the client with its code, which the vendor hears', async () => {
    const { client, server, gateway } = await joined()
    client.close(4002, 'bye')
    expect(await closeOf(server)).toEqual({ code: 4002, reason: 'bye' })
    expect((await gateway.recorded(1))[0]).toMatchObject({ status: 101, errorCode: null })
  })

  it('holds a fast vendor back for a slow client', async () => {
    const { client, server, gateway } = await joined()
    client.pause()
    const piece = Buffer.alloc(1024 * 1024)
    const pieces = 64
    let sent = 0
    const push = (): void => {
      if (sent === pieces) return
      sent++
      server.send(piece, push)
    }
    push()
    const stalled = async () => {
      const before = sent
      await new Promise((resolve) => setImmediate(resolve))
      return server.bufferedAmount > 0 && before === sent
    }
    await expect.poll(stalled, { timeout: 10_000 }).toBe(true)
    expect(sent).toBeLessThan(pieces)
    let received = 0
    client.on('message', (data: Buffer) => {
      received += data.length
    })
    client.resume()
    await expect.poll(() => received, { timeout: 15_000 }).toBe(pieces * piece.length)
    client.close()
    expect((await gateway.recorded(1))[0]?.responseBytes).toBeGreaterThan(received)
  })
})

describe('the account of a session', () => {
  const price = { input: 4, output: 16, inputAudio: 32, outputAudio: 64 }

  it('sums up what the vendor reported and prices sound and text apart', async () => {
    const deployments = [{ providerId: 'prov_v0', model: 'gpt-realtime', price }]
    const { client, server, gateway } = await joined({ model: { deployments } })
    for (let turn = 0; turn < 2; turn++) server.send(done(spoken))
    await messagesOf(client, 2)
    client.close()
    const [call] = await gateway.recorded(1)
    expect(call?.ai).toMatchObject({
      usage: { inputTokens: 200, inputAudioTokens: 160, outputTokens: 120, outputAudioTokens: 100 },
      // 2 × (20 × 4 + 80 × 32 + 10 × 16 + 50 × 64), in millionths
      costUsd: '0.012',
      priceSource: 'operator',
      isStream: true,
    })
    expect(call?.ai).not.toHaveProperty('isEstimated')
  })

  it('prices what another model transcribed at its own price', async () => {
    const deployments = [{ providerId: 'prov_v0', model: 'gpt-realtime', price }]
    const { client, server, gateway } = await joined({ model: { deployments } })
    const session = { audio: { input: { transcription: { model: 'gpt-4o-transcribe' } } } }
    server.send(JSON.stringify({ type: 'session.updated', session }))
    const usage = { type: 'tokens', input_tokens: 1000, output_tokens: 0, input_token_details: { audio_tokens: 1000 } }
    server.send(JSON.stringify({ type: 'conversation.item.input_audio_transcription.completed', usage }))
    await messagesOf(client, 2)
    client.close()
    const [call] = await gateway.recorded(1)
    expect(call?.ai).toMatchObject({ costUsd: '0.006', usage: { inputTokens: 1000, inputAudioTokens: 1000 } })
    expect(call?.ai).not.toHaveProperty('isEstimated')
  })

  it('is written with what was counted when the client vanishes', async () => {
    const { client, server, gateway } = await joined()
    server.send(done(spoken))
    await once(client, 'message')
    server.send(JSON.stringify({ type: 'response.created' }))
    await once(client, 'message')
    const closed = closeOf(server)
    client.terminate()
    expect((await closed).code).toBe(1001)
    const [call] = await gateway.recorded(1)
    expect(call).toMatchObject({ errorCode: 'client_closed' })
    expect(call?.ai).toMatchObject({ usage: { inputTokens: 100 }, isEstimated: true, isTruncated: true })
  })

  it('is written with what was counted when the vendor vanishes, and the client is told', async () => {
    const { client, server, gateway } = await joined()
    server.send(done(spoken))
    await once(client, 'message')
    const closed = closeOf(client)
    server.terminate()
    expect(await closed).toEqual({ code: 1014, reason: 'The connection to the model was lost.' })
    const [call] = await gateway.recorded(1)
    expect(call).toMatchObject({ status: 101, errorCode: 'upstream_truncated' })
    expect(call?.ai).toMatchObject({ usage: { inputTokens: 100 }, isTruncated: true })
    expect(call?.attempts).toMatchObject([{ status: 101, error: 'upstream_truncated' }])
  })

  it('does not look into a message of more than 16 MB, which passes, and says that it is incomplete', async () => {
    const { client, server, gateway } = await joined()
    const filler = 'x'.repeat(16 * 1024 * 1024)
    server.send(JSON.stringify({ type: 'response.done', filler, response: { usage: spoken } }))
    const [large] = (await once(client, 'message')) as [Buffer]
    expect(large.length).toBeGreaterThan(filler.length)
    server.send(done(spoken))
    await once(client, 'message')
    client.close()
    expect((await gateway.recorded(1))[0]?.ai).toMatchObject({ usage: { inputTokens: 100 }, isEstimated: true })
  })

  it('holds messages where a policy asks for content', async () => {
    const policies = { policies: [{ id: 'pol_keep', use: 'keep-all', with: {} }] } as never
    const { client, server, gateway } = await joined({ policies: [keepAll] as unknown as Policy[], snapshot: policies })
    client.send('{"type":"response.create"}')
    await messageOf(server)
    server.send('{"type":"response.created"}')
    await messageOf(client)
    client.close()
    expect((await gateway.recorded(1))[0]?.content).toMatchObject({
      requestBody: '{"type":"response.create"}\n',
      responseBody: '{"type":"response.created"}\n',
    })
  })
})

const keepAll = definePolicy({
  id: 'keep-all',
  title: 'Keep all',
  description: 'Keeps content.',
  settings: Type.Object({}),
  phases: ['match'],
  failure: 'none',
  compile: () => ({
    match(exchange) {
      const all = { requestHeaders: true, responseHeaders: true, requestBody: true, responseBody: true }
      exchange.captureContent({ ...all, maxBytes: 1000, redact: [] })
    },
  }),
})

describe('what RFC 6455 forbids', () => {
  it('by the client ends the session with 1002, and goes no further', async () => {
    const vendor = await stage.vendor()
    const gateway = await stage.gateway([vendor])
    const { socket, received } = await rawClient(gateway.port)
    const server = await vendor.session()
    const closed = closeOf(server)
    socket.write(Buffer.from([0x81, 0x01, 0x61]))
    await expect.poll(() => received().subarray(0, 4).toString('hex')).toMatch(/^88..03ea$/)
    expect((await closed).code).toBe(1001)
    const [call] = await gateway.recorded(1)
    expect(call).toMatchObject({ errorCode: 'malformed_request', errorReason: 'a frame is not masked' })
  })

  it('by the vendor ends the session for the client with 1014', async () => {
    const vendor = await rawVendor((socket) => socket.write(Buffer.from([0xc1, 0x00])))
    const gateway = await stage.gateway([vendor])
    const client = stage.connect(gateway)
    expect(await closeOf(client)).toEqual({ code: 1014, reason: 'The model broke the protocol.' })
    expect((await gateway.recorded(1))[0]).toMatchObject({ errorCode: 'upstream_invalid' })
  })
})

describe('a session ends', () => {
  it('when its key is revoked, its application, its model or its subscription goes', async () => {
    const application = mobileWith({ modelIds: ['mod_assistant'] })
    for (const [part, reason] of [
      [{ applications: [{ ...application, keys: [] }] }, 'credential_invalid'],
      [{ applications: [] }, 'credential_invalid'],
      [{ models: [] }, 'model_not_found'],
      [{ applications: [mobileWith({})] }, 'subscription_required'],
    ] as const) {
      const { client, server, gateway } = await joined({
        model: { access: 'subscription' },
        snapshot: { applications: [application] },
      })
      const closed = Promise.all([closeOf(client), closeOf(server)])
      gateway.publish(part as never)
      const [told, vendor] = await closed
      expect([told.code, vendor.code], reason).toEqual([1008, 1001])
      expect((await gateway.recorded(1))[0]).toMatchObject({ errorCode: reason })
    }
  })

  it('that was being opened when its key was revoked', async () => {
    let open: (() => void) | undefined
    const asked = new Promise<void>((resolve) => {
      open = resolve
    })
    let answer: (() => void) | undefined
    const vendor = await rawVendor(
      () => {},
      (switchOver) => {
        answer = switchOver
        open?.()
      },
    )
    const gateway = await stage.gateway([vendor])
    const client = stage.connect(gateway)
    await asked
    gateway.publish({ applications: [{ ...mobileWith({}), keys: [] }] })
    answer?.()
    expect((await closeOf(client)).code).toBe(1008)
  })

  it('not when its model is called something else, nor when something else is published', async () => {
    const { client, server, gateway } = await joined()
    gateway.publish({ models: [{ ...gateway.model, name: 'renamed' }] })
    gateway.publish({ tenants: [{ id: 'default', name: 'renamed', policies: [] }] })
    server.send('still here')
    expect(await messageOf(client)).toBe('still here')
  })

  it('when its key expires', async () => {
    const expiresAt = new Date(Date.now() + 300).toISOString()
    const application = mobileWith({})
    const { client } = await joined({
      snapshot: { applications: [{ ...application, keys: application.keys.map((key) => ({ ...key, expiresAt })) }] },
    })
    expect((await closeOf(client)).code).toBe(1008)
  })

  it('after a silence of the provider’s idle timeout, which pings break', async () => {
    const { client, server, gateway } = await joined({ provider: { idleTimeout: '400ms' } })
    const until = performance.now() + 600
    while (performance.now() < until) {
      client.ping()
      await once(server, 'ping')
    }
    expect(client.readyState).toBe(1)
    expect((await closeOf(client)).code).toBe(1001)
    expect((await gateway.recorded(1))[0]).toMatchObject({ errorCode: 'upstream_timeout' })
  })

  it('after the total time of its deployment, whatever passes', async () => {
    const deployments = [{ providerId: 'prov_v0', model: 'm', totalTimeout: '300ms' }]
    const { client, gateway } = await joined({ model: { deployments } })
    expect((await closeOf(client)).code).toBe(1001)
    const [call] = await gateway.recorded(1)
    expect(call).toMatchObject({
      status: 101,
      errorCode: 'upstream_timeout',
      errorReason: 'Not complete within 300 ms',
    })
  })

  it('at the deadline of a policy', async () => {
    const policies = { policies: [{ id: 'pol_soon', use: 'soon', with: {} }] } as never
    const { client, gateway } = await joined({ policies: [soon] as unknown as Policy[], snapshot: policies })
    expect((await closeOf(client)).code).toBe(1001)
    expect((await gateway.recorded(1))[0]).toMatchObject({ status: 101, errorCode: 'upstream_timeout' })
  })

  it('cleanly when the gateway drains, which opens no more', async () => {
    const { client, server, gateway } = await joined()
    const closed = Promise.all([closeOf(client), closeOf(server)])
    gateway.gateway.drain()
    expect((await closed).map(({ code }) => code)).toEqual([1001, 1001])
    expect((await gateway.recorded(1))[0]).toMatchObject({ status: 101, errorCode: null })
    expect((await refusalOf(stage.connect(gateway))).status).toBe(503)
    expect(gateway.gateway.active).toBe(0)
  })

  it('after the frame that is under way when it has to', async () => {
    const half = frame('server', text('{"type":"response.done"}'))
    let finish: (() => void) | undefined
    const vendor = await rawVendor((socket) => {
      socket.write(half.subarray(0, 10))
      finish = () => socket.write(half.subarray(10))
    })
    const gateway = await stage.gateway([vendor])
    const client = stage.connect(gateway)
    await once(client, 'open')
    gateway.gateway.drain()
    finish?.()
    const [message, close] = await Promise.all([messageOf(client), closeOf(client)])
    expect([message, close.code]).toEqual(['{"type":"response.done"}', 1001])
  })

  it('though a side does not answer the Close frame', async () => {
    const vendor = await rawVendor(() => {})
    const gateway = await stage.gateway([vendor])
    await rawClient(gateway.port)
    const startedAt = performance.now()
    gateway.gateway.drain()
    expect(await gateway.recorded(1)).toHaveLength(1)
    expect(performance.now() - startedAt).toBeGreaterThan(1_900)
  })
})

const soon = definePolicy({
  id: 'soon',
  title: 'Soon',
  description: 'Limits the duration.',
  settings: Type.Object({}),
  phases: ['match'],
  failure: 'none',
  compile: () => ({ match: (exchange) => exchange.limitDuration(300) }),
})
