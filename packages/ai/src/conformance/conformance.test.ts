import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { maskSecrets } from '../canonical/error.ts'
import { accumulate, ask } from './official-clients.ts'
import { loadRecordings, missingRecordings, type Recording } from './recordings.ts'
import { chunksOf, otherDialects, relay, serve } from './relay.ts'
import { SPLIT_SEED, seededSizes, settled } from './splits.ts'

const recordings = loadRecordings()
const answered = recordings.filter((recording) => recording.status < 400)
const streams = answered.filter((recording) => recording.stream)
const named = (recording: Recording): string =>
  `rec-${recording.id} ${recording.api} ${recording.stream ? 'stream' : ''}`

// A few recorded answers of status 200 are none: two chat completions hold no choices, one response (rec-458) is a chat
// completion, and one streamed response (rec-566) is the vendor's error.
const isChat = ({ api, body }: Recording): boolean => {
  if (api === 'openai-responses') return /"object": ?"response"/.test(body.toString()) && !isFailed(body)
  return body.includes('"choices"') || body.includes('"content"')
}
const isFailed = (body: Buffer): boolean => body.includes('"type":"response.failed"')

// A few recordings hold several streamed messages or responses one after the other, which no client accepts as one answer.
const isOneMessage = ({ body }: Recording): boolean =>
  ['event: message_start', '"type":"response.created"'].every(
    (start) => body.indexOf(start) === body.lastIndexOf(start),
  )

const chats = answered.filter((recording) => isChat(recording) && isOneMessage(recording))

describe.skipIf(missingRecordings !== undefined)(
  `recorded exchanges${missingRecordings ? ` (${missingRecordings})` : ''}`,
  () => {
    it('has recordings of every dialect, streamed and not', () => {
      const kinds = new Set(answered.map(({ api, stream }) => `${api} ${stream}`))
      expect(kinds.size).toBe(2 * new Set(recordings.map(({ api }) => api)).size)
    })

    it('passes every answer of the same dialect byte for byte, wherever the stream is split', () => {
      for (const recording of recordings) {
        // One refused request (rec-306) has the key in its answer, which clients do not get to see.
        const expected = recording.status < 400 ? recording.body : Buffer.from(maskSecrets(recording.body.toString()))
        for (const size of [recording.body.length, 1, 7, seededSizes(SPLIT_SEED + recording.id)]) {
          const relayed = relay(recording.api, recording, chunksOf(recording.body, size))
          expect(relayed.body.equals(expected), `${named(recording)} SPLIT_SEED=${SPLIT_SEED}`).toBe(true)
          expect(relayed.status).toBe(recording.status)
        }
      }
    })

    it('writes the same bytes for each other dialect, wherever the stream is split', () => {
      for (const recording of streams) {
        otherDialects(recording.api).forEach((client, index) => {
          const whole = settled(relay(client, recording, [recording.body]).body.toString())
          // How a stream is cut is the reader's business, and that is the same for every client: byte by byte, one will do.
          for (const size of [...(index === 0 ? [1] : []), 7, seededSizes(SPLIT_SEED + recording.id)]) {
            const split = settled(relay(client, recording, chunksOf(recording.body, size)).body.toString())
            expect(split === whole, `${named(recording)} for ${client} SPLIT_SEED=${SPLIT_SEED}`).toBe(true)
          }
        })
      }
    })

    it('knows usage, finish reason and completeness of every answer alike in each dialect', () => {
      for (const recording of chats) {
        const same = relay(recording.api, recording, [recording.body]).facts
        expect(same.usage, named(recording)).not.toBeNull()
        expect(same.finishReason, named(recording)).not.toBeNull()
        expect(same.isComplete, named(recording)).toBe(true)
        for (const client of otherDialects(recording.api)) {
          const other = relay(client, recording, [recording.body]).facts
          expect(other.usage, named(recording)).toEqual(same.usage)
          expect(other.isComplete, named(recording)).toBe(true)
          expect(other.finishReason, named(recording)).not.toBeNull()
          if (recording.api === 'openai-responses') expect(other.finishReason).toBe(same.finishReason)
        }
      }
    })

    it('names the error of a response that failed in its stream, and tells every client', () => {
      const failed = streams.filter(({ body }) => isFailed(body))
      expect(failed.length).toBeGreaterThan(0)
      for (const recording of failed) {
        for (const client of [recording.api, ...otherDialects(recording.api)]) {
          const { facts, body } = relay(client, recording, [recording.body])
          expect(facts, named(recording)).toMatchObject({
            isComplete: false,
            error: { code: 'upstream_error', status: 429 },
          })
          expect(body.toString(), named(recording)).toContain('exceeded your current quota')
        }
      }
    })

    it('names the error of every refused request in each dialect', () => {
      for (const recording of recordings.filter(({ status }) => status >= 400)) {
        for (const client of [recording.api, ...otherDialects(recording.api)]) {
          const { facts, status } = relay(client, recording, [])
          expect(facts.error?.code, named(recording)).toBe('upstream_error')
          expect(status, named(recording)).toBe(recording.status)
        }
      }
    })
  },
)

const ASKING = new Set(['openai-chat', 'anthropic-messages', 'openai-responses', 'gemini'])
const pairs = chats.flatMap((recording) =>
  otherDialects(recording.api)
    .filter((client) => ASKING.has(client))
    .map((client) => [`${named(recording)} for ${client}`, recording, client] as const),
)

describe.skipIf(missingRecordings !== undefined)(
  'recorded answers, read by the official client of each other dialect',
  () => {
    let server: Awaited<ReturnType<typeof serve>>
    beforeAll(async () => {
      server = await serve()
    })
    afterAll(() => server.close())

    it.each(pairs)('%s: text and tool calls are the same', async (_name, recording, client) => {
      server.answer(relay(recording.api, recording, [recording.body]))
      const direct = await ask(recording.api, server.url, recording.stream)
      server.answer(relay(client, recording, [recording.body]))
      const through = await ask(client, server.url, recording.stream)
      if (isRefusal(recording) && client === 'gemini') expect(through.text).not.toBe('')
      else expect(through.text).toBe(direct.text)
      expect(through.tools.map(([name]) => name)).toEqual(direct.tools.map(([name]) => name))
      through.tools.forEach(([, input], index) => {
        const expected = direct.tools[index]?.[1]
        if (typeof expected !== 'string') expect(input).toEqual(expected)
        else if (client === 'gemini') expectSurvival(input, expected, false)
        else if (client === 'anthropic-messages') expectSurvival(input, expected, recording.stream)
        else expect(input).toBe(expected)
      })
      if (client === 'openai-responses' && recording.stream) expect(await accumulate(server.url)).toEqual(through)
    })
  },
)

// Google's format has no field for what a model says when it refuses: it is the text.
const isRefusal = ({ body }: Recording): boolean => /"stop_reason":\s*"refusal"/.test(body.toString())

// Arguments that a length limit cut off are no JSON. Whole answers carry their text; in streams the client reads as far as
// it can, from the very same text.
function expectSurvival(input: unknown, text: string, isStream: boolean): void {
  if (!isStream) expect(input).toEqual({ raw_arguments: text })
  else
    for (const [key, value] of Object.entries(input as object))
      expect(text).toContain(`"${key}":${JSON.stringify(value)}`)
}
