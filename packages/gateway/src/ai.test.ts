import { type AiTranslator, createTranslator } from '@konnect/ai'
import type { SnapshotModel, SnapshotProvider } from '@konnect/contract'
import { defineVendor, type Vendor } from '@konnect/sdk'
import { startHttpServer } from '@konnect/testkit'
import { Type } from 'typebox'
import { afterEach, describe, expect, it } from 'vitest'
import { mobileWith, startTestGateway, TEST_KEY } from './harness.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const vendorOf = (id: string, dialect: string, path: string): Vendor =>
  defineVendor({
    id,
    title: id,
    description: 'For a test.',
    dialects: [dialect],
    needsApiKey: true,
    settings: Type.Object({}),
    forwardHeaders: ['x-feature'],
    target: ({ baseUrl, apiKey }) => ({ url: baseUrl + path, headers: ['authorization', `Bearer ${apiKey}`] }),
  }) as Vendor

const VENDORS = [
  vendorOf('chatty', 'openai-chat', '/chat/completions'),
  vendorOf('wordy', 'anthropic-messages', '/v1/messages'),
]

type Answer = Parameters<typeof startHttpServer>[0]

async function vendorServer(answer: Answer) {
  const server = await startHttpServer(answer)
  closing.push(() => server.close())
  return server
}

const providerOf = (name: string, vendor: string, baseUrl: string): SnapshotProvider => ({
  id: `prov_${name}`,
  tenantId: 'default',
  name,
  vendor,
  baseUrl,
  apiKey: 'vendor-secret',
})

const modelOf = (providers: readonly string[], part: Partial<SnapshotModel> = {}): SnapshotModel => ({
  id: 'mod_assistant',
  tenantId: 'default',
  name: 'assistant',
  state: 'active',
  access: 'public',
  strategy: { mode: 'fallback' },
  deployments: providers.map((name) => ({
    providerId: `prov_${name}`,
    model: `${name}-model`,
    price: { input: 2, output: 10 },
  })),
  policies: [],
  ...part,
})

async function gatewayWith(providers: SnapshotProvider[], model: SnapshotModel) {
  const translator: AiTranslator = createTranslator()
  const gateway = await startTestGateway({ vendors: VENDORS, translator })
  closing.push(() => gateway.close())
  gateway.publish({ providers, models: [model], applications: [mobileWith({})] })
  const chat = (body: object, init: RequestInit = {}) =>
    fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'x-api-key': TEST_KEY, 'x-feature': 'on', 'x-private': 'no' },
      body: JSON.stringify({ model: 'assistant', messages: [{ role: 'user', content: 'Hi' }], ...body }),
      ...init,
    })
  return { gateway, chat }
}

const completion = (content: string) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'chatty-model',
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 },
})

const answering =
  (content: string): Answer =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'x-request-id': 'vendor-1' })
    response.end(JSON.stringify(completion(content)))
  }

const failing =
  (status: number): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ error: { message: 'no', type: 'server_error' } }))
  }

const chunk = (delta: object, finish: string | null = null) =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`

/** Streams these events and then ends, or breaks off. */
const streaming =
  (events: readonly string[], ending: 'end' | 'break' = 'end'): Answer =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const event of events) response.write(event)
    setImmediate(() => (ending === 'end' ? response.end() : response.destroy()))
  }

const HELLO = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ content: 'Hello' }),
  chunk({}, 'stop'),
  'data: [DONE]\n\n',
]

describe('a chat call', () => {
  it('reaches a vendor of the same dialect byte for byte but for the model, with the vendor’s credential only', async () => {
    const vendor = await vendorServer(answering('Hello'))
    const { gateway, chat } = await gatewayWith([providerOf('a', 'chatty', vendor.url)], modelOf(['a']))
    const body = '{"seed": 12345678901234567890, "model":"assistant" ,"messages":[]}'
    const response = await chat({}, { body })
    expect(await response.json()).toEqual(completion('Hello'))
    expect(vendor.requests[0]?.body.toString()).toBe(body.replace('"assistant"', '"a-model"'))
    const headers = vendor.requests[0]?.headers ?? {}
    expect(headers).toMatchObject({ authorization: 'Bearer vendor-secret', 'x-feature': 'on' })
    expect(headers['x-private']).toBeUndefined()
    expect(headers['x-api-key']).toBeUndefined()
    expect(response.headers.get('x-upstream-request-id')).toBe('vendor-1')
    const [call] = await gateway.recorded(1)
    expect(call?.ai).toMatchObject({
      model: 'assistant',
      provider: 'a',
      upstreamModel: 'a-model',
      costUsd: '0.003',
      priceSource: 'operator',
    })
    expect(call?.ai?.usage).toMatchObject({ inputTokens: 1000, outputTokens: 100 })
  })

  it('falls back on the listed statuses and on an unreachable vendor, and records each attempt', async () => {
    const [down, good] = [await vendorServer(failing(503)), await vendorServer(answering('Hello'))]
    const providers = [
      providerOf('gone', 'chatty', 'http://127.0.0.1:1'),
      providerOf('down', 'chatty', down.url),
      providerOf('good', 'chatty', good.url),
    ]
    const { gateway, chat } = await gatewayWith(providers, modelOf(['gone', 'down', 'good']))
    expect((await chat({})).status).toBe(200)
    const [call] = await gateway.recorded(1)
    expect(call?.attempts.map(({ target, status, error }) => [target, status, error])).toEqual([
      ['gone', null, 'upstream_unreachable'],
      ['gone', null, 'upstream_unreachable'],
      ['down', 503, 'upstream_error'],
      ['good', 200, null],
    ])
    expect(call?.ai?.provider).toBe('good')
  })

  it('does not fall back on a status that is not listed, and keeps the vendor’s status and message', async () => {
    const [bad, good] = [await vendorServer(failing(400)), await vendorServer(answering('Hello'))]
    const providers = [providerOf('bad', 'chatty', bad.url), providerOf('good', 'chatty', good.url)]
    const { chat } = await gatewayWith(providers, modelOf(['bad', 'good']))
    const response = await chat({})
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { message: 'no' } })
    expect(good.requests).toHaveLength(0)
  })

  it('spreads calls by weight and never uses a deployment of weight 0', async () => {
    const [a, b] = [await vendorServer(answering('a')), await vendorServer(answering('b'))]
    const providers = [providerOf('a', 'chatty', a.url), providerOf('b', 'chatty', b.url)]
    const deployments = [
      { providerId: 'prov_a', model: 'm', weight: 0 },
      { providerId: 'prov_b', model: 'm', weight: 1 },
    ]
    const { chat } = await gatewayWith(providers, modelOf([], { strategy: { mode: 'weighted' }, deployments }))
    for (let i = 0; i < 5; i++) await (await chat({})).text()
    expect([a.requests.length, b.requests.length]).toEqual([0, 5])
  })

  it('is refused before any vendor hears of it without a key', async () => {
    const vendor = await vendorServer(answering('Hello'))
    const { chat } = await gatewayWith([providerOf('a', 'chatty', vendor.url)], modelOf(['a']))
    const response = await chat({}, { headers: {} })
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: { type: expect.any(String) } })
    expect(vendor.requests).toHaveLength(0)
  })
})

describe('a stream', () => {
  it('falls back after the head as long as no content reached the client', async () => {
    const [early, good] = [
      await vendorServer(streaming(HELLO.slice(0, 1), 'break')),
      await vendorServer(streaming(HELLO)),
    ]
    const providers = [providerOf('early', 'chatty', early.url), providerOf('good', 'chatty', good.url)]
    const { gateway, chat } = await gatewayWith(providers, modelOf(['early', 'good']))
    const text = await (await chat({ stream: true })).text()
    expect(text.match(/"role":"assistant"/g)).toHaveLength(1)
    expect(text).toContain('Hello')
    expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true)
    expect((await gateway.recorded(1))[0]?.attempts).toHaveLength(2)
  })

  it('that breaks off after content ends with an error event and without a success terminator, and is recorded so', async () => {
    const [broken, good] = [
      await vendorServer(streaming(HELLO.slice(0, 2), 'break')),
      await vendorServer(streaming(HELLO)),
    ]
    const providers = [providerOf('broken', 'chatty', broken.url), providerOf('good', 'chatty', good.url)]
    const { gateway, chat } = await gatewayWith(providers, modelOf(['broken', 'good']))
    const text = await (await chat({ stream: true })).text()
    expect(text).toContain('Hello')
    expect(text).toContain('"error"')
    expect(text).not.toContain('[DONE]')
    expect(good.requests).toHaveLength(0)
    const [call] = await gateway.recorded(1)
    expect(call).toMatchObject({
      status: 200,
      errorCode: 'upstream_truncated',
      ai: { isTruncated: true, isEstimated: true },
    })
  })

  it('without its terminator is reported as truncated even when it ends politely', async () => {
    const vendor = await vendorServer(streaming(HELLO.slice(0, 2)))
    const { gateway, chat } = await gatewayWith([providerOf('a', 'chatty', vendor.url)], modelOf(['a']))
    const text = await (await chat({ stream: true })).text()
    expect(text).not.toContain('[DONE]')
    expect((await gateway.recorded(1))[0]).toMatchObject({ errorCode: 'upstream_truncated' })
  })

  it('aborts the vendor at once when the client goes away', async () => {
    let isAborted: (() => void) | undefined
    const aborted = new Promise<void>((resolve) => {
      isAborted = resolve
    })
    const vendor = await vendorServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(HELLO.slice(0, 2).join(''))
      response.on('close', () => isAborted?.())
    })
    const { gateway, chat } = await gatewayWith([providerOf('a', 'chatty', vendor.url)], modelOf(['a']))
    const abort = new AbortController()
    const response = await chat({ stream: true }, { signal: abort.signal })
    await (response.body as ReadableStream<Uint8Array>).getReader().read()
    abort.abort()
    await aborted
    expect((await gateway.recorded(1))[0]).toMatchObject({ status: 499, ai: { isTruncated: true, isEstimated: true } })
  })

  it('in the other dialect arrives in the client’s, with what was dropped named in a field', async () => {
    const events = [
      {
        type: 'message_start',
        message: {
          id: 'm',
          type: 'message',
          role: 'assistant',
          model: 'x',
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: { input_tokens: 9, output_tokens: 1 },
        },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 3 } },
      { type: 'message_stop' },
    ].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    const vendor = await vendorServer(streaming(events))
    const { gateway, chat } = await gatewayWith([providerOf('a', 'wordy', vendor.url)], modelOf(['a']))
    const response = await chat({ stream: true, seed: 7 })
    expect(response.headers.get('x-konnect-dropped')).toContain('seed')
    const text = await response.text()
    expect(text).toContain('"content":"Hello"')
    expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true)
    expect((await gateway.recorded(1))[0]?.ai).toMatchObject({
      usage: { inputTokens: 9, outputTokens: 3 },
      costUsd: '0.000048',
      finishReason: 'stop',
      dropped: ['seed'],
    })
  })

  it('that starts with an error event falls back, too', async () => {
    const error = `data: ${JSON.stringify({ error: { message: 'overloaded', type: 'server_error' } })}\n\n`
    const [sick, good] = [await vendorServer(streaming([error])), await vendorServer(streaming(HELLO))]
    const providers = [providerOf('sick', 'chatty', sick.url), providerOf('good', 'chatty', good.url)]
    const { chat } = await gatewayWith(providers, modelOf(['sick', 'good']))
    const text = await (await chat({ stream: true })).text()
    expect(text).toContain('Hello')
    expect(text).not.toContain('overloaded')
  })
})

it('strict models refuse what the target cannot express', async () => {
  const vendor = await vendorServer(streaming([]))
  const strict = modelOf(['a'], { strategy: { mode: 'fallback', strict: true } })
  const { chat } = await gatewayWith([providerOf('a', 'wordy', vendor.url)], strict)
  const response = await chat({ seed: 7 })
  expect(response.status).toBe(400)
  expect(await response.text()).toContain('seed')
  expect(vendor.requests).toHaveLength(0)
})
