import { describe, expect, it } from 'vitest'
import { sentBody, toMessages, translate } from '../../testing/exchange.ts'

const hello = [{ role: 'user', content: 'Hello' }]
const tool = (name: string) => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties: {} } },
})
const droppedOf = (body: object, model = 'claude-sonnet-4-5') =>
  translate({ from: 'openai-chat', to: 'anthropic-messages', body: { messages: hello, ...body }, model }).dropped

describe('a chat request for a messages vendor', () => {
  it('says max_tokens, which the vendor demands, by model when the client gave none', () => {
    expect(toMessages({ messages: hello }, 'claude-3-opus-20240229').max_tokens).toBe(4096)
    expect(toMessages({ messages: hello }, 'claude-3-5-sonnet-20241022').max_tokens).toBe(8192)
    expect(toMessages({ messages: hello }, 'claude-opus-4-20250514').max_tokens).toBe(16_384)
    expect(toMessages({ messages: hello }, 'another-model').max_tokens).toBe(4096)
    expect(toMessages({ messages: hello, max_tokens: 5, max_completion_tokens: 7 }).max_tokens).toBe(7)
  })

  it('moves leading system and developer messages out, and keeps later ones in their place', () => {
    const body = toMessages({
      messages: [
        { role: 'system', content: 'One' },
        { role: 'developer', content: [{ type: 'text', text: 'Two' }] },
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: 'Hi' },
        { role: 'system', content: 'Later' },
      ],
    })
    expect(body.system).toEqual([
      { type: 'text', text: 'One' },
      { type: 'text', text: 'Two' },
    ])
    expect(body.messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
      { role: 'assistant', content: [{ type: 'text', text: 'Hi' }] },
      { role: 'user', content: [{ type: 'text', text: '<system>\nLater\n</system>' }] },
    ])
  })

  it('makes a turn of system messages that stand alone', () => {
    const body = toMessages({ messages: [{ role: 'system', content: 'Say hi' }] })
    expect(body.system).toBeUndefined()
    expect(body.messages).toEqual([{ role: 'user', content: [{ type: 'text', text: 'Say hi' }] }])
  })

  it('joins neighbours of one role, leaves empty content out and begins with the user', () => {
    const body = toMessages({
      messages: [
        { role: 'assistant', content: 'Welcome' },
        { role: 'user', content: 'a' },
        { role: 'user', content: '' },
        { role: 'user', content: 'b' },
        { role: 'assistant', content: null },
        { role: 'user', content: [{ type: 'text', text: ' ' }] },
      ],
    })
    expect(body.messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: '.' }] },
      { role: 'assistant', content: [{ type: 'text', text: 'Welcome' }] },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
    ])
  })

  it('refuses a request without any content', () => {
    expect(() => toMessages({ messages: [] })).toThrow('invalid_request')
    expect(() => toMessages({ messages: [{ role: 'user', content: '' }] })).toThrow('invalid_request')
    expect(() => toMessages({ messages: [{ role: 'robot', content: 'x' }] })).toThrow('messages[0].role')
    expect(() => toMessages({ messages: 'x' })).toThrow('"messages" must be an array')
  })

  it('lets the model go on from an assistant message at the end, without white space at its end', () => {
    const body = toMessages({ messages: [...hello, { role: 'assistant', content: 'The answer is ' }] })
    expect(body.messages).toContainEqual({ role: 'assistant', content: [{ type: 'text', text: 'The answer is' }] })
  })

  it('puts all results of parallel calls into one user turn, adjacent, in order, before anything else', () => {
    const call = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{"a":1}' } })
    const body = toMessages({
      tools: [tool('f')],
      messages: [
        ...hello,
        { role: 'assistant', content: null, tool_calls: [call('c1'), call('c2')] },
        { role: 'tool', tool_call_id: 'c1', content: 'one' },
        { role: 'user', content: 'And?' },
        { role: 'tool', tool_call_id: 'c2', content: [{ type: 'text', text: 'two' }] },
      ],
    })
    const turns = body.messages as { content: { type: string; tool_use_id?: string; input?: unknown }[] }[]
    expect(turns[1]?.content.map(({ type, input }) => [type, input])).toEqual([
      ['tool_use', { a: 1 }],
      ['tool_use', { a: 1 }],
    ])
    expect(turns[2]?.content.map(({ type, tool_use_id }) => [type, tool_use_id])).toEqual([
      ['tool_result', 'c1'],
      ['tool_result', 'c2'],
      ['text', undefined],
    ])
  })

  it.each([
    ['', {}],
    ['{}', {}],
    ['null', {}],
    ['{"a":', { raw_arguments: '{"a":' }],
    ['[1]', { raw_arguments: '[1]' }],
  ])('writes the arguments %j as an object; what is none survives', (text, input) => {
    const call = { id: 'c.1:0', type: 'function', function: { name: 'f', arguments: text } }
    const body = toMessages({ messages: [...hello, { role: 'assistant', tool_calls: [call] }] })
    expect(body.messages).toContainEqual({
      role: 'assistant',
      content: [{ type: 'tool_use', id: 'c_1_0', name: 'f', input }],
    })
  })

  it('keeps integers over 2^53 in arguments digit by digit', () => {
    const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{"id":9007199254740993}' } }
    const translation = translate({
      from: 'openai-chat',
      to: 'anthropic-messages',
      body: { messages: [...hello, { role: 'assistant', tool_calls: [call] }] },
    })
    expect(Buffer.from(translation.body).toString()).toContain('"input":{"id":9007199254740993}')
  })

  it('declares the tools of calls in the history, which the vendor demands, and lets none be called', () => {
    const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '' } }
    const body = toMessages({
      messages: [
        ...hello,
        { role: 'assistant', tool_calls: [call] },
        { role: 'tool', tool_call_id: 'c', content: 'x' },
      ],
    })
    expect(body.tools).toEqual([{ name: 'f', input_schema: { type: 'object' } }])
    expect(body.tool_choice).toEqual({ type: 'none' })
  })

  it.each([
    [{ tool_choice: 'auto' }, { type: 'auto' }],
    [{ tool_choice: 'none' }, { type: 'none' }],
    [{ tool_choice: 'required' }, { type: 'any' }],
    [{ tool_choice: { type: 'function', function: { name: 'f' } } }, { type: 'tool', name: 'f' }],
    [{ parallel_tool_calls: false }, { type: 'auto', disable_parallel_tool_use: true }],
    [
      { tool_choice: 'required', parallel_tool_calls: false },
      { type: 'any', disable_parallel_tool_use: true },
    ],
    [{ parallel_tool_calls: true }, undefined],
  ])('writes %j as the choice %j', (given, expected) => {
    expect(toMessages({ messages: hello, tools: [tool('f')], ...given }).tool_choice).toEqual(expected)
  })

  it('changes tool names that the vendor refuses, and gives them back unchanged', () => {
    const translation = translate({
      from: 'openai-chat',
      to: 'anthropic-messages',
      body: { messages: hello, tools: [tool('files.read')] },
    })
    const [sent] = sentBody(translation).tools as { name: string }[]
    expect(sent?.name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/)
    const answer = translation.response(
      200,
      [],
      Buffer.from(
        JSON.stringify({
          content: [{ type: 'tool_use', id: 't', name: sent?.name, input: {} }],
          stop_reason: 'tool_use',
        }),
      ),
    )
    expect(JSON.parse(Buffer.from(answer.answer.body).toString()).choices[0].message.tool_calls[0].function.name).toBe(
      'files.read',
    )
  })

  it('writes images as URL or base64, and leaves out what the vendor cannot read', () => {
    const image = (url: string) => ({ type: 'image_url', image_url: { url, detail: 'high' } })
    const request = {
      messages: [
        {
          role: 'user',
          content: [
            image('https://example.com/a.png'),
            image('data:image/jpg;base64,AAAA'),
            image('data:image/tiff;base64,AAAA'),
          ],
        },
      ],
    }
    expect(toMessages(request).messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
          { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: 'AAAA' } },
        ],
      },
    ])
    expect(droppedOf(request)).toEqual(['image_url.detail', 'image'])
  })

  it('writes files as documents; ids of another vendor and sound are left out by name', () => {
    const request = {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' } },
            { type: 'file', file: { file_data: `data:text/plain;base64,${Buffer.from('hé').toString('base64')}` } },
            { type: 'file', file: { file_id: 'file-1' } },
            { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
          ],
        },
      ],
    }
    expect(toMessages(request).messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' }, title: 'a.pdf' },
          { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'hé' } },
        ],
      },
    ])
    expect(droppedOf(request)).toEqual(['file', 'input_audio'])
  })

  it('forces a tool to get structured output, which comes back as content with finish reason stop', () => {
    const schema = { type: 'object', properties: { a: { type: 'number' } } }
    const translation = translate({
      from: 'openai-chat',
      to: 'anthropic-messages',
      body: { messages: hello, response_format: { type: 'json_schema', json_schema: { name: 'result', schema } } },
    })
    expect(sentBody(translation)).toMatchObject({
      tools: [{ name: 'result', input_schema: schema }],
      tool_choice: { type: 'tool', name: 'result' },
    })
    const vendor = {
      content: [{ type: 'tool_use', id: 't', name: 'result', input: { a: 1 } }],
      stop_reason: 'tool_use',
    }
    const { answer, facts } = translation.response(200, [], Buffer.from(JSON.stringify(vendor)))
    const [choice] = JSON.parse(Buffer.from(answer.body).toString()).choices
    expect(choice).toMatchObject({ message: { content: '{"a":1}' }, finish_reason: 'stop' })
    expect(choice.message.tool_calls).toBeUndefined()
    expect(facts.finishReason).toBe('stop')
  })

  it('asks for structured output in the own way of the vendor where a forced tool would collide', () => {
    const schema = { type: 'object', properties: {} }
    const response_format = { type: 'json_schema', json_schema: { name: 'result', schema } }
    const body = toMessages({ messages: hello, tools: [tool('f')], response_format })
    expect(body.output_config).toEqual({ format: { type: 'json_schema', schema } })
    expect(body.tools).toHaveLength(1)
    expect(droppedOf({ tools: [tool('f')], response_format: { type: 'json_object' } })).toEqual(['response_format'])
  })

  it('turns effort into a budget below max_tokens and removes sampling, which thinking forbids', () => {
    const request = {
      messages: hello,
      reasoning_effort: 'high',
      temperature: 0.2,
      top_p: 0.5,
      tools: [tool('f')],
      tool_choice: 'required',
    }
    const body = toMessages({ ...request, max_tokens: 8000 })
    expect(body.thinking).toEqual({ type: 'enabled', budget_tokens: 4000 })
    expect(body.max_tokens).toBe(8000)
    expect(body).not.toHaveProperty('temperature')
    expect(body).not.toHaveProperty('top_p')
    expect(body).not.toHaveProperty('tool_choice')
    expect(droppedOf(request)).toEqual(['temperature', 'top_p', 'tool_choice'])
    const open = toMessages(request)
    expect(open).toMatchObject({ thinking: { budget_tokens: 16_384 }, max_tokens: 32_768 })
  })

  it('leaves thinking out, by name, where it cannot be', () => {
    expect(droppedOf({ reasoning_effort: 'low', max_tokens: 1000 })).toEqual(['reasoning_effort'])
    expect(droppedOf({ reasoning_effort: 'low' }, 'claude-3-haiku-20240307')).toEqual(['reasoning_effort'])
    expect(toMessages({ messages: hello, reasoning_effort: 'none' }).thinking).toBeUndefined()
  })

  it('hands effort on to models that choose their own budget', () => {
    expect(toMessages({ messages: hello, reasoning_effort: 'xhigh' }, 'claude-opus-4-6')).toMatchObject({
      thinking: { type: 'adaptive' },
      output_config: { effort: 'max' },
    })
  })

  it('does not think inside of a tool use whose sealed thinking did not come back', () => {
    const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }
    const history = (more: object) => ({
      messages: [
        ...hello,
        { role: 'assistant', tool_calls: [call], ...more },
        { role: 'tool', tool_call_id: 'c', content: 'x' },
      ],
      tools: [tool('f')],
      reasoning_effort: 'low',
    })
    expect(toMessages(history({})).thinking).toBeUndefined()
    const sealed = { thinking_blocks: [{ type: 'thinking', thinking: 'hm', signature: 's' }] }
    expect(toMessages(history(sealed)).thinking).toEqual({ type: 'enabled', budget_tokens: 2048 })
  })

  it('gives sealed and redacted thinking back to the vendor, and strips what another vendor thought', () => {
    const body = toMessages({
      messages: [
        ...hello,
        {
          role: 'assistant',
          content: 'Hi',
          thinking_blocks: [
            { type: 'thinking', thinking: 'hm', signature: 's' },
            { type: 'redacted_thinking', data: 'd' },
          ],
        },
        { role: 'user', content: 'x' },
        { role: 'assistant', content: 'y', reasoning_content: 'unsealed' },
        { role: 'user', content: 'z' },
      ],
    })
    const turns = body.messages as { content: unknown[] }[]
    expect(turns[1]?.content).toEqual([
      { type: 'thinking', thinking: 'hm', signature: 's' },
      { type: 'redacted_thinking', data: 'd' },
      { type: 'text', text: 'Hi' },
    ])
    expect(turns[3]?.content).toEqual([{ type: 'text', text: 'y' }])
  })

  it('keeps sampling within the range of the vendor', () => {
    expect(toMessages({ messages: hello, temperature: 1.7, top_p: 0.9 }, 'claude-3-opus-20240229')).toMatchObject({
      temperature: 1,
      top_p: 0.9,
    })
    expect(droppedOf({ temperature: 1.7 })).toEqual(['temperature'])
    expect(droppedOf({ temperature: 0.5, top_p: 0.9 })).toEqual(['top_p'])
  })

  it('writes stop sequences and the user', () => {
    expect(toMessages({ messages: hello, stop: 'END', user: 'u1' })).toMatchObject({
      stop_sequences: ['END'],
      metadata: { user_id: 'u1' },
    })
    expect(toMessages({ messages: hello, stop: ['a', '\n'] }).stop_sequences).toEqual(['a'])
  })

  it('says by name what it leaves out, and nothing about values that ask for nothing', () => {
    const body = {
      n: 2,
      logprobs: true,
      seed: 7,
      logit_bias: {},
      store: true,
      web_search_options: {},
      frequency_penalty: 0,
      made_up: 1,
    }
    expect(droppedOf(body)).toEqual(['n', 'logprobs', 'seed', 'logit_bias', 'store', 'web_search_options', 'made_up'])
    expect(droppedOf({ n: 1, logprobs: false, presence_penalty: 0, service_tier: 'auto', seed: null })).toEqual([])
  })

  it('drops tools that the vendor does not have by name', () => {
    expect(droppedOf({ tools: [{ type: 'custom', custom: { name: 'c' } }] })).toEqual(['tools.custom'])
  })

  it('writes names that are safe in a header, whatever keys the client sent', () => {
    expect(droppedOf({ 'a\r\nset-cookie: x': 1 })).toEqual(['a__set-cookie__x'])
  })

  it('refuses in strict mode what would change the answer, and lets hints pass', () => {
    const strict = (body: object) =>
      translate({ from: 'openai-chat', to: 'anthropic-messages', body: { messages: hello, ...body }, isStrict: true })
    expect(() => strict({ n: 2, seed: 1 })).toThrow(
      expect.objectContaining({ code: 'unsupported_feature', detail: 'The chosen model cannot express: n, seed.' }),
    )
    expect(() => strict({ tools: [{ type: 'web_search' }] })).toThrow('unsupported_feature')
    expect(strict({ store: true, service_tier: 'flex' }).dropped).toEqual(['store', 'service_tier'])
  })

  it('reads functions and their calls as they were before tools', () => {
    const body = toMessages({
      functions: [{ name: 'f', parameters: { type: 'object' } }],
      function_call: { name: 'f' },
      messages: [
        ...hello,
        { role: 'assistant', function_call: { name: 'f', arguments: '{}' } },
        { role: 'function', name: 'f', content: 'x' },
      ],
    })
    expect(body.tool_choice).toEqual({ type: 'tool', name: 'f' })
    const turns = body.messages as { content: { id?: string; tool_use_id?: string }[] }[]
    expect(turns[1]?.content[0]?.id).toBe(turns[2]?.content[0]?.tool_use_id)
  })
})
