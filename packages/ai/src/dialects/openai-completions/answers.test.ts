import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { answered, chunks, eventsIn, pump, textOf, translate } from '../../testing/exchange.ts'

const ID = 'openai-completions'
const completion = (from: string, to: string, body: JsonObject = {}) =>
  translate({
    from,
    to,
    body: { ...(from === ID ? { prompt: 'x' } : { messages: [{ role: 'user', content: 'x' }] }), ...body },
  })

const USAGE = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }
const textChunk = (text: string, finish: string | null = null): JsonObject => ({
  id: 'cmpl-1',
  object: 'text_completion',
  created: 1,
  model: 'm',
  choices: [{ text, index: 0, logprobs: null, finish_reason: finish }],
})
const streamOf = (events: readonly (JsonObject | string)[]): string =>
  events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('')

describe('an answer for a client of Completions', () => {
  const chat = (message: JsonObject, finish: string): JsonObject => ({
    choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finish }],
    usage: USAGE,
  })

  it('is a text_completion with the model that the client named', () => {
    const translation = completion(ID, 'openai-chat')
    expect(answered(translation, chat({ content: 'Hello', reasoning_content: 'hm' }, 'stop'))).toEqual({
      id: 'cmpl-request1',
      object: 'text_completion',
      created: expect.any(Number),
      model: 'public',
      choices: [{ text: 'Hello', index: 0, logprobs: null, finish_reason: 'stop' }],
      usage: expect.objectContaining(USAGE),
    })
  })

  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'content_filter'],
    ['tool_calls', 'stop'],
  ])('ends for %s with %s', (given, expected) => {
    const { choices } = answered(completion(ID, 'openai-chat'), chat({ content: 'Hi' }, given))
    expect(choices).toEqual([expect.objectContaining({ finish_reason: expected })])
  })

  it('streams text and ends with [DONE], with usage only when asked for', () => {
    const deltas = [
      { role: 'assistant', content: '' },
      { reasoning_content: 'hm' },
      { content: 'Hel' },
      { content: 'lo' },
    ]
    const open = (body: JsonObject) => completion(ID, 'openai-chat', { stream: true, ...body }).stream()
    const plain = eventsIn(pump(open({}), chunks(deltas, 'length')))
    const head = { id: 'cmpl-request1', object: 'text_completion', created: expect.any(Number), model: 'public' }
    const choice = (text: string, finish: string | null) => ({ text, index: 0, logprobs: null, finish_reason: finish })
    const expected = [choice('Hel', null), choice('lo', null), choice('', 'length')]
    expect(plain).toEqual([...expected.map((one) => ({ ...head, choices: [one] })), '[DONE]'])
    const asked = eventsIn(pump(open({ stream_options: { include_usage: true } }), chunks(deltas)))
    expect(asked.at(-2)).toEqual({ ...head, choices: [], usage: expect.objectContaining(USAGE) })
  })

  it('has the errors of OpenAI', () => {
    const translation = completion(ID, 'anthropic-messages', { max_tokens: 5 })
    const error = { type: 'error', error: { type: 'rate_limit_error', message: 'Slow down' } }
    expect(answered(translation, error, 429)).toMatchObject({
      error: { message: 'Slow down', type: 'rate_limit_error' },
    })
  })
})

describe('an answer of a vendor of Completions', () => {
  const answer = { ...textChunk('Hello', 'length'), usage: USAGE }

  it('becomes the answer of any other dialect', () => {
    expect(answered(completion('openai-chat', ID), answer)).toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { role: 'assistant', content: 'Hello' }, finish_reason: 'length' }],
      usage: USAGE,
    })
    expect(answered(completion('anthropic-messages', ID, { max_tokens: 5 }), answer)).toMatchObject({
      content: [{ type: 'text', text: 'Hello' }],
      stop_reason: 'max_tokens',
      usage: { input_tokens: 10, output_tokens: 5 },
    })
  })

  it('is an error when it holds one, or no choices', () => {
    const { response } = completion('openai-chat', ID)
    const codeOf = (body: JsonObject) => response(200, [], Buffer.from(JSON.stringify(body))).facts.error?.code
    expect(codeOf({ error: { message: 'Overloaded' } })).toBe('upstream_error')
    expect(codeOf({ object: 'text_completion' })).toBe('upstream_invalid')
  })

  it('streams into another dialect, with usage from after the finish reason and with or without [DONE]', () => {
    for (const end of [['[DONE]'], []]) {
      const stream = completion('openai-chat', ID, { stream: true, stream_options: { include_usage: true } }).stream()
      const usage = { ...textChunk(''), choices: [], usage: USAGE }
      const out = pump(stream, streamOf([textChunk('Hel'), textChunk('lo', 'stop'), usage, ...end]))
      expect(out).toContain('"content":"Hel"')
      expect(eventsIn(out).at(-1)).toBe('[DONE]')
      expect(stream.facts).toMatchObject({
        isComplete: true,
        hasContent: true,
        finishReason: 'stop',
        usage: { inputTokens: 10, outputTokens: 5 },
      })
    }
  })

  it('is truncated when it breaks off before its finish reason', () => {
    const stream = completion('openai-chat', ID, { stream: true }).stream()
    const out = pump(stream, streamOf([textChunk('Hel')]))
    expect(out).not.toContain('[DONE]')
    expect(eventsIn(out).at(-1)).toMatchObject({ error: { code: 'upstream_truncated' } })
    expect(stream.facts.isComplete).toBe(false)
  })

  it('passes to a client of its own dialect as it is, with its facts, without the usage nobody asked for', () => {
    const body = JSON.stringify(answer)
    const translation = completion(ID, ID, { stream: true })
    const given = translation.response(200, ['content-type', 'application/json'], Buffer.from(body))
    expect(textOf(given.answer.body)).toBe(body)
    expect(given.facts).toMatchObject({ finishReason: 'length', hasContent: true, usage: { inputTokens: 10 } })
    const stream = translation.stream()
    const text = [textChunk('Hel'), textChunk('lo', 'stop')]
    const usage = { ...textChunk(''), choices: [], usage: USAGE }
    expect(pump(stream, streamOf([...text, usage, '[DONE]']))).toBe(streamOf([...text, '[DONE]']))
    expect(stream.facts).toMatchObject({ isComplete: true, hasContent: true, usage: { outputTokens: 5 } })
  })
})
