import type { JsonObject } from '@konnect/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dialectById, dialects, vendorDialects } from '../dialects/list.ts'
import type { LossTable } from '../loss.ts'
import type { DialectId } from '../ports.ts'
import { eventsIn } from '../testing/exchange.ts'
import { ask, type Seen } from './official-clients.ts'
import { kindsOf, misfits, OFFICIAL_TYPES, type OfficialType, type Typed } from './official-types.ts'
import { descriptionName, faultsOf, isDescribed } from './openai-description.ts'
import { IMAGE, SCENARIOS, SCHEMA, type Scenario, TOOL } from './scenarios.ts'
import { readSent, type Sent } from './sent-requests.ts'
import { SPLIT_SEED } from './splits.ts'
import { startTestGateway, type TestGateway, type VendorAnswer, type Wire } from './test-gateway.ts'
import { type Answer, authorOf, type Ending } from './vendor-answers.ts'

/** Under this name a loss is what the whole scenario is about. */
const SUBJECT: Readonly<Record<Scenario, readonly string[]>> = {
  text: [],
  'one tool': ['tools'],
  'parallel tools': ['tools'],
  'tool result': ['tools'],
  image: ['image'],
  thinking: ['reasoning_effort', 'thinking'],
  'structured output': ['response_format'],
}

/** The one format in which nothing but text can be said, on either side. */
const TEXT_ONLY: DialectId = 'openai-completions'

/** Models that can do everything that their vendor's format can say. */
const MODELS: Readonly<Record<DialectId, string>> = {
  'openai-chat': 'gpt-5',
  'openai-responses': 'gpt-5',
  'anthropic-messages': 'claude-sonnet-4-5',
  'bedrock-invoke': 'anthropic.claude-sonnet-4-5-20250929-v1:0',
  'bedrock-converse': 'anthropic.claude-sonnet-4-5-20250929-v1:0',
  'vertex-raw-predict': 'claude-sonnet-4-5@20250929',
  gemini: 'gemini-2.5-flash',
  'cohere-chat': 'command-a-reasoning-08-2025',
  'ollama-chat': 'qwen3',
  'openai-completions': 'gpt-3.5-turbo-instruct',
}

const call = (id: string, city: string) => ({ id, name: TOOL, input: { city, note: 'größer \\ "quoted"' } })
const TEXT: Answer = { text: 'Grüße aus 東京 🎏.', calls: [] }
const ANSWERS: Readonly<Record<Scenario, Answer>> = {
  text: TEXT,
  'one tool': { text: 'Let me look.', calls: [call('call_1', 'Köln')] },
  'parallel tools': { calls: [call('call_1', 'Köln'), call('call_2', 'Bonn')] },
  'tool result': TEXT,
  image: TEXT,
  thinking: { reasoning: 'First I think.', text: 'Then I answer.', calls: [] },
  'structured output': { text: '{"name":"Ada"}', calls: [] },
}

/** What the vendor has to be told in each scenario. */
const SENT: Readonly<Record<Scenario, Partial<Sent>>> = {
  text: {},
  'one tool': { tools: [TOOL] },
  'parallel tools': { tools: [TOOL] },
  'tool result': { tools: [TOOL], result: [TOOL, 'Rain'] },
  image: { image: IMAGE },
  thinking: { thinks: true },
  'structured output': { form: Object.keys(SCHEMA.properties) },
}

/** Whether a scenario's subject has reached the vendor. */
const carries = (sent: Sent, scenario: Scenario): boolean =>
  Object.entries(SENT[scenario]).every(
    ([field, value]) => JSON.stringify(sent[field as keyof Sent]) === JSON.stringify(value),
  )

/** A model that is made to call a tool answers in its arguments. */
function answerTo(sent: Sent, scenario: Scenario): Answer {
  const answer = ANSWERS[scenario]
  if (sent.isFormTool !== true) return answer
  return { calls: [{ id: 'call_1', name: sent.tools[0] ?? '', input: JSON.parse(answer.text ?? '') }] }
}

function expectSame(seen: Seen, answer: Answer): void {
  expect(seen.text).toBe(answer.text ?? '')
  expect(seen.reasoning).toBe(answer.reasoning ?? '')
  expect(seen.tools).toEqual(answer.calls.map(({ name, input }) => [name, input]))
}

/** The names under which a loss table has the subject of a scenario. */
const namesIn = (losses: LossTable, scenario: Scenario): string[] =>
  SUBJECT[scenario].filter((name) => Object.hasOwn(losses, name))

const pairs = dialects.flatMap((client) => vendorDialects.map((vendor) => [client.id, vendor.id] as const))
const table = new Map<string, string[]>()
const typed: Typed[] = []

describe.each(pairs)('%s in, %s out', (client, vendor) => {
  const author = authorOf(vendor)
  const losses = vendorDialects.find(({ id }) => id === vendor)?.losses ?? {}
  let gateway: TestGateway
  beforeAll(async () => {
    gateway = await startTestGateway()
  })
  afterAll(() => gateway.close())

  /** Asks as the official client does; gives what it saw and what went over the wire. */
  async function asked(scenario: Scenario, isStream: boolean, ending: Ending = 'whole'): Promise<[Seen, Wire]> {
    gateway.vendor = {
      dialect: vendor,
      model: MODELS[vendor] ?? 'upstream',
      answer(sent) {
        const answer = answerTo(readSent(vendor, sent), scenario)
        return isStream
          ? { status: 200, contentType: author.streamType, body: author.stream(answer, ending) }
          : { status: 200, contentType: author.wholeType, body: author.whole(answer) }
      },
    }
    const seen = await ask(client, gateway.url, isStream, scenario)
    return [seen, wireOf(gateway)]
  }

  const note = (what: string) => {
    const key = `${client} → ${vendor}`
    table.set(key, [...(table.get(key) ?? []), what])
  }

  describe.each([false, true])('streamed: %s', (isStream) => {
    const kind = isStream ? ' streamed' : ''
    const sayable = SCENARIOS.filter((scenario) => client !== TEXT_ONLY || scenario === 'text')

    it.each(sayable)('%s: arrives and is read, or is a loss that is named', async (scenario) => {
      const [seen, { sent, dropped, isRefusedStrictly, facts, unsteady, body }] = await asked(scenario, isStream)
      typed.push(...typedAs(client, vendor, { sent, body, isStream }))
      const told = readSent(vendor, sent)
      const isNamed = dropped.some((name) => SUBJECT[scenario].includes(name))
      expect(told.text).toContain('Hello')
      expect(carries(told, scenario), `${JSON.stringify(sent)} without ${dropped}`).toBe(!isNamed)
      expect(isNamed).toBe(vendor === TEXT_ONLY && scenario !== 'text')
      for (const name of dropped) expect(Object.keys(losses)).toContain(name.split('.')[0])
      expect(isRefusedStrictly).toBe(isNamed)
      expect(unsteady).toEqual([])
      const finishReason = ANSWERS[scenario].calls.length > 0 && !isNamed ? 'tool_calls' : 'stop'
      expect(facts).toMatchObject({ isComplete: true, finishReason, usage: { inputTokens: 10, outputTokens: 5 } })
      if (!isNamed) expectSame(seen, ANSWERS[scenario])
      note(isNamed ? `(${scenario}${kind}: ${dropped.join(', ')})` : `${scenario}${kind}`)
    })

    it.each(SCENARIOS.filter((scenario) => !sayable.includes(scenario)))(
      '%s: the client has no words for it, which its losses say',
      (scenario) => {
        expect(namesIn(dialectById(client).losses, scenario)).not.toEqual([])
        note(`(${scenario}${kind}: no words)`)
      },
    )
  })

  it.each(['error', 'cut'] as const)('a stream that ends with %s never looks whole', async (ending) => {
    await expect(asked('text', true, ending)).rejects.toThrow()
    const { facts, unsteady } = wireOf(gateway)
    expect(facts.isComplete).toBe(false)
    expect(unsteady).toEqual([])
    note(ending === 'cut' ? 'truncated stream' : 'mid-stream error')
  })

  it.each([false, true])('an error of the vendor keeps status and words, streamed: %s', async (isStream) => {
    gateway.vendor = { dialect: vendor, model: 'upstream', answer: () => refusalOf(vendor) }
    await expect(ask(client, gateway.url, isStream)).rejects.toMatchObject({
      status: 429,
      message: expect.stringContaining('Slow down'),
    })
    note(isStream ? 'error streamed' : 'error')
  })
})

describe('everything that was written here', () => {
  it('has the types of the official clients, which are generated from the vendors’ descriptions', async () => {
    const counts = new Map<OfficialType, number>()
    for (const { type } of typed) counts.set(type, (counts.get(type) ?? 0) + 1)
    console.log([...counts].map(([type, count]) => `${count} ${type}`).join(', '))
    expect([...counts.keys()].sort()).toEqual([...OFFICIAL_TYPES].sort())
    expect(kindsOf(await misfits(typed))).toEqual([])
  })

  it('is valid by OpenAI’s description', () => {
    const described = typed.filter(({ type }) => isDescribed(type))
    console.log(`${described.length} values by ${descriptionName()}`)
    expect(described.length).toBeGreaterThan(400)
    expect(kindsOf(described.flatMap(faultsOf))).toEqual([])
  })
})

afterAll(() => {
  console.log(`SPLIT_SEED=${SPLIT_SEED}`)
  for (const [pair, cells] of table) console.log(`${pair}: ${cells.join(' · ')}`)
})

function wireOf({ wire }: TestGateway): Wire {
  if (wire === undefined) throw new RangeError('Nothing was asked')
  return wire
}

/** A refusal in the words of each vendor. */
function refusalOf(vendor: DialectId): VendorAnswer {
  const [message, type] = ['Slow down', 'rate_limit_error']
  const said: Readonly<Record<DialectId, JsonObject>> = {
    'anthropic-messages': { type: 'error', error: { type, message } },
    'vertex-raw-predict': { type: 'error', error: { type, message } },
    gemini: { error: { code: 429, message, status: 'RESOURCE_EXHAUSTED' } },
    'cohere-chat': { message },
    'bedrock-converse': { message },
    'bedrock-invoke': { message },
    'ollama-chat': { error: message },
  }
  const body = said[vendor] ?? { error: { message, type, code: 'rate_limit_exceeded' } }
  return { status: 429, contentType: 'application/json', body: Buffer.from(JSON.stringify(body)) }
}

const REQUEST_TYPES: Readonly<Record<DialectId, OfficialType>> = {
  'openai-chat': 'ChatCompletionCreateParams',
  'openai-responses': 'ResponseCreateParams',
  'openai-completions': 'CompletionCreateParams',
  'anthropic-messages': 'MessageCreateParams',
}
const ANSWER_TYPES: Readonly<Record<DialectId, { readonly whole: OfficialType; readonly event?: OfficialType }>> = {
  'openai-chat': { whole: 'ChatCompletion', event: 'ChatCompletionChunk' },
  'openai-responses': { whole: 'Response', event: 'ResponseStreamEvent' },
  // A chunk has no type of its own.
  'openai-completions': { whole: 'Completion' },
}

/** Everything of an exchange that was written here and has an official type. */
function typedAs(
  client: DialectId,
  vendor: DialectId,
  { sent, body, isStream }: Pick<Wire, 'sent' | 'body'> & { isStream: boolean },
): Typed[] {
  if (client === vendor) return []
  const request = REQUEST_TYPES[vendor]
  const type = ANSWER_TYPES[client]?.[isStream ? 'event' : 'whole']
  const answers = isStream ? eventsIn(body).filter((each) => each !== '[DONE]') : [JSON.parse(body)]
  return [
    ...(request === undefined ? [] : [{ type: request, value: sent }]),
    ...(type === undefined ? [] : answers.map((value) => ({ type, value }))),
  ]
}
