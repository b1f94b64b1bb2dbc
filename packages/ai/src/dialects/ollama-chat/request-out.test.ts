import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { sentBody, textOf, translate } from '../../testing/exchange.ts'

const hello = [{ role: 'user', content: 'Hello' }]
const tool = (name: string) => ({ type: 'function', function: { name, parameters: { type: 'object' } } })
const request = (body: JsonObject, model = 'qwen3:4b') =>
  translate({ from: 'openai-chat', to: 'ollama-chat', body: { messages: hello, ...body }, model })
const sent = (body: JsonObject, model?: string) => sentBody(request(body, model))

describe('a chat request for Ollama', () => {
  it('always says whether a stream is wanted, because streams are the default', () => {
    expect(sent({})).toEqual({ model: 'qwen3:4b', messages: hello, stream: false })
    expect(sent({ stream: true }).stream).toBe(true)
  })

  it('puts settings among the options, those included that only some dialects have', () => {
    const given = { max_tokens: 9, temperature: 0.5, top_p: 0.9, top_k: 3, stop: 'x', seed: 7, presence_penalty: 1 }
    expect(sent(given).options).toEqual({
      num_predict: 9,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 3,
      stop: ['x'],
      seed: 7,
      presence_penalty: 1,
    })
  })

  it('turns arguments into objects, and results name the tool that was called', () => {
    const call = (id: string, name: string, text: string) => ({
      id,
      type: 'function',
      function: { name, arguments: text },
    })
    const messages = [
      ...hello,
      {
        role: 'assistant',
        content: '',
        reasoning_content: 'hm',
        tool_calls: [call('c1', 'a', '{"n":9007199254740993}'), call('c2', 'b', '{"broken')],
      },
      { role: 'tool', tool_call_id: 'c1', content: '5' },
      { role: 'tool', tool_call_id: 'c2', content: '6' },
    ]
    const translation = request({ messages, tools: [tool('a'), tool('b')] })
    expect(textOf(translation.body)).toContain('"n":9007199254740993')
    expect((sentBody(translation).messages as JsonObject[]).slice(1)).toMatchObject([
      {
        role: 'assistant',
        content: '',
        thinking: 'hm',
        tool_calls: [
          { id: 'c1', function: { name: 'a' } },
          { id: 'c2', function: { name: 'b', arguments: { raw_arguments: '{"broken' } } },
        ],
      },
      { role: 'tool', tool_name: 'a', tool_call_id: 'c1', content: '5' },
      { role: 'tool', tool_name: 'b', tool_call_id: 'c2', content: '6' },
    ])
  })

  it('shows images that are at hand and says which it could not show', () => {
    const content = [
      { type: 'text', text: 'Look' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
      { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
    ]
    const translation = request({ messages: [{ role: 'user', content }] })
    expect(sentBody(translation).messages).toEqual([{ role: 'user', content: 'Look', images: ['AAAA'] }])
    expect(translation.dropped).toEqual(['image'])
  })

  it('offers no tools where none may be used, and says that none can be demanded', () => {
    expect(sent({ tools: [tool('a')], tool_choice: 'none' })).not.toHaveProperty('tools')
    const demanding = request({ tools: [tool('a')], tool_choice: 'required' })
    expect(sentBody(demanding).tools).toEqual([tool('a')])
    expect(demanding.dropped).toEqual(['tool_choice'])
  })

  it.each([
    ['qwen3:4b', 'high', true],
    ['qwen3:4b', 'none', false],
    ['gpt-oss:20b', 'minimal', 'low'],
    ['gpt-oss:20b', 'medium', 'medium'],
    ['gpt-oss:20b', 'xhigh', 'high'],
  ])('lets %s think at effort %s: %s', (model, reasoning_effort, think) => {
    expect(sent({ reasoning_effort }, model).think).toBe(think)
  })

  it('demands JSON, with a schema or without', () => {
    const schema = { type: 'object' }
    expect(sent({ response_format: { type: 'json_object' } }).format).toBe('json')
    expect(sent({ response_format: { type: 'json_schema', json_schema: { name: 'x', schema } } }).format).toEqual(
      schema,
    )
  })
})
