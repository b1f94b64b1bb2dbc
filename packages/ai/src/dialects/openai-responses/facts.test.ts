import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { answered, eventsIn, frames, openStream, pump, textOf, translate } from '../../testing/exchange.ts'

const same = () => openStream('openai-responses', 'openai-responses', { input: 'Hi' })
const response = (more: JsonObject): JsonObject => ({
  id: 'resp_1',
  object: 'response',
  status: 'completed',
  output: [],
  ...more,
})
const usage = { input_tokens: 9, input_tokens_details: { cached_tokens: 4 }, output_tokens: 5, total_tokens: 14 }
const message = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hello' }] }
const call = { type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' }

const start: readonly JsonObject[] = [
  { type: 'response.created', response: response({ status: 'in_progress' }) },
  { type: 'response.output_item.added', output_index: 0, item: { type: 'message', content: [] } },
]
const delta: JsonObject = { type: 'response.output_text.delta', output_index: 0, delta: 'Hello' }
const end = (more: JsonObject = {}): JsonObject => ({
  type: 'response.completed',
  response: response({ usage, ...more }),
})

describe('a stream of responses that passes', () => {
  it('has no content before the first delta, and is complete only with its terminator', () => {
    const stream = same()
    stream.write(Buffer.from(frames(start)))
    expect(stream.facts).toMatchObject({ hasContent: false, isComplete: false })
    stream.write(Buffer.from(frames([delta])))
    expect(stream.facts).toMatchObject({ hasContent: true, isComplete: false })
    stream.write(Buffer.from(frames([end()])))
    expect(stream.facts).toMatchObject({
      isComplete: true,
      finishReason: 'stop',
      usage: { inputTokens: 9, cachedInputTokens: 4, outputTokens: 5 },
      error: null,
    })
  })

  it('knows its events by the data where they have no names', () => {
    const stream = same()
    const text = [...start, delta, end()].map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')
    expect(pump(stream, `${text}data: [DONE]\n\n`)).toBe(`${text}data: [DONE]\n\n`)
    expect(stream.facts).toMatchObject({ hasContent: true, isComplete: true })
  })

  it('ended with calls when it held some, even if the last event repeats no items', () => {
    const stream = same()
    pump(stream, frames([...start, { type: 'response.output_item.added', output_index: 1, item: call }, end()]))
    expect(stream.facts.finishReason).toBe('tool_calls')
  })

  it('ended for its limit when it is incomplete', () => {
    const stream = same()
    const cut = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }
    pump(stream, frames([...start, delta, { type: 'response.incomplete', response: response(cut) }]))
    expect(stream.facts).toMatchObject({ finishReason: 'length', isComplete: true })
  })

  it('is truncated without its terminator: an error event follows', () => {
    const stream = same()
    const text = frames([...start, delta])
    const passed = pump(stream, text)
    expect(passed.startsWith(text)).toBe(true)
    expect(eventsIn(passed).at(-1)).toMatchObject({
      type: 'error',
      code: 'upstream_truncated',
      error: expect.any(Object),
    })
    expect(stream.facts.isComplete).toBe(false)
  })

  it('passes the error and the failed response after it, secrets masked, and adds nothing', () => {
    const stream = same()
    const error = { type: 'error', error: { code: 'server_error', message: 'key sk-proj-abcdef123456 is bad' } }
    const failed = { type: 'response.failed', response: response({ status: 'failed', error: error.error, usage }) }
    const passed = pump(stream, frames([...start, error, failed]))
    expect(eventsIn(passed)).toHaveLength(4)
    expect(passed).not.toContain('sk-proj')
    expect(stream.facts).toMatchObject({
      isComplete: false,
      error: { code: 'upstream_error', detail: 'key *** is bad' },
      usage: { inputTokens: 9 },
    })
  })

  it('adds nothing to an error that ends the stream', () => {
    const text = frames([...start, { type: 'error', code: 'server_error', message: 'Sorry', param: null }])
    expect(pump(same(), text)).toBe(text)
  })
})

describe('a whole response that passes', () => {
  const facts = (body: JsonObject) =>
    translate({ from: 'openai-responses', to: 'openai-responses', body: { input: 'Hi' } }).response(
      200,
      ['content-type', 'application/json'],
      Buffer.from(JSON.stringify(body)),
    ).facts

  it.each([
    [{ output: [message] }, 'stop'],
    [{ output: [message, call] }, 'tool_calls'],
    [{ output: [{ type: 'message', content: [{ type: 'refusal', refusal: 'No' }] }] }, 'refusal'],
    [{ output: [message], status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }, 'length'],
  ])('tells how it ended: %j', (more, finishReason) => {
    expect(facts(response({ usage, ...more }))).toMatchObject({
      finishReason,
      isComplete: true,
      hasContent: true,
      usage: { inputTokens: 9 },
    })
  })

  it('is not complete while it is queued', () => {
    expect(facts(response({ status: 'queued' }))).toMatchObject({ isComplete: false, finishReason: null, error: null })
  })

  it('names the error when it failed', () => {
    const error = { code: 'server_error', message: 'Sorry' }
    expect(facts(response({ status: 'failed', error }))).toMatchObject({
      isComplete: false,
      error: { detail: 'Sorry' },
    })
  })
})

describe('a whole response for a client of another dialect', () => {
  const toChat = (body: JsonObject) =>
    translate({
      from: 'openai-chat',
      to: 'openai-responses',
      body: { messages: [{ role: 'user', content: 'Hi' }] },
    }).response(200, [], Buffer.from(JSON.stringify(body)))

  it('gives its text and calls, and leaves out what only the vendor can act on', () => {
    const search = { type: 'web_search_call', id: 'ws_1', status: 'completed' }
    const { answer } = toChat(response({ usage, output: [search, message, call] }))
    expect(JSON.parse(textOf(answer.body)).choices).toMatchObject([
      {
        finish_reason: 'tool_calls',
        message: { content: 'Hello', tool_calls: [{ id: 'a', function: { name: 'f' } }] },
      },
    ])
  })

  it.each([
    [{ choices: [] }, 502, 'upstream_invalid'],
    [response({ status: 'in_progress' }), 502, 'upstream_invalid'],
    [
      response({ status: 'failed', error: { code: 'rate_limit_exceeded', message: 'Slow down' } }),
      429,
      'upstream_error',
    ],
  ])('is an error when there is no answer in it: %j', (body, status, code) => {
    const { answer, facts } = toChat(body)
    expect(answer.status).toBe(status)
    expect(facts).toMatchObject({ isComplete: false, error: { code } })
  })

  it('is written with a message for neighbouring texts, and an item for everything else', () => {
    const translation = translate({ from: 'openai-responses', to: 'anthropic-messages', body: { input: 'Hi' } })
    const content = [
      { type: 'thinking', thinking: 'Hm', signature: 'sig' },
      { type: 'text', text: 'One' },
      { type: 'text', text: 'Two' },
      { type: 'tool_use', id: 't1', name: 'f', input: {} },
    ]
    const body = {
      type: 'message',
      role: 'assistant',
      content,
      stop_reason: 'tool_use',
      usage: { input_tokens: 1, output_tokens: 2 },
    }
    expect(answered(translation, body)).toMatchObject({
      id: 'resp_request1',
      status: 'completed',
      model: 'public',
      output: [
        { type: 'reasoning', summary: [{ text: 'Hm' }] },
        { type: 'message', content: [{ text: 'One' }, { text: 'Two' }] },
        { type: 'function_call', call_id: 't1', name: 'f', arguments: '{}' },
      ],
    })
  })
})
