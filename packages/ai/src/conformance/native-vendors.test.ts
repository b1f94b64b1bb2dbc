import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadNativeRecordings, readRecorded } from './native-recordings.ts'
import { ask } from './official-clients.ts'
import { missingRecordings, type Recording } from './recordings.ts'
import { chunksOf, relay, serve } from './relay.ts'
import { SPLIT_SEED, seededSizes, settled } from './splits.ts'

const CLIENTS = ['openai-chat', 'anthropic-messages', 'openai-responses', 'gemini'] as const

const recordings = loadNativeRecordings()
const answered = recordings.filter(({ status }) => status < 400)
// Two answers of the recorded chat address are embeddings and a ranking.
const isChat = ({ body }: Recording): boolean => !/"(texts|results)":/.test(body.toString('utf8', 0, 200))
const chats = answered.filter(isChat)
const streams = chats.filter(({ stream }) => stream)
const named = ({ id, api, stream }: Recording): string => `rec-${id} ${api} ${stream ? 'stream' : ''}`

describe.skipIf(missingRecordings !== undefined)(
  `recorded exchanges in vendors’ own dialects${missingRecordings ? ` (${missingRecordings})` : ''}`,
  () => {
    it('are there for every dialect that only vendors speak', () => {
      expect(new Set(chats.map(({ api, stream }) => `${api} ${stream}`))).toEqual(
        new Set([
          'cohere-chat false',
          'cohere-chat true',
          'ollama-chat false',
          'bedrock-converse false',
          'bedrock-converse true',
        ]),
      )
    })

    it('become the same bytes wherever the stream is split', () => {
      for (const recording of streams) {
        for (const client of CLIENTS) {
          const whole = settled(relay(client, recording, [recording.body]).body.toString())
          for (const size of [1, 7, seededSizes(SPLIT_SEED + recording.id)]) {
            const split = settled(relay(client, recording, chunksOf(recording.body, size)).body.toString())
            expect(split === whole, `${named(recording)} SPLIT_SEED=${SPLIT_SEED}`).toBe(true)
          }
        }
      }
    })

    it('are complete, with finish reason and the usage that the vendor counted', () => {
      for (const recording of chats) {
        const { tokens } = readRecorded(recording)
        for (const client of CLIENTS) {
          const { facts } = relay(client, recording, [recording.body])
          expect(facts.error, named(recording)).toBeNull()
          expect(facts.isComplete, named(recording)).toBe(true)
          expect(facts.finishReason, named(recording)).not.toBeNull()
          expect([facts.usage?.inputTokens, facts.usage?.outputTokens], named(recording)).toEqual(tokens)
        }
      }
    })

    it('are reported as truncated when the stream breaks off, with nothing that looks like success', () => {
      for (const recording of streams) {
        const cut = recording.body.subarray(0, Math.floor(recording.body.length / 2))
        for (const client of CLIENTS) {
          const { facts, body } = relay(client, recording, [cut])
          expect(facts.isComplete, named(recording)).toBe(false)
          expect(body.toString(), named(recording)).not.toMatch(/\[DONE\]|message_stop/)
          expect(body.toString(), named(recording)).toContain('error')
        }
      }
    })

    it('name the error of every refused request, with the vendor’s status and words', () => {
      const refused = recordings.filter(({ status }) => status >= 400)
      expect(refused.length).toBeGreaterThan(0)
      for (const recording of refused) {
        const said = JSON.parse(recording.body.toString()).message
        for (const client of CLIENTS) {
          const { facts, status, body } = relay(client, recording, [])
          expect(facts.error?.code, named(recording)).toBe('upstream_error')
          expect(status, named(recording)).toBe(recording.status)
          expect(JSON.parse(body.toString()).error.message, named(recording)).toBe(said)
        }
      }
    })

    it('are an invalid answer when they are no chat at all', () => {
      for (const recording of answered.filter((one) => !isChat(one))) {
        expect(relay('openai-chat', recording, []).facts.error?.code, named(recording)).toBe('upstream_invalid')
      }
    })
  },
)

describe.skipIf(missingRecordings !== undefined)('recorded answers, read by official clients', () => {
  let server: Awaited<ReturnType<typeof serve>>
  beforeAll(async () => {
    server = await serve()
  })
  afterAll(() => server.close())

  it.each(chats.flatMap((recording) => CLIENTS.map((client) => [named(recording), client, recording] as const)))(
    '%s by %s: text and tool calls are those of the recording',
    async (_name, client, recording) => {
      const recorded = readRecorded(recording)
      server.answer(relay(client, recording, chunksOf(recording.body, 7)))
      const seen = await ask(client, server.url, recording.stream)
      expect(seen.text).toBe(recorded.text)
      expect(seen.tools).toEqual(recorded.tools)
    },
  )

  it('let clients of chat completions read what the model thought', () => {
    const thoughtful = chats.filter((recording) => readRecorded(recording).reasoning !== '')
    expect(thoughtful.length).toBeGreaterThan(0)
    for (const recording of thoughtful) {
      const text = relay('openai-chat', recording, [recording.body]).body.toString()
      const thought = [...text.matchAll(/"reasoning_content":("(?:[^"\\]|\\.)*")/g)].map(([, one]) =>
        JSON.parse(one ?? ''),
      )
      expect(thought.join(''), named(recording)).toBe(readRecorded(recording).reasoning)
    }
  })
})
