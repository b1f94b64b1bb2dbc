import { describe, expect, it } from 'vitest'
import { eventsIn } from '../testing/exchange.ts'
import { loadNativeRecordings } from './native-recordings.ts'
import { kindsOf, misfits, type OfficialType, type Typed } from './official-types.ts'
import { descriptionName, faultsOf, isDescribed } from './openai-description.ts'
import { loadRecordings, missingRecordings, type Recording } from './recordings.ts'
import { relay } from './relay.ts'

const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_760_000_000, model: 'm' }
const chunk = (choice: object): object => ({
  ...head,
  choices: [{ index: 0, delta: {}, finish_reason: null, ...choice }],
})
const SOUND = chunk({ delta: { role: 'assistant', content: 'Hi' } })

const response = { id: 'resp_1', object: 'response', created_at: 1_760_000_000, status: 'completed' }

/** Answers that no client should get, and what is wrong with them. */
const WRONG: Readonly<Record<string, Typed>> = {
  'an index that is text': { type: 'ChatCompletionChunk', value: chunk({ index: '0' }) },
  'a reason to finish that nobody knows': { type: 'ChatCompletionChunk', value: chunk({ finish_reason: 'end_turn' }) },
  'no reason to finish at all': { type: 'ChatCompletionChunk', value: chunk({ finish_reason: undefined }) },
  'a call without its index': {
    type: 'ChatCompletionChunk',
    value: chunk({ delta: { tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f' } }] } }),
  },
  'another object': { type: 'ChatCompletionChunk', value: { ...head, object: 'chat.completion', choices: [] } },
  'no choices': { type: 'ChatCompletionChunk', value: head },
  'a completion of chunks': { type: 'ChatCompletion', value: { ...SOUND, object: 'chat.completion' } },
  'a response of which most is missing': { type: 'Response', value: response },
  'an event without its place': {
    type: 'ResponseStreamEvent',
    value: { type: 'response.output_text.delta', item_id: 'msg_1', output_index: 0, content_index: 0, delta: 'Hi' },
  },
}

describe('the types of the official client', () => {
  it('accept a chunk', async () => {
    expect(await misfits([{ type: 'ChatCompletionChunk', value: SOUND }])).toEqual([])
  })

  it('refuse what is wrong, each for itself', async () => {
    const values = Object.values(WRONG)
    const examples = new Set((await misfits(values)).map(({ example }) => example))
    expect(values.filter(({ value }) => !examples.has(value))).toEqual([])
  })

  it('refuse a field that nobody knows', async () => {
    const value = chunk({ delta: { content: 'Hi', text: 'Hi' } })
    const [fault, ...more] = kindsOf(await misfits([{ type: 'ChatCompletionChunk', value }]))
    expect(more).toEqual([])
    expect(fault).toContain('"text"')
  })
})

describe('OpenAI’s description', () => {
  it('accepts a chunk', () => {
    expect(descriptionName()).toMatch(/^OpenAI API/)
    expect(faultsOf({ type: 'ChatCompletionChunk', value: SOUND })).toEqual([])
  })

  it('knows completions and their chunks', () => {
    expect(['ChatCompletion', 'ChatCompletionChunk'].map((type) => isDescribed(type as OfficialType))).toEqual([
      true,
      true,
    ])
  })

  it.each(Object.entries(WRONG).filter(([, { type }]) => isDescribed(type)))('refuses %s', (_name, typed) => {
    expect(faultsOf(typed)).toHaveLength(1)
  })
})

const recordings = [...loadRecordings(), ...loadNativeRecordings()].filter(({ status }) => status < 400)

/** What a recorded answer of another format becomes for a client of OpenAI's. */
function written(recording: Recording, client: string, whole: OfficialType, event: OfficialType): Typed[] {
  if (recording.api === client) return []
  const { body, facts, status } = relay(client, recording, [recording.body])
  // A few recordings hold no answer, or one that fails.
  if (facts.error !== null || status >= 400) return []
  if (!recording.stream) return [{ type: whole, value: JSON.parse(body.toString()) }]
  const events = eventsIn(body.toString()).filter((each) => each !== '[DONE]')
  return events.map((value) => ({ type: event, value }))
}

const answers = recordings.flatMap((recording) => [
  ...written(recording, 'openai-chat', 'ChatCompletion', 'ChatCompletionChunk'),
  ...written(recording, 'openai-responses', 'Response', 'ResponseStreamEvent'),
])

describe.skipIf(missingRecordings !== undefined)(
  `recorded answers of every vendor, written for clients of OpenAI’s${missingRecordings ? ` (${missingRecordings})` : ''}`,
  () => {
    it('are many', () => {
      const counts = new Map<OfficialType, number>()
      for (const { type } of answers) counts.set(type, (counts.get(type) ?? 0) + 1)
      console.log([...counts].map(([type, count]) => `${count} ${type}`).join(', '))
      expect(counts.get('ChatCompletion')).toBeGreaterThanOrEqual(130)
      expect(counts.get('ChatCompletionChunk')).toBeGreaterThanOrEqual(2500)
      expect(counts.get('Response')).toBeGreaterThanOrEqual(170)
      expect(counts.get('ResponseStreamEvent')).toBeGreaterThanOrEqual(3500)
    })

    it('have the types of the official client', async () => {
      expect(kindsOf(await misfits(answers))).toEqual([])
    })

    it('are valid by OpenAI’s description', () => {
      const described = answers.filter(({ type }) => isDescribed(type))
      console.log(`${described.length} held against ${descriptionName()}`)
      expect(described.length).toBeGreaterThanOrEqual(2600)
      expect(kindsOf(described.flatMap(faultsOf))).toEqual([])
    })
  },
)
