import { describe, expect, it } from 'vitest'
import {
  block,
  eventsIn,
  frames,
  messageEnd,
  messageStart,
  pump,
  sentBody,
  textOf,
  translate,
} from '../../testing/exchange.ts'

const MESSAGES = [{ role: 'user', content: 'Hello' }]
const MODEL = 'publishers/anthropic/models/claude-sonnet-4-5@20250929'
const passed = translate({
  from: 'anthropic-messages',
  to: 'vertex-raw-predict',
  model: MODEL,
  body: { max_tokens: 100, messages: MESSAGES, stream: true },
})
const EVENTS = [
  messageStart,
  ...block(0, { type: 'text', text: '' }, [{ type: 'text_delta', text: 'Hi' }]),
  ...messageEnd('end_turn'),
]

describe('rawPredict', () => {
  it('gets the request of a client of Messages as it is, with the version in place of the model', () => {
    expect(sentBody(passed)).toEqual({
      anthropic_version: 'vertex-2023-10-16',
      max_tokens: 100,
      messages: MESSAGES,
      stream: true,
    })
  })

  it('gets that of another client translated, with what this model can do', () => {
    const body = { messages: MESSAGES, stream: true, reasoning_effort: 'low', max_tokens: 5000 }
    const sent = sentBody(translate({ from: 'openai-chat', to: 'vertex-raw-predict', model: MODEL, body }))
    expect(sent).toMatchObject({ anthropic_version: 'vertex-2023-10-16', stream: true, thinking: { type: 'enabled' } })
    expect(sent).not.toHaveProperty('model')
  })

  it('streams to that client byte for byte, and to others translated', () => {
    const text = frames(EVENTS)
    expect(pump(passed.stream(), text)).toBe(text)
    const other = translate({
      from: 'openai-chat',
      to: 'vertex-raw-predict',
      body: { messages: MESSAGES, stream: true },
    })
    expect(JSON.stringify(eventsIn(pump(other.stream(), text)))).toContain('"content":"Hi"')
  })

  it('refuses in the words of Messages, whoever of the two refused', () => {
    const google = [{ error: { code: 429, message: 'Quota exceeded', status: 'RESOURCE_EXHAUSTED' } }]
    const { answer } = passed.response(429, ['content-type', 'application/json'], Buffer.from(JSON.stringify(google)))
    expect(answer.status).toBe(429)
    expect(JSON.parse(textOf(answer.body))).toMatchObject({
      type: 'error',
      error: { type: 'rate_limit_error', message: 'Quota exceeded' },
    })
  })
})
