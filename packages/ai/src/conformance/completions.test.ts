import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DialectId } from '../ports.ts'
import { createTranslator } from '../translator.ts'
import { ask } from './official-clients.ts'
import { loadRecordingsOf } from './operation-recordings.ts'
import { askPrompt } from './prompt-client.ts'
import { missingRecordings, type Recording } from './recordings.ts'
import { chunksOf, type Relayed, relay, serve } from './relay.ts'

const ID = 'openai-completions'
const recordings = loadRecordingsOf(ID)
const named = ({ id, stream }: Recording): string => `rec-${id} ${stream ? 'stream' : 'whole'}`

/** Sends a recorded answer to a client of its own dialect, which asked for usage. */
function relayOwn({ status, ctype, stream, body }: Recording, chunks: readonly Buffer[]): Relayed {
  const request = { model: 'public', prompt: 'Hello', stream, stream_options: { include_usage: true } }
  const translation = createTranslator().translate({
    client: ID,
    vendor: ID,
    body: Buffer.from(JSON.stringify(request)),
    facts: { model: 'public', isStream: stream },
    upstreamModel: 'upstream',
    publicModel: 'public',
    isStrict: true,
    requestId: 'request1',
  })
  if (!stream) {
    const { answer, facts } = translation.response(status, ['content-type', ctype], body)
    return { ...answer, body: Buffer.from(answer.body), facts }
  }
  const relayed = translation.stream()
  const out = chunks.map((chunk) => Buffer.from(relayed.write(chunk)))
  out.push(Buffer.from(relayed.end()))
  return { status, contentType: 'text/event-stream', body: Buffer.concat(out), facts: relayed.facts }
}

const PROMPT = { model: 'public', prompt: 'Hello' }

/** Another vendor's answer in the dialect that it speaks, for a client of Completions. */
function relayFrom(vendor: DialectId, isStream: boolean, body: string): Relayed {
  const translation = createTranslator().translate({
    client: ID,
    vendor,
    body: Buffer.from(JSON.stringify({ ...PROMPT, stream: isStream, stream_options: { include_usage: true } })),
    facts: { model: 'public', isStream },
    upstreamModel: 'upstream',
    publicModel: 'public',
    isStrict: true,
    requestId: 'request1',
  })
  if (!isStream) {
    const { answer, facts } = translation.response(200, ['content-type', 'application/json'], Buffer.from(body))
    return { ...answer, body: Buffer.from(answer.body), facts }
  }
  const stream = translation.stream()
  const out = Buffer.concat([stream.write(Buffer.from(body)), stream.end()])
  return { status: 200, contentType: 'text/event-stream', body: out, facts: stream.facts }
}

let server: Awaited<ReturnType<typeof serve>>
beforeAll(async () => {
  server = await serve()
})
afterAll(() => server.close())

describe.skipIf(missingRecordings !== undefined)(
  `recorded completions${missingRecordings ? ` (${missingRecordings})` : ''}`,
  () => {
    it('are there, streamed and not', () => {
      expect(recordings.map(({ stream }) => stream).sort()).toEqual([false, true])
    })

    it.each(recordings.map((recording) => [named(recording), recording] as const))(
      '%s: passes byte for byte, with its facts',
      (_name, recording) => {
        for (const size of [recording.body.length, 1, 7]) {
          const { body, facts } = relayOwn(recording, chunksOf(recording.body, size))
          expect(body.equals(recording.body)).toBe(true)
          expect(facts).toMatchObject({ isComplete: true, hasContent: true, finishReason: 'length' })
          expect(facts.usage?.outputTokens).toBeGreaterThan(0)
        }
      },
    )

    it.each(recordings.map((recording) => [named(recording), recording] as const))(
      '%s: the official client sees in it what it sees of the vendor itself',
      async (_name, recording) => {
        server.answer({ ...relayOwn(recording, [recording.body]), body: recording.body })
        const direct = await askPrompt(server.url, recording.stream)
        server.answer(relayOwn(recording, [recording.body]))
        expect(await askPrompt(server.url, recording.stream)).toEqual(direct)
        expect(direct.text).not.toBe('')
      },
    )

    it.each(recordings.map((recording) => [named(recording), recording] as const))(
      '%s: clients of chat get the same text and usage',
      async (_name, recording) => {
        const own = relayOwn(recording, [recording.body])
        server.answer(own)
        const { text } = await askPrompt(server.url, recording.stream)
        for (const client of ['openai-chat', 'anthropic-messages']) {
          const relayed = relay(client, recording, chunksOf(recording.body, 7))
          expect(relayed.facts).toMatchObject({ isComplete: true, error: null, finishReason: 'length' })
          expect(relayed.facts.usage).toEqual(own.facts.usage)
          server.answer(relayed)
          expect((await ask(client, server.url, recording.stream)).text).toBe(text)
        }
      },
    )
  },
)

describe('completions of a vendor of another dialect, read by the official client', () => {
  const usage = { input_tokens: 10, output_tokens: 5 }
  const message = { id: 'm', type: 'message', role: 'assistant', model: 'm', stop_sequence: null }

  it('have text, finish reason and usage', async () => {
    const content = [{ type: 'text', text: 'Grüße 🎏' }]
    const answer = JSON.stringify({ ...message, content, stop_reason: 'max_tokens', usage })
    server.answer(relayFrom('anthropic-messages', false, answer))
    expect(await askPrompt(server.url, false)).toEqual({
      text: 'Grüße 🎏',
      reasoning: '',
      tools: [],
      finish: 'length',
      tokens: 15,
    })
  })

  it('have them in a stream too', async () => {
    const events = [
      { type: 'message_start', message: { ...message, content: [], stop_reason: null, usage } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Grüße' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: ' 🎏' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage },
      { type: 'message_stop' },
    ]
    const body = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
    server.answer(relayFrom('anthropic-messages', true, body))
    expect(await askPrompt(server.url, true)).toEqual({
      text: 'Grüße 🎏',
      reasoning: '',
      tools: [],
      finish: 'stop',
      tokens: 15,
    })
    server.answer(relayFrom('anthropic-messages', true, body.slice(0, body.indexOf('event: content_block_stop'))))
    await expect(askPrompt(server.url, true)).rejects.toThrow()
  })
})
