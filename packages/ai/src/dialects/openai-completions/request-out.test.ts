import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { sentBody, translate } from '../../testing/exchange.ts'

const send = (body: JsonObject, isStrict = false) =>
  translate({ from: 'openai-chat', to: 'openai-completions', body, model: 'instruct', isStrict })
const user = (content: string | JsonObject[]): JsonObject => ({ role: 'user', content })

describe('a chat request for a vendor of Completions', () => {
  it('is the text of its one message, with its settings', () => {
    const settings = {
      max_tokens: 5,
      temperature: 0,
      top_p: 0.5,
      stop: ['a'],
      user: 'u',
      seed: 7,
      logit_bias: { '1': 2 },
    }
    const translation = send({ messages: [user('Say hi')], ...settings }, true)
    expect(sentBody(translation)).toEqual({ model: 'instruct', prompt: 'Say hi', ...settings })
    expect(translation.dropped).toEqual([])
  })

  it('has a limit of its own where the client set none, because vendors would stop after 16 tokens', () => {
    expect(sentBody(send({ messages: [user('x')] })).max_tokens).toBe(1024)
  })

  it('asks for usage in a stream', () => {
    expect(sentBody(send({ messages: [user('x')], stream: true }))).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
    })
  })

  it('holds what everyone said when there are several messages, and says that this is a loss', () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      user('Hi'),
      { role: 'assistant', content: 'Yes?' },
      user('Go'),
    ]
    const translation = send({ messages })
    expect(sentBody(translation).prompt).toBe('Be brief.\n\nHi\n\nYes?\n\nGo')
    expect(translation.dropped).toEqual(['messages'])
    expect(() => send({ messages }, true)).toThrow('messages')
  })

  it('reads files that are text', () => {
    const file = { filename: 'a.txt', file_data: `data:text/plain;base64,${Buffer.from('b').toString('base64')}` }
    const translation = send({
      messages: [
        user([
          { type: 'text', text: 'Read' },
          { type: 'file', file },
        ]),
      ],
    })
    expect(sentBody(translation).prompt).toBe('Read\na.txt\nb')
    expect(translation.dropped).toEqual([])
  })

  it('names everything that a prompt cannot hold, and is refused in strict mode', () => {
    const image = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } }
    const audio = { type: 'input_audio', input_audio: { format: 'wav', data: 'AAAA' } }
    const content: [string, JsonObject][] = [
      ['image', { messages: [user([{ type: 'text', text: 'x' }, image])] }],
      ['input_audio', { messages: [user([{ type: 'text', text: 'x' }, audio])] }],
      ['tools', { messages: [user('x')], tools: [{ type: 'function', function: { name: 'f', parameters: {} } }] }],
      ['response_format', { messages: [user('x')], response_format: { type: 'json_object' } }],
      ['reasoning_effort', { messages: [user('x')], reasoning_effort: 'high' }],
      ['n', { messages: [user('x')], n: 2 }],
      ['logprobs', { messages: [user('x')], logprobs: true }],
      ['stop', { messages: [user('x')], stop: ['a', 'b', 'c', 'd', 'e'] }],
      ['top_k', { messages: [user('x')], top_k: 5 }],
    ]
    for (const [name, body] of content) {
      expect(send(body).dropped).toEqual([name])
      expect(() => send(body, true), name).toThrow(name)
    }
  })

  it('leaves calls, their results and thinking out of the text', () => {
    const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }
    const messages = [
      user('Hi'),
      { role: 'assistant', content: null, reasoning_content: 'hm', tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c', content: 'secret result' },
    ]
    const translation = send({ messages })
    expect(sentBody(translation).prompt).toBe('Hi')
    expect(translation.dropped).toEqual(['reasoning_content', 'tools'])
  })

  it('is refused when nothing is said', () => {
    expect(() => send({ messages: [] })).toThrow('"messages" holds no content.')
  })
})
