import { describe, expect, it } from 'vitest'
import { chunks, eventsIn, textOf, translate } from '../testing/exchange.ts'

const messages = [{ role: 'user', content: 'Hello' }]
const STREAM = chunks([{ content: 'Hi' }])
const asked = (from: 'openai-chat' | 'anthropic-messages', stream: boolean) =>
  translate({
    from,
    to: 'openai-chat',
    body: { messages, max_tokens: 10, stream, stream_options: { include_usage: true } },
  })
const taken = (from: 'openai-chat' | 'anthropic-messages', isStream = true) =>
  asked(from, isStream).response(200, ['content-type', 'text/event-stream; charset=utf-8'], Buffer.from(STREAM))

describe('a stream that had to be collected', () => {
  it('passes within one dialect, with its facts', () => {
    const { answer, facts } = taken('openai-chat')
    expect(answer).toMatchObject({ status: 200, contentType: 'text/event-stream; charset=utf-8' })
    expect(textOf(answer.body)).toBe(STREAM)
    expect(facts).toMatchObject({ isComplete: true, hasContent: true, usage: { inputTokens: 10, outputTokens: 5 } })
  })

  it('is translated for another dialect', () => {
    const { answer, facts } = taken('anthropic-messages')
    expect(answer).toMatchObject({ status: 200, contentType: 'text/event-stream' })
    expect(eventsIn(textOf(answer.body)).at(-1)).toEqual({ type: 'message_stop' })
    expect(facts.isComplete).toBe(true)
  })

  it.each(['application/json', '', 'text/plain'])('is told by its first line where it is called %j', (type) => {
    for (const start of ['', ': wait\n\n', '\uFEFFevent: x\n']) {
      const body = Buffer.from(start + STREAM)
      const { answer, facts } = asked('openai-chat', true).response(200, ['content-type', type], body)
      expect(answer).toMatchObject({ status: 200, contentType: 'text/event-stream' })
      expect(facts.isComplete).toBe(true)
    }
    const page = Buffer.from('<p>data: none</p>')
    expect(asked('openai-chat', true).response(200, ['content-type', type], page).answer.status).toBe(502)
  })

  it('is no answer for a client that wants no stream', () => {
    for (const from of ['openai-chat', 'anthropic-messages'] as const) {
      expect(taken(from, false)).toMatchObject({
        answer: { status: 502 },
        facts: { error: { code: 'upstream_invalid' } },
      })
    }
  })

  it('leaves errors to those who read them', () => {
    const body = Buffer.from('{"error":{"message":"No"}}')
    const { answer } = asked('anthropic-messages', true).response(429, ['content-type', 'text/event-stream'], body)
    expect(answer).toMatchObject({ status: 429, contentType: 'application/json' })
  })
})
