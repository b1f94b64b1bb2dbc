import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { textOf, toChat, translate } from '../../testing/exchange.ts'

const hello = [{ role: 'user', content: 'Hello' }]
const tool = (name: string) => ({ name, input_schema: { type: 'object' } })
const droppedOf = (body: object, model = 'gpt-4o') =>
  translate({ from: 'anthropic-messages', to: 'openai-chat', body: { max_tokens: 9, messages: hello, ...body }, model })
    .dropped

describe('a messages request for a chat vendor', () => {
  it('writes system text, turns and usage in the stream', () => {
    const body = toChat({
      system: [
        { type: 'text', text: 'One' },
        { type: 'text', text: 'Two' },
      ],
      messages: hello,
      stream: true,
    })
    expect(body).toEqual({
      model: 'gpt-4o',
      messages: [
        { role: 'system', content: 'One\n\nTwo' },
        { role: 'user', content: 'Hello' },
      ],
      max_tokens: 100,
      stream: true,
      stream_options: { include_usage: true },
    })
  })

  it('names the token limit and leaves out sampling as reasoning models demand', () => {
    const body = toChat({ messages: hello, temperature: 0.5, stop_sequences: ['x'] }, 'gpt-5-mini')
    expect(body).toMatchObject({ max_completion_tokens: 100 })
    expect(body).not.toHaveProperty('temperature')
    expect(droppedOf({ temperature: 0.5, stop_sequences: ['x'] }, 'o3')).toEqual(['temperature', 'stop_sequences'])
  })

  it('splits a user turn into one message for each tool result and the rest, images of results included', () => {
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }
    const body = toChat({
      messages: [
        ...hello,
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'Wait' },
            { type: 'tool_use', id: 't1', name: 'f', input: {} },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 't1', is_error: true, content: [{ type: 'text', text: 'bad' }, image] },
            { type: 'text', text: 'Go on' },
          ],
        },
      ],
      tools: [tool('f')],
    })
    expect(body.messages).toEqual([
      { role: 'user', content: 'Hello' },
      {
        role: 'assistant',
        content: 'Wait',
        tool_calls: [{ id: 't1', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 't1', content: 'bad' },
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          { type: 'text', text: 'Go on' },
        ],
      },
    ])
  })

  it('writes arguments as text, big integers and formerly invalid ones unchanged', () => {
    const use = (input: string) =>
      `{"model":"m","max_tokens":1,"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":${input}}]}]}`
    const sent = (input: string) =>
      textOf(translate({ from: 'anthropic-messages', to: 'openai-chat', body: use(input) }).body)
    expect(sent('{"id":9007199254740993}')).toContain('"arguments":"{\\"id\\":9007199254740993}"')
    expect(sent('{"raw_arguments":"{\\"a\\":"}')).toContain('"arguments":"{\\"a\\":"')
  })

  it.each([
    [{ type: 'auto' }, 'auto'],
    [{ type: 'none' }, 'none'],
    [{ type: 'any' }, 'required'],
    [
      { type: 'tool', name: 'f' },
      { type: 'function', function: { name: 'f' } },
    ],
  ])('writes the choice %j as %j', (tool_choice, expected) => {
    expect(toChat({ messages: hello, tools: [tool('f')], tool_choice }).tool_choice).toEqual(expected)
  })

  it('writes disable_parallel_tool_use', () => {
    const body = toChat({
      messages: hello,
      tools: [tool('f')],
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    })
    expect(body).toMatchObject({ tool_choice: 'auto', parallel_tool_calls: false })
  })

  it('shortens names that are too long for the vendor, each to its own', () => {
    const long = 'n'.repeat(100)
    const body = toChat({ messages: hello, tools: [tool(`${long}1`), tool(`${long}2`)] })
    const names = (body.tools as { function: { name: string } }[]).map((one) => one.function.name)
    expect(new Set(names).size).toBe(2)
    expect(names.every((name) => name.length <= 64)).toBe(true)
  })

  it('writes documents as far as the vendor has them', () => {
    const document = (source: JsonObject, title?: string): JsonObject => ({
      type: 'document',
      source,
      ...(title ? { title } : {}),
    })
    const content = [
      document({ type: 'base64', media_type: 'application/pdf', data: 'AAAA' }, 'a.pdf'),
      document({ type: 'text', media_type: 'text/plain', data: 'plain' }),
      document({ type: 'url', url: 'https://example.com/a.pdf' }),
    ]
    expect(toChat({ messages: [{ role: 'user', content }] }).messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' } },
          { type: 'text', text: 'plain' },
        ],
      },
    ])
    expect(droppedOf({ messages: [{ role: 'user', content }] })).toEqual(['document'])
  })

  it('turns a thinking budget into an effort for models that reason, and drops it by name for others', () => {
    const thinking = { type: 'enabled', budget_tokens: 4000 }
    expect(toChat({ messages: hello, thinking }, 'gpt-5').reasoning_effort).toBe('low')
    expect(
      toChat({ messages: hello, thinking: { type: 'enabled', budget_tokens: 30_000 } }, 'o3').reasoning_effort,
    ).toBe('high')
    expect(
      toChat({ messages: hello, thinking: { type: 'adaptive' }, output_config: { effort: 'medium' } }, 'o3')
        .reasoning_effort,
    ).toBe('medium')
    expect(droppedOf({ thinking })).toEqual(['thinking'])
  })

  it('strips sealed thinking on the way to another vendor and gives unsealed text back to the one that wrote it', () => {
    const content = [
      { type: 'thinking', thinking: 'sealed', signature: 's' },
      { type: 'redacted_thinking', data: 'd' },
      { type: 'thinking', thinking: 'open', signature: '' },
      { type: 'text', text: 'Hi' },
    ]
    const request = { messages: [...hello, { role: 'assistant', content }, ...hello] }
    expect((toChat(request).messages as object[])[1]).toEqual({
      role: 'assistant',
      content: 'Hi',
      reasoning_content: 'open',
    })
    expect(droppedOf(request)).toEqual(['thinking_signature'])
  })

  it('asks for structured output', () => {
    const schema = { type: 'object' }
    const body = toChat({ messages: hello, output_config: { format: { type: 'json_schema', schema } } })
    expect(body.response_format).toEqual({ type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } })
  })

  it('says by name what it leaves out: cache marks, server tools, blocks that only its own vendor knows', () => {
    const request = {
      system: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'container_upload', file_id: 'f' },
            { type: 'text', text: 'Hi' },
          ],
        },
      ],
      tools: [{ type: 'web_search_20250305', name: 'web_search' }, tool('f')],
      top_k: 5,
      service_tier: 'standard_only',
      mcp_servers: [{ url: 'x' }],
    }
    expect(new Set(droppedOf(request))).toEqual(
      new Set([
        'cache_control',
        'tools.web_search_20250305',
        'service_tier',
        'mcp_servers',
        'container_upload',
        'top_k',
      ]),
    )
    expect(JSON.stringify(toChat(request))).not.toContain('cache_control')
  })

  it('refuses a server tool in strict mode and lets cache marks pass', () => {
    const strict = (body: object) =>
      translate({
        from: 'anthropic-messages',
        to: 'openai-chat',
        body: { max_tokens: 9, messages: hello, ...body },
        isStrict: true,
      })
    expect(() => strict({ tools: [{ type: 'web_search_20250305', name: 'web_search' }] })).toThrow(
      'unsupported_feature',
    )
    expect(strict({ system: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }] }).dropped).toEqual([
      'cache_control',
    ])
  })

  it('cuts stop sequences to as many as the vendor takes, and says so', () => {
    expect(toChat({ messages: hello, stop_sequences: ['1', '2', '3', '4', '5'] }).stop).toEqual(['1', '2', '3', '4'])
    expect(droppedOf({ stop_sequences: ['1', '2', '3', '4', '5'] })).toEqual(['stop_sequences'])
  })

  it('writes the user', () => {
    expect(toChat({ messages: hello, metadata: { user_id: 'u1' } }).user).toBe('u1')
  })
})
