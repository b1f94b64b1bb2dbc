import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from './official-clients.ts'
import { loadRecordings, missingRecordings, type Recording } from './recordings.ts'
import { chunksOf, otherDialect, relay, serve } from './relay.ts'

const recordings = loadRecordings()
const answered = recordings.filter((recording) => recording.status < 400)
const streams = answered.filter((recording) => recording.stream)
const named = (recording: Recording): string =>
  `rec-${recording.id} ${recording.api} ${recording.stream ? 'stream' : ''}`

// Two recorded answers of status 200 are no chat completions at all: they hold no choices.
const isChat = ({ body }: Recording): boolean => body.includes('"choices"') || body.includes('"content"')

// A few recordings hold several streamed messages one after the other, which no client accepts as one answer.
const isOneMessage = ({ body }: Recording): boolean =>
  body.indexOf('event: message_start') === body.lastIndexOf('event: message_start')

const chats = answered.filter((recording) => isChat(recording) && isOneMessage(recording))

/** Chunk sizes from 1 to 64 that are the same in every run. */
function seededSizes(seed: number): () => number {
  let state = seed + 1
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return 1 + (state % 64)
  }
}

describe.skipIf(missingRecordings !== undefined)(
  `recorded exchanges${missingRecordings ? ` (${missingRecordings})` : ''}`,
  () => {
    it('has recordings of both dialects, streamed and not', () => {
      const kinds = new Set(answered.map(({ api, stream }) => `${api} ${stream}`))
      expect(kinds.size).toBe(4)
    })

    it('passes every answer of the same dialect byte for byte, wherever the stream is split', () => {
      for (const recording of recordings) {
        for (const size of [recording.body.length, 1, 7, seededSizes(recording.id)]) {
          const relayed = relay(recording.api, recording, chunksOf(recording.body, size))
          expect(relayed.body.equals(recording.body), named(recording)).toBe(true)
          expect(relayed.status).toBe(recording.status)
        }
      }
    })

    it('writes the same bytes for the other dialect, wherever the stream is split', () => {
      for (const recording of streams) {
        const client = otherDialect(recording.api)
        const whole = withoutTime(relay(client, recording, [recording.body]).body)
        for (const size of [1, 7, seededSizes(recording.id)]) {
          const split = withoutTime(relay(client, recording, chunksOf(recording.body, size)).body)
          expect(split === whole, named(recording)).toBe(true)
        }
      }
    })

    it('knows usage, finish reason and completeness of every answer alike in both dialects', () => {
      for (const recording of chats) {
        const same = relay(recording.api, recording, [recording.body]).facts
        const other = relay(otherDialect(recording.api), recording, [recording.body]).facts
        expect(same.usage, named(recording)).not.toBeNull()
        expect(other.usage, named(recording)).toEqual(same.usage)
        expect([same.isComplete, other.isComplete], named(recording)).toEqual([true, true])
        expect(other.finishReason, named(recording)).not.toBeNull()
        expect(same.finishReason, named(recording)).not.toBeNull()
      }
    })

    it('names the error of every refused request in both dialects', () => {
      for (const recording of recordings.filter(({ status }) => status >= 400)) {
        for (const client of [recording.api, otherDialect(recording.api)]) {
          const { facts, status } = relay(client, recording, [])
          expect(facts.error?.code, named(recording)).toBe('upstream_error')
          expect(status, named(recording)).toBe(recording.status)
        }
      }
    })
  },
)

describe.skipIf(missingRecordings !== undefined)(
  'recorded answers, read by the official client of the other dialect',
  () => {
    let server: Awaited<ReturnType<typeof serve>>
    beforeAll(async () => {
      server = await serve()
    })
    afterAll(() => server.close())

    it.each(chats.map((recording) => [named(recording), recording] as const))(
      '%s: text and tool calls are the same',
      async (_name, recording) => {
        const client = otherDialect(recording.api)
        server.answer(relay(recording.api, recording, [recording.body]))
        const direct = await ask(recording.api, server.url, recording.stream)
        server.answer(relay(client, recording, [recording.body]))
        const through = await ask(client, server.url, recording.stream)
        expect(through.text).toBe(direct.text)
        expect(through.tools.map(([name]) => name)).toEqual(direct.tools.map(([name]) => name))
        through.tools.forEach(([, input], index) => {
          const expected = direct.tools[index]?.[1]
          if (typeof expected === 'string') expectSurvival(input, expected, recording.stream)
          else expect(input).toEqual(expected)
        })
      },
    )
  },
)

// Arguments that a length limit cut off are no JSON. Whole answers carry their text; in streams the client reads as far as
// it can, from the very same text.
function expectSurvival(input: unknown, text: string, isStream: boolean): void {
  if (!isStream) expect(input).toEqual({ raw_arguments: text })
  else
    for (const [key, value] of Object.entries(input as object))
      expect(text).toContain(`"${key}":${JSON.stringify(value)}`)
}

const withoutTime = (body: Buffer): string => body.toString().replace(/"created":\d+/g, '"created":0')
