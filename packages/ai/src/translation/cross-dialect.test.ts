import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { answered, textOf, translate } from '../testing/exchange.ts'

const messages = [{ role: 'user', content: 'Hello' }]
const fromChat = translate({ from: 'openai-chat', to: 'anthropic-messages', body: { messages } })
const fromMessages = translate({ from: 'anthropic-messages', to: 'openai-chat', body: { messages, max_tokens: 5 } })
const usage = {
  input_tokens: 10,
  cache_read_input_tokens: 4,
  cache_creation_input_tokens: 3,
  cache_creation: { ephemeral_1h_input_tokens: 1 },
  output_tokens: 2,
}
const message = (content: JsonObject[], stop_reason = 'end_turn'): JsonObject => ({
  type: 'message',
  content,
  stop_reason,
  usage,
})
const completion = (body: JsonObject, finish_reason = 'stop'): JsonObject => ({
  choices: [{ index: 0, message: { role: 'assistant', ...body }, finish_reason }],
  usage: { prompt_tokens: 10, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 4 } },
})

describe('a message for a chat client', () => {
  it('carries text, calls, thinking, usage and made-up ids', () => {
    const body = message(
      [
        { type: 'thinking', thinking: 'hm', signature: 's' },
        { type: 'text', text: 'Hi', citations: [{ type: 'char_location' }] },
        { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
        { type: 'tool_use', id: 't', name: 'f', input: { a: 1 } },
        { type: 'tool_use', id: 'u', name: 'g', input: {} },
      ],
      'tool_use',
    )
    expect(answered(fromChat, body)).toMatchObject({
      id: 'chatcmpl-request1',
      object: 'chat.completion',
      model: 'public',
      choices: [
        {
          index: 0,
          finish_reason: 'tool_calls',
          message: {
            role: 'assistant',
            content: 'Hi',
            reasoning_content: 'hm',
            thinking_blocks: [{ type: 'thinking', thinking: 'hm', signature: 's' }],
            tool_calls: [
              { id: 't', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
              { id: 'u', type: 'function', function: { name: 'g', arguments: '{}' } },
            ],
          },
        },
      ],
      usage: {
        prompt_tokens: 17,
        completion_tokens: 2,
        total_tokens: 19,
        prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 3 },
      },
    })
  })

  it('keeps integers over 2^53 in arguments digit by digit', () => {
    const text =
      '{"content":[{"type":"tool_use","id":"t","name":"f","input":{"id":9007199254740993}}],"stop_reason":"tool_use"}'
    const { answer } = fromChat.response(200, [], Buffer.from(text))
    expect(textOf(answer.body)).toContain('{\\"id\\":9007199254740993}')
  })

  it('tells cache writes apart by lifetime for the ledger', () => {
    const { facts } = fromChat.response(200, [], Buffer.from(JSON.stringify(message([{ type: 'text', text: 'x' }]))))
    expect(facts.usage).toEqual({
      inputTokens: 17,
      outputTokens: 2,
      cachedInputTokens: 4,
      cacheWriteTokens: 2,
      cacheWriteLongTokens: 1,
      reasoningTokens: 0,
    })
  })

  it('is a typed refusal when the model refused and gave nothing', () => {
    const [choice] = answered(fromChat, message([], 'refusal')).choices as { message: object; finish_reason: string }[]
    expect(choice).toMatchObject({
      message: { content: null, refusal: 'The model refused to answer.' },
      finish_reason: 'content_filter',
    })
  })
})

describe('a completion for a messages client', () => {
  it('carries text, calls, reasoning and usage without the cache in the input', () => {
    const body = completion(
      {
        reasoning_content: 'hm',
        content: 'Hi',
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
          { id: 'c2', type: 'function', function: { name: 'g', arguments: '' } },
        ],
      },
      'tool_calls',
    )
    expect(answered(fromMessages, body)).toEqual({
      id: 'msg_request1',
      type: 'message',
      role: 'assistant',
      model: 'public',
      content: [
        { type: 'thinking', thinking: 'hm', signature: '' },
        { type: 'text', text: 'Hi' },
        { type: 'tool_use', id: 'c1', name: 'f', input: { a: 1 } },
        { type: 'tool_use', id: 'c2', name: 'g', input: {} },
      ],
      stop_reason: 'tool_use',
      stop_sequence: null,
      usage: { input_tokens: 6, cache_creation_input_tokens: 0, cache_read_input_tokens: 4, output_tokens: 2 },
    })
  })

  it('lets arguments that are no JSON survive', () => {
    const calls = [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{"a":' } }]
    expect(answered(fromMessages, completion({ tool_calls: calls }, 'length'))).toMatchObject({
      content: [{ input: { raw_arguments: '{"a":' } }],
      stop_reason: 'max_tokens',
    })
  })

  it('is a typed refusal when a filter blocked the prompt', () => {
    expect(answered(fromMessages, completion({ content: null }, 'content_filter'))).toMatchObject({
      content: [],
      stop_reason: 'refusal',
    })
    expect(answered(fromMessages, completion({ content: null, refusal: 'No.' }))).toMatchObject({
      content: [{ type: 'text', text: 'No.' }],
      stop_reason: 'refusal',
    })
  })

  it('counts reasoning into the output where a vendor counts it beside', () => {
    const body = {
      choices: [{ message: { content: 'x' }, finish_reason: 'stop' }],
      usage: {
        prompt_tokens: 10,
        completion_tokens: 2,
        total_tokens: 19,
        completion_tokens_details: { reasoning_tokens: 7 },
      },
    }
    const { facts } = fromMessages.response(200, [], Buffer.from(JSON.stringify(body)))
    expect(facts.usage).toMatchObject({ outputTokens: 9, reasoningTokens: 7 })
  })
})

describe('an error of a vendor for a client of the other dialect', () => {
  it.each([
    [400, 'invalid_request_error', 400, 'invalid_request_error', 'upstream_error'],
    [401, 'authentication_error', 401, 'authentication_error', 'upstream_error'],
    [404, 'not_found_error', 404, 'invalid_request_error', 'model_not_found'],
    [413, 'request_too_large', 413, 'invalid_request_error', 'upstream_error'],
    [429, 'rate_limit_error', 429, 'rate_limit_error', 'rate_limit_exceeded'],
    [500, 'api_error', 500, 'server_error', 'upstream_error'],
    [529, 'overloaded_error', 503, 'server_error', 'overloaded'],
  ])('maps %i %s of a messages vendor', (status, type, clientStatus, clientType, code) => {
    const { answer, facts } = fromChat.response(
      status,
      [],
      Buffer.from(JSON.stringify({ type: 'error', error: { type, message: 'Said so' } })),
    )
    expect(answer.status).toBe(clientStatus)
    expect(JSON.parse(textOf(answer.body))).toEqual({
      error: { message: 'Said so', type: clientType, param: null, code },
    })
    expect(facts.error).toMatchObject({ code: 'upstream_error', status })
  })

  it.each([
    [400, 400, 'invalid_request_error'],
    [402, 402, 'billing_error'],
    [403, 403, 'permission_error'],
    [422, 422, 'invalid_request_error'],
    [429, 429, 'rate_limit_error'],
    [500, 500, 'api_error'],
    [503, 529, 'overloaded_error'],
    [504, 504, 'timeout_error'],
  ])('maps %i of a chat vendor', (status, clientStatus, type) => {
    const body = JSON.stringify({ error: { message: 'Said so', type: 'x', code: 'y' } })
    const { answer } = fromMessages.response(status, [], Buffer.from(body))
    expect(answer.status).toBe(clientStatus)
    expect(JSON.parse(textOf(answer.body))).toEqual({
      type: 'error',
      error: { type, message: 'Said so' },
      request_id: 'request1',
    })
  })

  it.each([
    '',
    '<html>502 Bad Gateway</html>',
    '{"error":"plain text"}',
    '{"message":"flat"}',
    '[{"error":{"message":"in a list"}}]',
    '3',
  ])('reads the body %j without falling over', (body) => {
    const { answer } = fromMessages.response(502, [], Buffer.from(body))
    const { error } = JSON.parse(textOf(answer.body))
    expect(error.type).toBe('api_error')
    expect(['The upstream answered with an error.', 'plain text', 'flat', 'in a list']).toContain(error.message)
  })

  it('never repeats a key or an inner address', () => {
    const text = 'Key sk-ant-api03-abcdefgh1234 refused by http://vllm.internal:8000/v1 (10.0.0.9:443)'
    const { answer, facts } = fromChat.response(401, [], Buffer.from(JSON.stringify({ error: { message: text } })))
    for (const said of [textOf(answer.body), facts.error?.reason, facts.error?.detail]) {
      expect(said).not.toMatch(/abcdefgh1234|vllm\.internal|10\.0\.0\.9/)
    }
  })

  it('leaves public links alone', () => {
    const text = 'See https://platform.openai.com/docs for details'
    const { answer } = fromMessages.response(400, [], Buffer.from(JSON.stringify({ error: { message: text } })))
    expect(textOf(answer.body)).toContain(text)
  })

  it.each(['hello', '{}', '{"choices":[]}', 'null'])('calls the 200 answer %j invalid', (body) => {
    const { answer, facts } = fromMessages.response(200, [], Buffer.from(body))
    expect(answer.status).toBe(502)
    expect(facts.error?.code).toBe('upstream_invalid')
  })

  it('gives an error inside of a 200 answer its own status', () => {
    const { answer, facts } = fromMessages.response(
      200,
      [],
      Buffer.from('{"error":{"message":"Slow down","code":429}}'),
    )
    expect(answer.status).toBe(429)
    expect(facts.error).toMatchObject({ code: 'upstream_error', status: 429 })
  })
})
