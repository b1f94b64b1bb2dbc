import Anthropic from '@anthropic-ai/sdk'
import { createTranslator } from '@konnect/ai'
import type { Call, Snapshot, SnapshotModel, SnapshotProvider, StateStore } from '@konnect/contract'
import { defineVendor, type Vendor } from '@konnect/sdk'
import { startHttpServer } from '@konnect/testkit'
import OpenAI, { toFile } from 'openai'
import { Type } from 'typebox'
import { afterEach, describe, expect, it } from 'vitest'
import { mobileWith, startTestGateway, TEST_KEY } from '../harness.ts'

const keeper = defineVendor({
  id: 'keeper',
  title: 'Keeper',
  description: 'For a test.',
  dialects: ['openai-chat', 'openai-responses'],
  needsApiKey: true,
  settings: Type.Object({}),
  storage: {
    kinds: ['files', 'batches', 'responses'],
    batchPercent: 50,
    target: ({ baseUrl, apiKey }, kind) => ({
      url: `${baseUrl}/${kind}`,
      headers: ['authorization', `Bearer ${apiKey}`],
    }),
  },
  target: ({ baseUrl, apiKey }, { dialect }) => ({
    url: `${baseUrl}/${dialect === 'openai-chat' ? 'chat/completions' : 'responses'}`,
    headers: ['authorization', `Bearer ${apiKey}`],
  }),
}) as Vendor

const messenger = defineVendor({
  id: 'messenger',
  title: 'Messenger',
  description: 'For a test.',
  dialects: ['anthropic-messages'],
  needsApiKey: true,
  settings: Type.Object({}),
  storage: {
    kinds: ['message-batches'],
    batchPercent: 50,
    target: ({ baseUrl, apiKey }) => ({ url: `${baseUrl}/v1/messages/batches`, headers: ['x-api-key', apiKey ?? ''] }),
  },
  target: ({ baseUrl, apiKey }) => ({ url: `${baseUrl}/v1/messages`, headers: ['x-api-key', apiKey ?? ''] }),
}) as Vendor

/** SHA-256 of `secret-key-0000002`. */
const OTHER_HASH = '538e3ef93da776c6a5b4c7483116aae0524c12c156126fc7c4dc07037e984de4'

interface Held {
  readonly id: string
  readonly [name: string]: unknown
}

/** An account at a vendor: keeps what is uploaded, and answers as the vendor does. */
class Account {
  readonly files = new Map<string, Held & { readonly content: string }>()
  readonly batches = new Map<string, Held>()
  readonly asked: { method: string; url: string; body: string; authorization: string }[] = []
  /** What a new batch is. */
  batch: object = { status: 'in_progress' }
  server: Awaited<ReturnType<typeof startHttpServer>> | undefined
  #count = 0

  get url(): string {
    return this.server?.url ?? ''
  }

  async start(): Promise<this> {
    this.server = await startHttpServer((request, response) => {
      const body = request.body.toString()
      const { method, target: url } = request
      const authorization = String(request.headers.authorization ?? request.headers['x-api-key'])
      this.asked.push({ method, url, body, authorization })
      const answer = this.#answer(method, new URL(url, 'http://v'), body, String(request.headers['content-type']))
      const isStream = typeof answer === 'string' && answer.startsWith('event:')
      response.writeHead(answer === undefined ? 404 : 200, {
        'content-type': isStream ? 'text/event-stream' : 'application/json',
      })
      const missing = { error: { message: `No such object: ${url.split('/').at(-1)}`, type: 'invalid_request_error' } }
      response.end(typeof answer === 'string' ? answer : JSON.stringify(answer ?? missing))
    })
    return this
  }

  #answer(method: string, url: URL, body: string, type: string): unknown {
    const [, kind = '', id, action] = url.pathname.split('/')
    if (kind === 'files') return this.#file(method, { url, id, action, body, type })
    if (kind === 'batches') return this.#batch(method, { url, id, action, body })
    if (kind === 'responses') return this.#response(method, { id, action, body })
    if (kind === 'chat') return { id: 'c', object: 'chat.completion', created: 1, model: 'm', choices: [] }
    return undefined
  }

  #file(
    method: string,
    part: { url: URL; id: string | undefined; action: string | undefined; body: string; type: string },
  ): unknown {
    const { id, action, body, type } = part
    if (method === 'POST') {
      const file = uploaded(body, type)
      const made = { id: `file-${++this.#count}`, object: 'file', bytes: 1, created_at: 1, ...file }
      this.files.set(made.id, made)
      return withoutContent(made)
    }
    if (id === undefined) return listOf([...this.files.values()].map(withoutContent), part.url)
    const file = this.files.get(id)
    if (method === 'DELETE' && file !== undefined) return { id, object: 'file', deleted: this.files.delete(id) }
    return action === 'content' ? file?.content : file && withoutContent(file)
  }

  #batch(
    method: string,
    { url, id, action, body }: { url: URL; id: string | undefined; action: string | undefined; body: string },
  ): unknown {
    if (method === 'POST' && id === undefined) {
      const made = { id: `batch_${++this.#count}`, object: 'batch', created_at: 1, ...JSON.parse(body), ...this.batch }
      this.batches.set(made.id, made)
      return made
    }
    if (id === undefined) return listOf([...this.batches.values()], url)
    const batch = this.batches.get(id)
    return batch && (action === 'cancel' ? { ...batch, status: 'cancelling' } : batch)
  }

  #response(
    method: string,
    { id, action, body }: { id: string | undefined; action: string | undefined; body: string },
  ): unknown {
    if (method === 'DELETE') return { id, object: 'response', deleted: true }
    if (body.includes('"stream":true')) return eventsOf(`resp_${++this.#count}`)
    if (action === 'input_items') {
      const content = [{ type: 'input_file', file_id: 'file-1' }]
      return { object: 'list', data: [{ id: 'msg_1', type: 'message', role: 'user', content }], has_more: false }
    }
    const asked = method === 'POST' && id === undefined ? JSON.parse(body) : {}
    const previous = asked.previous_response_id ?? null
    const usage = { input_tokens: 3, output_tokens: 1, total_tokens: 4 }
    const response = { id: 'resp_1', object: 'response', created_at: 1, status: 'completed', model: 'm', usage }
    return { ...response, id: id ?? `resp_${++this.#count}`, previous_response_id: previous, output: [] }
  }
}

const eventsOf = (id: string): string =>
  ['response.created', 'response.completed']
    .map((type, at) => {
      const response = { id, object: 'response', status: at === 0 ? 'in_progress' : 'completed', output: [] }
      return `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: at, response })}\n\n`
    })
    .join('')

const withoutContent = ({ content: _content, ...file }: Held): Held => file as Held

function listOf(all: readonly Held[], url: URL): object {
  const start = all.findIndex(({ id }) => id === url.searchParams.get('after')) + 1
  const data = all.slice(start, start + Number(url.searchParams.get('limit')))
  return { object: 'list', data, has_more: start + data.length < all.length }
}

function uploaded(body: string, type: string): { purpose: string; filename: string; content: string } {
  const boundary = /boundary=(\S+)/.exec(type)?.[1] ?? ''
  const parts = body.split(`--${boundary}`)
  const of = (name: string) => parts.find((part) => part.includes(`name="${name}"`)) ?? ''
  const contentOf = (part: string) => part.slice(part.indexOf('\r\n\r\n') + 4, -2)
  const filename = /filename="([^"]*)"/.exec(of('file'))?.[1] ?? ''
  return { purpose: contentOf(of('purpose')), filename, content: contentOf(of('file')) }
}

const providerOf = (name: string, url: string, part: Partial<SnapshotProvider> = {}): SnapshotProvider => ({
  id: `prov_${name}`,
  tenantId: 'default',
  name,
  vendor: 'keeper',
  baseUrl: url,
  apiKey: `${name}-secret`,
  ...part,
})

const modelAt = (name: string, provider: string, part: Partial<SnapshotModel> = {}): SnapshotModel => ({
  id: `mod_${name}`,
  tenantId: 'default',
  name,
  state: 'active',
  access: 'public',
  strategy: { mode: 'fallback' },
  deployments: [{ providerId: `prov_${provider}`, model: `${name}-upstream`, price: { input: 10, output: 20 } }],
  policies: [],
  ...part,
})

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function account(): Promise<Account> {
  const one = await new Account().start()
  closing.push(async () => one.server?.close())
  return one
}

/** Shared state that only counts. */
function counting(): StateStore {
  const counts = new Map<string, number>()
  const increment = (key: string, amount: number) => {
    counts.set(key, (counts.get(key) ?? 0) + amount)
    return counts.get(key) ?? 0
  }
  return { increment } as unknown as StateStore
}

async function gatewayAt(part: Partial<Snapshot>, state: StateStore = counting()) {
  const vendors = [keeper, messenger]
  const gateway = await startTestGateway({ vendors, translator: createTranslator(), state })
  closing.push(() => gateway.close())
  const applications = [mobileWith({}), { ...mobileWith({}), id: 'app_other', name: 'other', keys: [otherKey] }]
  const publish = (changed: Partial<Snapshot> = {}) => gateway.publish({ applications, ...part, ...changed })
  publish()
  const clientFor = (key: string) =>
    new OpenAI({
      baseURL: `${gateway.url}/v1`,
      apiKey: 'unused',
      maxRetries: 0,
      timeout: 5000,
      defaultHeaders: { 'x-api-key': key },
    })
  return { ...gateway, gateway, publish, client: clientFor(TEST_KEY), other: clientFor(OTHER_KEY) }
}

const OTHER_KEY = 'secret-key-0000002'
const otherKey = { id: 'key_2', hash: OTHER_HASH }

const line = (id: string, model: string) =>
  JSON.stringify({ custom_id: id, method: 'POST', url: '/v1/chat/completions', body: { model, messages: [] } })

const jsonl = (...lines: string[]) => toFile(Buffer.from(`${lines.join('\n')}\n`), 'input.jsonl')

/** The one Call that says what a batch used. */
const settlements = (calls: readonly Call[]) => calls.filter(({ ai }) => ai?.usage != null)

describe('files', () => {
  it('are uploaded, listed, read, fetched and deleted under ids of the gateway, in their provider’s account', async () => {
    const vendor = await account()
    const { client } = await gatewayAt({ providers: [providerOf('a', vendor.url)], models: [modelAt('fast', 'a')] })
    const file = await client.files.create({ file: await toFile(Buffer.from('hello'), 'a.txt'), purpose: 'user_data' })
    expect(file).toMatchObject({ id: expect.stringMatching(/^file-kn/), filename: 'a.txt', purpose: 'user_data' })
    expect(vendor.files.get('file-1')).toMatchObject({ content: 'hello', purpose: 'user_data' })
    expect(vendor.asked[0]?.authorization).toBe('Bearer a-secret')
    expect((await client.files.list()).data).toEqual([file])
    expect(await client.files.retrieve(file.id)).toEqual(file)
    expect(await (await client.files.content(file.id)).text()).toBe('hello')
    expect(await client.files.delete(file.id)).toEqual({ id: file.id, object: 'file', deleted: true })
    expect(vendor.files.size).toBe(0)
  })

  it('of one application do not exist for another, nor do ids that were forged or are the vendor’s own', async () => {
    const vendor = await account()
    const { client, other } = await gatewayAt({
      providers: [providerOf('a', vendor.url)],
      models: [modelAt('fast', 'a')],
    })
    const file = await client.files.create({ file: await toFile(Buffer.from('x'), 'a.txt'), purpose: 'user_data' })
    const asked = vendor.asked.length
    for (const id of [file.id, 'file-1', `${file.id}A`]) {
      await expect(other.files.retrieve(id)).rejects.toMatchObject({ status: 404, code: 'resource_not_found' })
      await expect(other.files.delete(id)).rejects.toMatchObject({ status: 404 })
    }
    expect(vendor.asked.length).toBe(asked)
    expect((await other.files.list()).data).toEqual([])
  })

  it('need a model named where several providers keep files', async () => {
    const [a, b] = [await account(), await account()]
    const { client } = await gatewayAt({
      providers: [providerOf('a', a.url), providerOf('b', b.url)],
      models: [modelAt('fast', 'a'), modelAt('slow', 'b')],
    })
    const upload = async (headers: Record<string, string> = {}) =>
      client.files.create({ file: await toFile(Buffer.from('x'), 'a.txt'), purpose: 'user_data' }, { headers })
    await expect(upload()).rejects.toMatchObject({ status: 400, message: expect.stringContaining('x-konnect-model') })
    const file = await upload({ 'x-konnect-model': 'slow' })
    expect([a.files.size, b.files.size]).toEqual([0, 1])
    expect(await client.files.retrieve(file.id)).toEqual(file)
  })

  it('are refused without a subscription, and once it has ended', async () => {
    const vendor = await account()
    const models = [modelAt('fast', 'a', { access: 'subscription' })]
    const subscribed = { models, applications: [mobileWith({ modelIds: ['mod_fast'] })] }
    const { client, publish } = await gatewayAt({ providers: [providerOf('a', vendor.url)], ...subscribed })
    const file = await client.files.create({ file: await toFile(Buffer.from('x'), 'a.txt'), purpose: 'user_data' })
    publish({ applications: [mobileWith({})] })
    const asked = vendor.asked.length
    await expect(client.files.retrieve(file.id)).rejects.toMatchObject({ status: 403, code: 'subscription_required' })
    await expect(client.files.list()).rejects.toMatchObject({ status: 403 })
    expect(vendor.asked.length).toBe(asked)
  })

  it('whose provider or key is gone say so', async () => {
    const vendor = await account()
    const providers = [providerOf('a', vendor.url), providerOf('b', vendor.url)]
    const models = [modelAt('fast', 'a')]
    const { client, publish } = await gatewayAt({ providers, models })
    const file = await client.files.create({ file: await toFile(Buffer.from('x'), 'a.txt'), purpose: 'user_data' })
    publish({ providers: [providerOf('b', vendor.url)], models: [modelAt('fast', 'b')] })
    await expect(client.files.retrieve(file.id)).rejects.toMatchObject({ status: 410, code: 'provider_removed' })
    const { apiKey: _key, ...pooled } = providerOf('a', vendor.url, { apiKeys: [{ name: 'new', value: 'other' }] })
    publish({ providers: [pooled] })
    await expect(client.files.retrieve(file.id)).rejects.toMatchObject({ status: 410, code: 'provider_removed' })
  })

  it('of a vendor that is gone are a clear error, and one it has lost is told with the id that the client knows', async () => {
    const vendor = await account()
    const { client, calls } = await gatewayAt({
      providers: [providerOf('a', vendor.url)],
      models: [modelAt('fast', 'a')],
    })
    const file = await client.files.create({ file: await toFile(Buffer.from('x'), 'a.txt'), purpose: 'user_data' })
    vendor.files.clear()
    await expect(client.files.retrieve(file.id)).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining(file.id),
    })
    await vendor.server?.close()
    await expect(client.files.retrieve(file.id)).rejects.toMatchObject({ status: 502, code: 'upstream_unreachable' })
    expect(calls.at(-1)).toMatchObject({ status: 502, errorCode: 'upstream_unreachable', ai: { provider: 'a' } })
  })
})

describe('batches', () => {
  const placed = async (state?: StateStore) => {
    const vendor = await account()
    const models = [modelAt('fast', 'a'), modelAt('secret', 'a', { access: 'subscription' }), modelAt('away', 'b')]
    const providers = [providerOf('a', vendor.url), providerOf('b', vendor.url)]
    const headers = { headers: { 'x-konnect-model': 'fast' } }
    return { vendor, headers, ...(await gatewayAt({ providers, models }, state)) }
  }

  it('run the vendor’s models, in whichever order the form comes, and go where their input is', async () => {
    const { vendor, client, headers } = await placed()
    const input = await jsonl(line('1', 'fast'), line('2', 'fast'))
    const [first, last] = [
      await client.files.create({ file: input, purpose: 'batch' }, headers),
      await client.files.create({ purpose: 'batch', file: input }, headers),
    ]
    for (const { content } of vendor.files.values()) {
      expect(content).toBe(`${line('1', 'fast-upstream')}\n${line('2', 'fast-upstream')}\n`)
    }
    const asked = { endpoint: '/v1/chat/completions', completion_window: '24h' } as const
    const batch = await client.batches.create({ input_file_id: first.id, metadata: { a: 'b' }, ...asked })
    expect(batch).toMatchObject({ input_file_id: first.id, metadata: { a: 'b' }, status: 'in_progress' })
    expect(batch.id).toMatch(/^batch_kn/)
    expect([...vendor.batches.values()][0]).toMatchObject({ input_file_id: 'file-1', metadata: { a: 'b' } })
    expect(await client.batches.retrieve(batch.id)).toEqual(batch)
    expect(await client.batches.cancel(batch.id)).toMatchObject({ id: batch.id, status: 'cancelling' })
    expect((await client.batches.list({}, headers)).data).toEqual([batch])
    expect(last.id).not.toBe(first.id)
  })

  it('of others are in no list and cannot be read', async () => {
    const { client, other, headers } = await placed()
    const file = await client.files.create({ file: await jsonl(line('1', 'fast')), purpose: 'batch' }, headers)
    const asked = { endpoint: '/v1/chat/completions', completion_window: '24h' } as const
    const batch = await client.batches.create({ input_file_id: file.id, ...asked })
    expect((await other.batches.list({}, headers)).data).toEqual([])
    await expect(other.batches.retrieve(batch.id)).rejects.toMatchObject({ status: 404 })
    await expect(other.batches.create({ input_file_id: file.id, ...asked })).rejects.toMatchObject({ status: 404 })
  })

  it('are refused with the number of the line that may not run there, and nothing of the file is kept', async () => {
    const { vendor, client, headers } = await placed()
    const faults: [string, number, string][] = [
      [line('2', 'secret'), 403, 'Line 2'],
      [line('2', 'unheard-of'), 400, 'Line 2'],
      [line('2', 'fast-upstream'), 400, 'Line 2'],
      [line('2', 'away'), 400, 'Line 2'],
      ['{"custom_id":"2"}', 400, 'Line 2'],
      ['no json', 400, 'Line 2'],
    ]
    for (const [fault, status, message] of faults) {
      const file = await jsonl(line('1', 'fast'), fault)
      const refused = { status, message: expect.stringContaining(message) }
      await expect(client.files.create({ purpose: 'batch', file }, headers), fault).rejects.toMatchObject(refused)
      await expect(client.files.create({ file, purpose: 'batch' }, headers), fault).rejects.toMatchObject(refused)
    }
    expect(vendor.files.size).toBe(0)
  })

  it('are not made of files whose lines nobody has seen', async () => {
    const { vendor, client, headers } = await placed()
    const raw = await jsonl(line('1', 'secret-upstream'))
    const file = await client.files.create({ purpose: 'user_data', file: raw }, headers)
    const asked = { endpoint: '/v1/chat/completions', completion_window: '24h' } as const
    await expect(client.batches.create({ input_file_id: file.id, ...asked })).rejects.toMatchObject({ status: 400 })
    await expect(client.files.create({ purpose: 'batch ' as 'batch', file: raw }, headers)).rejects.toMatchObject({
      status: 400,
    })
    await expect(client.files.create({ file: raw, purpose: 'user_data' }, headers)).rejects.toMatchObject({
      status: 400,
    })
    expect([vendor.files.size, vendor.batches.size]).toEqual([1, 0])
  })

  it('are accounted once, at the batch price, however often they are asked for', async () => {
    const state = counting()
    const { vendor, client, headers, calls } = await placed(state)
    const usage = { input_tokens: 1_000_000, output_tokens: 500_000, total_tokens: 1_500_000 }
    vendor.batch = { status: 'completed', completed_at: 1_800_000_000, model: 'fast-upstream', usage }
    const file = await client.files.create({ file: await jsonl(line('1', 'fast')), purpose: 'batch' }, headers)
    const asked = { endpoint: '/v1/chat/completions', completion_window: '24h' } as const
    const { id } = await client.batches.create({ input_file_id: file.id, ...asked })
    for (let i = 0; i < 3; i++) await client.batches.retrieve(id)
    await client.batches.list({}, headers)
    const settled = settlements(calls)
    expect(settled).toHaveLength(1)
    expect(settled[0]).toMatchObject({
      startedAt: new Date(1_800_000_000_000).toISOString(),
      application: 'mobile',
      ai: { model: 'fast', provider: 'a', costUsd: '10', usage: { inputTokens: 1_000_000, outputTokens: 500_000 } },
    })
  })

  it('are recorded under the same id by gateways that share nothing, so that the ledger keeps one', async () => {
    const broken = { increment: () => Promise.reject(new Error('away')) } as unknown as StateStore
    const { vendor, client, headers, calls } = await placed(broken)
    const usage = { input_tokens: 10, output_tokens: 5, total_tokens: 15 }
    vendor.batch = { status: 'completed', completed_at: 1_800_000_000, usage }
    const file = await client.files.create({ file: await jsonl(line('1', 'fast')), purpose: 'batch' }, headers)
    const asked = { endpoint: '/v1/chat/completions', completion_window: '24h' } as const
    const { id } = await client.batches.create({ input_file_id: file.id, ...asked })
    await client.batches.retrieve(id)
    await client.batches.retrieve(id)
    const settled = settlements(calls)
    expect(settled).toHaveLength(2)
    expect(new Set(settled.map((call) => `${call.id} ${call.startedAt}`)).size).toBe(1)
  })

  it('whose vendor does not say what they used are accounted from their output, once', async () => {
    const { vendor, client, headers, calls, recorded } = await placed()
    const answer = {
      object: 'chat.completion',
      model: 'fast-upstream',
      usage: { prompt_tokens: 100, completion_tokens: 10 },
    }
    const output = `${JSON.stringify({ custom_id: '1', response: { status_code: 200, body: answer } })}\n`
    vendor.files.set('file-out', { id: 'file-out', object: 'file', filename: 'o', content: output + output })
    vendor.batch = { status: 'completed', completed_at: 1_800_000_000, output_file_id: 'file-out' }
    const file = await client.files.create({ file: await jsonl(line('1', 'fast')), purpose: 'batch' }, headers)
    const asked = { endpoint: '/v1/chat/completions', completion_window: '24h' } as const
    const { id } = await client.batches.create({ input_file_id: file.id, ...asked })
    const { output_file_id: outputId } = await client.batches.retrieve(id)
    expect(settlements(calls)).toHaveLength(0)
    for (let i = 0; i < 2; i++) expect(await (await client.files.content(outputId ?? '')).text()).toBe(output + output)
    await recorded(6)
    expect(settlements(calls)).toHaveLength(1)
    expect(settlements(calls)[0]?.ai).toMatchObject({
      usage: { inputTokens: 200, outputTokens: 20 },
      costUsd: '0.0012',
    })
  })
})

describe('stored responses', () => {
  it('go on, are read, listed and deleted where they were made, streamed or not', async () => {
    const [a, b] = [await account(), await account()]
    const deployments = ['a', 'b'].map((name) => ({ providerId: `prov_${name}`, model: 'm', weight: 1 }))
    const { client, other } = await gatewayAt({
      providers: [providerOf('a', a.url), providerOf('b', b.url)],
      models: [modelAt('fast', 'a', { deployments, strategy: { mode: 'weighted' } })],
    })
    const first = await client.responses.create({ model: 'fast', input: 'Hi' })
    expect(first.id).toMatch(/^resp_kn/)
    const [home, away] = a.asked.length > 0 ? [a, b] : [b, a]
    for (let i = 0; i < 8; i++) {
      const next = await client.responses.create({ model: 'fast', input: 'And?', previous_response_id: first.id })
      expect(next.previous_response_id).toBe(first.id)
    }
    const streamed: string[] = []
    const continued = { model: 'fast', input: 'And?', previous_response_id: first.id }
    for await (const event of await client.responses.create({ ...continued, stream: true })) {
      if ('response' in event) streamed.push(event.response.id)
    }
    expect(streamed).toHaveLength(2)
    expect(new Set(streamed).size).toBe(1)
    expect((await client.responses.retrieve(streamed[0] ?? '')).id).toBe(streamed[0])
    await client.responses.create(continued)
    expect(JSON.parse(home.asked.at(-1)?.body ?? '')).toMatchObject({ previous_response_id: 'resp_1', model: 'm' })
    expect(away.asked).toEqual([])
    expect((await client.responses.retrieve(first.id)).id).toBe(first.id)
    expect((await client.responses.cancel(first.id)).id).toBe(first.id)
    const items = await client.responses.inputItems.list(first.id)
    expect(JSON.stringify(items.data)).toContain('"file_id":"file-kn')
    await client.responses.delete(first.id)
    expect(home.asked.at(-1)).toMatchObject({ method: 'DELETE', url: '/responses/resp_1' })
    await expect(other.responses.retrieve(first.id)).rejects.toMatchObject({ status: 404 })
    const foreign = { model: 'fast', input: 'Hi', previous_response_id: first.id }
    await expect(other.responses.create(foreign)).rejects.toMatchObject({ status: 404 })
    const raw = { model: 'fast', input: 'Hi', previous_response_id: 'resp_1' }
    await expect(client.responses.create(raw)).rejects.toMatchObject({ status: 404, code: 'resource_not_found' })
  })

  it('that were made outside are continued where a provider accepts its own ids, and nowhere else', async () => {
    const [a, b] = [await account(), await account()]
    const deployments = ['a', 'b'].map((name) => ({ providerId: `prov_${name}`, model: 'm' }))
    const { client } = await gatewayAt({
      providers: [providerOf('a', a.url), providerOf('b', b.url, { acceptVendorIds: true })],
      models: [modelAt('fast', 'a', { deployments }), modelAt('strict', 'a')],
    })
    const continued = { input: 'And?', previous_response_id: 'resp_outside' }
    await client.responses.create({ ...continued, model: 'fast' })
    expect(JSON.parse(b.asked.at(-1)?.body ?? '')).toMatchObject({ previous_response_id: 'resp_outside' })
    expect(a.asked).toEqual([])
    await expect(client.responses.create({ ...continued, model: 'strict' })).rejects.toMatchObject({ status: 404 })
  })

  it('bind files of chat and responses to their provider, and leave tools their own arguments', async () => {
    const [a, b] = [await account(), await account()]
    const { client } = await gatewayAt({
      providers: [providerOf('a', a.url), providerOf('b', b.url)],
      models: [modelAt('fast', 'a'), modelAt('slow', 'b')],
    })
    const named = { headers: { 'x-konnect-model': 'fast' } }
    const file = await client.files.create(
      { file: await toFile(Buffer.from('x'), 'a.pdf'), purpose: 'user_data' },
      named,
    )
    const ask = (model: string, id: string) =>
      client.chat.completions.create({
        model,
        messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: id } }] }],
        metadata: { file_id: 'mine' },
      })
    await ask('fast', file.id)
    const sent = JSON.parse(a.asked.at(-1)?.body ?? '')
    expect(sent.messages[0].content[0].file.file_id).toBe('file-1')
    expect(sent.metadata.file_id).toBe('mine')
    await expect(ask('slow', file.id)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('does not run'),
    })
    await expect(ask('fast', 'file-1')).rejects.toMatchObject({ status: 404 })
  })
})

describe('message batches', () => {
  it('run the vendor’s models; their results are fetched through the gateway and accounted once', async () => {
    let base = ''
    const ended = (status: string) => ({
      id: 'msgbatch_1',
      type: 'message_batch',
      processing_status: status,
      ended_at: status === 'ended' ? '2027-01-01T00:00:00Z' : null,
      results_url: status === 'ended' ? `${base}/v1/messages/batches/msgbatch_1/results` : null,
    })
    const usage = { input_tokens: 1000, output_tokens: 100 }
    const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'fast-upstream', content: [], usage }
    const result = `${JSON.stringify({ custom_id: '1', result: { type: 'succeeded', message } })}\n`
    const server = await startHttpServer((request, response) => {
      const isResults = request.target.endsWith('/results')
      response.writeHead(200, { 'content-type': isResults ? 'application/x-jsonl' : 'application/json' })
      const body = request.method === 'POST' ? ended('in_progress') : ended('ended')
      response.end(isResults ? result : JSON.stringify(body))
    })
    base = server.url
    closing.push(() => server.close())
    const { url, calls, recorded } = await gatewayAt({
      providers: [providerOf('a', base, { vendor: 'messenger' })],
      models: [modelAt('fast', 'a'), modelAt('secret', 'a', { access: 'subscription' })],
    })
    const client = new Anthropic({
      baseURL: url,
      apiKey: 'unused',
      maxRetries: 0,
      defaultHeaders: { 'x-api-key': TEST_KEY },
    })
    const params = { model: 'fast', max_tokens: 10, messages: [{ role: 'user' as const, content: 'Hi' }] }
    const batch = await client.messages.batches.create({ requests: [{ custom_id: '1', params }] })
    expect(batch.id).toMatch(/^msgbatch_kn/)
    expect(JSON.parse(server.requests[0]?.body.toString() ?? '').requests[0].params.model).toBe('fast-upstream')
    for (let i = 0; i < 2; i++) {
      const results: unknown[] = []
      for await (const one of await client.messages.batches.results(batch.id)) results.push(one)
      expect(results).toEqual([JSON.parse(result)])
    }
    await recorded(6)
    const settled = settlements(calls)
    expect(settled).toHaveLength(1)
    expect(settled[0]?.ai).toMatchObject({ model: 'fast', usage: { inputTokens: 1000 }, costUsd: '0.006' })
    const secret = { custom_id: '2', params: { ...params, model: 'secret' } }
    await expect(
      client.messages.batches.create({ requests: [{ custom_id: '1', params }, secret] }),
    ).rejects.toMatchObject({ status: 403, message: expect.stringContaining('requests.1') })
    await expect(client.messages.batches.list()).rejects.toMatchObject({ status: 400 })
    await expect(client.messages.batches.retrieve('msgbatch_1')).rejects.toMatchObject({ status: 404 })
  })
})
