import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { markSeal } from '../../canonical/seal.ts'
import { sentBody, translate } from '../../testing/exchange.ts'

const fromChat = (body: JsonObject, model = 'gpt-4o') =>
  translate({ from: 'openai-chat', to: 'openai-responses', body, model })
const fromMessages = (body: JsonObject, model = 'gpt-5') =>
  translate({ from: 'anthropic-messages', to: 'openai-responses', body: { max_tokens: 100, ...body }, model })
const hello = [{ role: 'user', content: 'Hello' }]

describe('a request to a Responses vendor', () => {
  it('holds the whole conversation as items, and has nothing stored', () => {
    const body = sentBody(
      fromChat({
        messages: [
          { role: 'system', content: 'Be brief' },
          { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }] },
          {
            role: 'assistant',
            content: 'Looking',
            tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '' } }],
          },
          { role: 'tool', tool_call_id: 'c1', content: 'found' },
          { role: 'system', content: 'In French' },
        ],
      }),
    )
    expect(body).toEqual({
      model: 'gpt-4o',
      instructions: 'Be brief',
      input: [
        {
          type: 'message',
          role: 'user',
          content: [{ type: 'input_image', image_url: 'https://example.com/a.png', detail: 'auto' }],
        },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Looking' }] },
        { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c1', output: 'found' },
        { type: 'message', role: 'system', content: [{ type: 'input_text', text: 'In French' }] },
      ],
      store: false,
    })
  })

  it('says that a tool is not strict, since this dialect takes strictness for granted', () => {
    const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }]
    const choice = { type: 'function', function: { name: 'f' } }
    expect(sentBody(fromChat({ messages: hello, tools, tool_choice: choice }))).toMatchObject({
      tools: [{ type: 'function', name: 'f', parameters: { type: 'object' }, strict: false }],
      tool_choice: { type: 'function', name: 'f' },
    })
  })

  it('asks reasoning models for reasoning that can be sent back, and no others', () => {
    const thinking = { type: 'enabled', budget_tokens: 2048 }
    const asked = fromMessages({ messages: hello, thinking, temperature: 1 })
    expect(sentBody(asked)).toMatchObject({ reasoning: { effort: 'low' }, include: ['reasoning.encrypted_content'] })
    expect(asked.dropped).toEqual([])
    const plain = fromMessages({ messages: hello, thinking }, 'gpt-4o')
    expect(sentBody(plain)).not.toHaveProperty('include')
    expect(sentBody(plain)).not.toHaveProperty('reasoning')
    expect(plain.dropped).toEqual(['thinking'])
  })

  it('leaves out stop sequences and sampling that it has no field for, and says so', () => {
    const chat = fromChat({ messages: hello, stop: ['x'], temperature: 0.2, seed: 7 }, 'o3')
    expect(sentBody(chat)).not.toHaveProperty('stop')
    expect(sentBody(chat)).not.toHaveProperty('temperature')
    expect([...chat.dropped].sort()).toEqual(['seed', 'stop', 'temperature'])
  })

  it('sends reasoning back to whom it belongs, and nobody else his', () => {
    const thinking = (signature: string): JsonObject => ({ type: 'thinking', thinking: 'Hm', signature })
    const blocks = [
      thinking(markSeal('openai-responses', 'own')),
      { type: 'redacted_thinking', data: markSeal('openai-responses', 'own too') },
      thinking('of another vendor'),
      thinking(''),
      { type: 'text', text: 'So' },
    ]
    const translation = fromMessages({ messages: [...hello, { role: 'assistant', content: blocks }, ...hello] })
    expect(sentBody(translation).input).toMatchObject([
      { role: 'user' },
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm' }], encrypted_content: 'own' },
      { type: 'reasoning', summary: [], encrypted_content: 'own too' },
      { role: 'assistant', content: [{ type: 'output_text', text: 'So' }] },
      { role: 'user' },
    ])
    expect(translation.dropped).toEqual(['thinking_signature', 'reasoning_content'])
  })

  it('gives images of a tool result to the call that they belong to', () => {
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }
    const result = { type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text: 'Here' }, image] }
    const used = { type: 'tool_use', id: 't1', name: 'f', input: {} }
    const messages = [...hello, { role: 'assistant', content: [used] }, { role: 'user', content: [result] }]
    expect(sentBody(fromMessages({ messages })).input).toContainEqual({
      type: 'function_call_output',
      call_id: 't1',
      output: [
        { type: 'input_text', text: 'Here' },
        { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'auto' },
      ],
    })
  })

  it('demands a form of the answer in its own words', () => {
    const format = { type: 'json_schema', json_schema: { name: 'answer', schema: { type: 'object' }, strict: true } }
    expect(sentBody(fromChat({ messages: hello, response_format: format })).text).toEqual({
      format: { type: 'json_schema', name: 'answer', schema: { type: 'object' }, strict: true },
    })
  })
})
