import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChatRequest } from '../canonical/request.ts'
import { dialectById, dialects, vendorDialects } from '../dialects/list.ts'
import { LossRecorder } from '../loss.ts'
import type { DialectId, Translation } from '../ports.ts'
import { createTranslator } from '../translator.ts'
import { ask, type Seen } from './official-clients.ts'
import { chunksOf, serve } from './relay.ts'
import { type Answer, authorOf, type Ending } from './vendor-answers.ts'

const TOOL = { name: 'weather', description: 'Tells the weather', parameters: { type: 'object', properties: {} } }
const text = (value: string) => [{ type: 'text' as const, text: value }]

const base: ChatRequest = {
  messages: [{ role: 'user', parts: text('Hello') }],
  tools: [],
  maxTokens: 100,
  stop: [],
  isStream: false,
  wantsUsage: true,
  extras: {},
  losses: [],
}

const REQUESTS: Readonly<Record<string, ChatRequest>> = {
  text: base,
  tools: { ...base, tools: [TOOL] },
  'tool result': {
    ...base,
    tools: [TOOL],
    messages: [
      ...base.messages,
      {
        role: 'assistant',
        parts: [{ type: 'tool_call', id: 'call_1', name: 'weather', arguments: '{"city":"Bonn"}' }],
      },
      { role: 'user', parts: [{ type: 'tool_result', callId: 'call_1', parts: text('Rain'), isError: false }] },
    ],
  },
  image: {
    ...base,
    messages: [
      {
        role: 'user',
        parts: [
          ...text('What is it?'),
          { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'iVBORw0KGgo=' } },
        ],
      },
    ],
  },
  'structured output': {
    ...base,
    output: { type: 'schema', name: 'person', schema: { type: 'object', properties: { name: { type: 'string' } } } },
  },
}

const call = (id: string, city: string) => ({ id, name: 'weather', input: { city, note: 'größer \\ "quoted"' } })

const ANSWERS: Readonly<Record<string, Answer>> = {
  text: { text: 'Grüße aus 東京 🎏.', calls: [] },
  'one tool': { text: 'Let me look.', calls: [call('call_1', 'Köln')] },
  'parallel tools': { calls: [call('call_1', 'Köln'), call('call_2', 'Bonn')] },
  thinking: { reasoning: 'First I think.', text: 'Then I answer.', calls: [] },
}

const translator = createTranslator()

/** A request that a client writes in its own dialect, on its way to a vendor. */
function translated(client: DialectId, vendor: DialectId, request: ChatRequest): Translation {
  const dialect = dialectById(client)
  const { body } = dialect.requestOut(request, 'public', new LossRecorder(dialect.losses))
  return translator.translate({
    client,
    vendor,
    body: Buffer.from(JSON.stringify(body)),
    facts: { model: 'public', isStream: request.isStream },
    upstreamModel: 'upstream',
    publicModel: 'public',
    isStrict: false,
    requestId: 'request1',
  })
}

/** Dialects without tools. */
const TOOLLESS: ReadonlySet<DialectId> = new Set(['openai-completions'])
/** Dialects without reasoning in their answers. */
const PLAIN: ReadonlySet<DialectId> = new Set(['openai-completions'])

function expectSame(seen: Seen, answer: Answer): void {
  expect(seen.text).toBe(answer.text ?? '')
  expect(seen.tools.map(([name]) => name)).toEqual(answer.calls.map(({ name }) => name))
  expect(seen.tools.map(([, input]) => input)).toEqual(answer.calls.map(({ input }) => input))
}

/** Whether a client of the dialect has words for the request at all. */
function canAsk(client: DialectId, request: ChatRequest): boolean {
  const dialect = dialectById(client)
  const losses = new LossRecorder(dialect.losses)
  dialect.requestOut(request, 'public', losses)
  return losses.names.length === 0
}

const pairs = dialects.flatMap((client) => vendorDialects.map((vendor) => [client.id, vendor.id] as const))
const table = new Map<string, string[]>()

describe.each(pairs)('%s in, %s out', (client, vendor) => {
  const author = authorOf(vendor)
  let server: Awaited<ReturnType<typeof serve>>
  beforeAll(async () => {
    server = await serve()
  })
  afterAll(() => server.close())

  const answers = Object.entries(ANSWERS).filter(
    ([, { calls, reasoning }]) =>
      (calls.length === 0 || !(TOOLLESS.has(client) || TOOLLESS.has(vendor))) &&
      (reasoning === undefined || !PLAIN.has(vendor)),
  )
  const note = (what: string) => {
    const key = `${client} → ${vendor}`
    table.set(key, [...(table.get(key) ?? []), what])
  }

  it.each(Object.entries(REQUESTS).filter(([, request]) => canAsk(client, request)))(
    'request with %s: what is lost is named',
    (name, request) => {
      const { body, dropped } = translated(client, vendor, request)
      expect(body.byteLength).toBeGreaterThan(0)
      const { losses } = vendorDialects.find(({ id }) => id === vendor) ?? { losses: {} }
      for (const lost of dropped) expect(Object.keys(losses)).toContain(lost.split('.')[0] ?? lost)
      note(dropped.length === 0 ? name : `${name} (lost: ${dropped.join(', ')})`)
    },
  )

  it.each(answers)('%s: the official client reads the whole answer', async (name, answer) => {
    const whole = author.whole(answer)
    const { answer: given, facts } = translated(client, vendor, base).response(
      200,
      ['content-type', author.wholeType],
      whole,
    )
    expect(facts.usage).toMatchObject({ inputTokens: 10, outputTokens: 5 })
    server.answer({ status: given.status, contentType: given.contentType, body: Buffer.from(given.body), facts })
    expectSame(await ask(client, server.url, false), answer)
    note(`${name}`)
  })

  const relayed = (answer: Answer, ending: Ending, size: number | (() => number)) => {
    const stream = translated(client, vendor, { ...base, isStream: true }).stream()
    const bytes = author.stream(answer, ending)
    const parts = chunksOf(bytes, size).map((chunk) => Buffer.from(stream.write(chunk)))
    parts.push(Buffer.from(stream.end()))
    return { status: 200, contentType: 'text/event-stream', body: Buffer.concat(parts), facts: stream.facts }
  }

  it.each(answers)('%s, streamed: the official client reads it, wherever it is split', async (name, answer) => {
    const bytes = author.stream(answer, 'whole')
    const whole = relayed(answer, 'whole', bytes.length)
    for (const size of [1, 7, seededSizes()]) {
      expect(withoutTime(relayed(answer, 'whole', size).body)).toBe(withoutTime(whole.body))
    }
    expect(whole.facts).toMatchObject({ isComplete: true, usage: { inputTokens: 10, outputTokens: 5 } })
    server.answer(whole)
    expectSame(await ask(client, server.url, true), answer)
    note(`${name} streamed`)
  })

  it.each(['error', 'cut'] as const)('a stream that ends with %s never looks whole', async (ending) => {
    const broken = relayed(ANSWERS.text ?? { calls: [] }, ending, 7)
    expect(broken.facts.isComplete).toBe(false)
    server.answer(broken)
    await expect(ask(client, server.url, true)).rejects.toThrow()
    note(ending)
  })

  it('an error of the vendor keeps its status, in the words of the client', async () => {
    const body = Buffer.from('{"error":{"message":"Slow down","type":"rate_limit","code":429},"message":"Slow down"}')
    const { answer, facts } = translated(client, vendor, base).response(429, ['content-type', 'application/json'], body)
    server.answer({ status: answer.status, contentType: answer.contentType, body: Buffer.from(answer.body), facts })
    await expect(ask(client, server.url, false)).rejects.toMatchObject({ status: 429 })
    note('429')
  })
})

afterAll(() => {
  for (const [pair, cells] of table) console.log(`${pair}: ${cells.join(' · ')}`)
})

/** Chunk sizes from 1 to 64 that are the same in every run. */
function seededSizes(): () => number {
  let state = 1
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return 1 + (state % 64)
  }
}

/** Ids of calls from vendors that give none are random, so that turns of one conversation never share one. */
const MADE_UP_ID = /call_[0-9a-f]{8}-[0-9a-f-]{27}/g

const withoutTime = (body: Buffer): string =>
  body
    .toString()
    .replace(/"(created|created_at|completed_at)":\d+/g, '"created":0')
    .replace(MADE_UP_ID, 'call_made-up')
