import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { sentBody, translate } from '../../testing/exchange.ts'

const hello = [{ role: 'user', content: 'Hello' }]
const tool = (name: string) => ({ type: 'function', function: { name, parameters: { type: 'object' } } })
const request = (body: JsonObject, model = 'command-a-03-2025') =>
  translate({ from: 'openai-chat', to: 'cohere-chat', body: { messages: hello, ...body }, model })
const sent = (body: JsonObject, model?: string) => sentBody(request(body, model))

describe('a chat request for Cohere', () => {
  it('calls settings as the vendor does and keeps them inside its ranges', () => {
    const given = {
      max_tokens: 9,
      temperature: 0.5,
      top_p: 1,
      top_k: 900,
      stop: ['x'],
      seed: 7,
      frequency_penalty: 0.5,
    }
    expect(sent(given)).toEqual({
      model: 'command-a-03-2025',
      messages: hello,
      max_tokens: 9,
      temperature: 0.5,
      p: 0.99,
      k: 500,
      seed: 7,
      frequency_penalty: 0.5,
      stop_sequences: ['x'],
      stream: false,
    })
  })

  it('says what it leaves out: penalties below zero, log probabilities, too many stops, parallel calls forbidden', () => {
    const given = { frequency_penalty: -1, logprobs: true, stop: ['1', '2', '3', '4', '5', '6'], tools: [tool('a')] }
    const translation = request({ ...given, parallel_tool_calls: false })
    expect(translation.dropped).toEqual(['frequency_penalty', 'logprobs', 'stop', 'parallel_tool_calls'])
    expect(sentBody(translation).stop_sequences).toHaveLength(5)
  })

  it('demands one certain tool by offering it alone', () => {
    const tools = [tool('a'), tool('b')]
    const body = sent({ tools, tool_choice: { type: 'function', function: { name: 'b' } } })
    expect(body.tools).toEqual([tool('b')])
    expect(body.tool_choice).toBe('REQUIRED')
    expect(sent({ tools, tool_choice: 'none' }).tool_choice).toBe('NONE')
    expect(sent({ tools, tool_choice: 'auto' })).not.toHaveProperty('tool_choice')
  })

  it('puts what was thought before a call into the plan, and results of calls into messages of their own', () => {
    const calls = [{ id: 'c1', type: 'function', function: { name: 'a', arguments: '' } }]
    const messages = [
      { role: 'system', content: 'Be brief' },
      ...hello,
      { role: 'assistant', content: null, reasoning_content: 'I will ask.', tool_calls: calls },
      { role: 'tool', tool_call_id: 'c1', content: '5' },
    ]
    expect(sent({ messages, tools: [tool('a')] }).messages).toEqual([
      { role: 'system', content: 'Be brief' },
      ...hello,
      {
        role: 'assistant',
        tool_plan: 'I will ask.',
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'a', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: '5' },
    ])
  })

  it('leaves out past reasoning that led to no call, as a hint only', () => {
    const messages = [...hello, { role: 'assistant', content: 'Hi', reasoning_content: 'hm' }, ...hello]
    const body = { messages }
    const strict = translate({ from: 'openai-chat', to: 'cohere-chat', body, isStrict: true })
    expect(strict.dropped).toEqual(['reasoning_content'])
    expect(sentBody(strict).messages).toEqual([...hello, { role: 'assistant', content: 'Hi' }, ...hello])
  })

  it('sends images as addresses or data and files as their text', () => {
    const data = Buffer.from('a,b').toString('base64')
    const content = [
      { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
      { type: 'file', file: { filename: 'a.csv', file_data: `data:text/csv;base64,${data}` } },
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' } },
    ]
    const translation = request({ messages: [{ role: 'user', content }] })
    expect(sentBody(translation).messages).toEqual([
      { role: 'user', content: [content[0], content[1], { type: 'text', text: 'a.csv\na,b' }] },
    ])
    expect(translation.dropped).toEqual(['file'])
  })

  it('asks only reasoning models to think', () => {
    expect(sent({ reasoning_effort: 'low' }, 'command-a-reasoning-08-2025').thinking).toEqual({
      type: 'enabled',
      token_budget: 2048,
    })
    expect(sent({ reasoning_effort: 'none' }, 'command-a-reasoning-08-2025').thinking).toEqual({ type: 'disabled' })
    expect(request({ reasoning_effort: 'low' }).dropped).toEqual(['reasoning_effort'])
  })

  it('demands JSON, but not together with tools, which the vendor refuses', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } }
    const response_format = { type: 'json_schema', json_schema: { name: 'x', schema } }
    expect(sent({ response_format }).response_format).toEqual({ type: 'json_object', json_schema: schema })
    const crowded = request({ response_format, tools: [tool('a')] })
    expect(crowded.dropped).toEqual(['response_format'])
    expect(sentBody(crowded)).not.toHaveProperty('response_format')
  })

  it('is refused when no message says anything', () => {
    expect(() => request({ messages: [] })).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })
})
