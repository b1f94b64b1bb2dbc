import type { JsonObject } from '@konnect/contract'
import { GatewayError } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import type { ChatRequest } from '../../canonical/request.ts'
import { isMarkedSeal } from '../../canonical/seal.ts'
import { sentBody, translate } from '../../testing/exchange.ts'
import { readRequest } from './request-in.ts'

const read = (body: JsonObject): ChatRequest => readRequest({ model: 'm', input: 'Hi', ...body })
const toChat = (body: JsonObject) => translate({ from: 'openai-responses', to: 'openai-chat', body, model: 'llama' })
const toMessages = (body: JsonObject, isStrict = false) =>
  translate({ from: 'openai-responses', to: 'anthropic-messages', body, model: 'claude-sonnet-4-5', isStrict })

const call = (id: string): JsonObject => ({ type: 'function_call', call_id: id, name: 'f', arguments: '{"a":1}' })
const output = (id: string): JsonObject => ({ type: 'function_call_output', call_id: id, output: `of ${id}` })

describe('a Responses request', () => {
  it('may be plain text', () => {
    expect(read({ instructions: 'Be brief' }).messages).toEqual([
      { role: 'system', parts: [{ type: 'text', text: 'Be brief' }] },
      { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
    ])
  })

  it('reads the items of one answer as one message, and the results of its parallel calls as one', () => {
    const { messages } = read({
      input: [
        { role: 'user', content: [{ type: 'input_text', text: 'Go' }] },
        { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm' }] },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Both', annotations: [] }] },
        call('a'),
        call('b'),
        output('b'),
        output('a'),
        { role: 'developer', content: 'Now in French' },
      ],
    })
    expect(messages.map(({ role, parts }) => [role, parts.map(({ type }) => type)])).toEqual([
      ['user', ['text']],
      ['assistant', ['reasoning', 'text', 'tool_call', 'tool_call']],
      ['user', ['tool_result', 'tool_result']],
      ['system', ['text']],
    ])
  })

  it('reaches a chat vendor with every result right after its calls, even where text stands between them', () => {
    const said = { type: 'message', role: 'assistant', content: 'And' }
    const body = sentBody(
      toChat({ input: [{ role: 'user', content: 'Go' }, said, call('a'), said, call('b'), output('a'), output('b')] }),
    )
    expect((body.messages as JsonObject[]).map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'tool'])
  })

  it('keeps two messages of the assistant apart', () => {
    const said = (content: string): JsonObject => ({ role: 'assistant', content })
    expect(read({ input: [said('One'), said('Two')] }).messages).toHaveLength(2)
  })

  it('reads images, files and refusals', () => {
    const content = [
      { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'high' },
      { type: 'input_image', file_id: 'file_1' },
      { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,BBBB' },
      { type: 'input_file', file_url: 'https://example.com/a.pdf' },
      { type: 'refusal', refusal: 'No' },
    ]
    const request = read({ input: [{ role: 'user', content }] })
    expect(request.messages[0]?.parts).toEqual([
      { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } },
      { type: 'image', source: { kind: 'file', id: 'file_1' } },
      { type: 'file', source: { kind: 'base64', mediaType: 'application/pdf', data: 'BBBB' }, name: 'a.pdf' },
      { type: 'file', source: { kind: 'url', url: 'https://example.com/a.pdf' } },
      { type: 'refusal', text: 'No' },
    ])
    expect(request.losses).toEqual(['input_image.detail'])
  })

  it('reads settings', () => {
    const schema = { type: 'object' }
    expect(
      read({
        max_output_tokens: 9,
        temperature: 0.5,
        top_p: 0.9,
        parallel_tool_calls: false,
        reasoning: { effort: 'high', summary: 'auto' },
        text: { format: { type: 'json_schema', name: 'answer', schema, strict: true }, verbosity: 'medium' },
        tools: [{ type: 'function', name: 'f', description: 'd', parameters: schema, strict: null }],
        tool_choice: { type: 'function', name: 'f' },
        include: ['reasoning.encrypted_content'],
        store: false,
        truncation: 'disabled',
        metadata: {},
        user: 'u',
      }),
    ).toMatchObject({
      maxTokens: 9,
      temperature: 0.5,
      topP: 0.9,
      isParallelToolUse: false,
      reasoning: { isOn: true, effort: 'high' },
      output: { type: 'schema', name: 'answer', schema, isStrict: true },
      tools: [{ name: 'f', description: 'd', parameters: schema }],
      toolChoice: { type: 'tool', name: 'f' },
      user: 'u',
      extras: {},
      losses: [],
    })
  })

  it('takes a list of allowed tools for the list of tools', () => {
    const tools = ['f', 'g'].map((name) => ({ type: 'function', name, parameters: {} }))
    const allowed = { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'g' }] }
    const request = read({ tools, tool_choice: allowed })
    expect(request.tools.map(({ name }) => name)).toEqual(['g'])
    expect(request.toolChoice).toEqual({ type: 'required' })
  })

  it('turns the free text of a custom tool into an object, so that no vendor gets invalid JSON', () => {
    const custom = { type: 'custom_tool_call', call_id: 'c', name: 'sql', input: 'SELECT "a"' }
    const [message] = read({ input: [custom] }).messages
    expect(message?.parts).toEqual([
      { type: 'tool_call', id: 'c', name: 'sql', arguments: '{"input":"SELECT \\"a\\""}' },
    ])
  })

  it.each([
    ['previous_response_id', 'resp_1'],
    ['conversation', { id: 'conv_1' }],
    ['prompt', { id: 'pmpt_1' }],
    ['input', [{ type: 'item_reference', id: 'rs_1' }]],
    ['input', [{ type: 'compaction', encrypted_content: 'x' }]],
  ])('that refers to what a vendor has stored (%s) is refused, not answered without it', (field, value) => {
    const refused = () => toMessages({ input: 'Hi', [field]: value })
    expect(refused).toThrow(GatewayError)
    expect(refused).toThrow(/unsupported_feature.*stored/)
  })

  it.each([
    [{ input: 7 }],
    [{ input: ['text'] }],
    [{ input: [{ role: 'tool', content: 'x' }] }],
    [{ tools: [{ type: 'function' }] }],
  ])('is refused when it is wrong: %j', (body) => {
    expect(() => read(body)).toThrow(/invalid_request/)
  })

  it('names what another vendor cannot do, and strict mode refuses it', () => {
    const body = {
      input: [
        { role: 'user', content: 'Hi' },
        { type: 'web_search_call', id: 'ws_1', status: 'completed' },
      ],
      tools: [{ type: 'web_search' }],
      tool_choice: { type: 'web_search' },
      background: true,
    }
    expect([...toMessages(body).dropped].sort()).toEqual([
      'background',
      'tool_choice',
      'tools.web_search',
      'web_search_call',
    ])
    expect(() => toMessages(body, true)).toThrow(/unsupported_feature/)
  })

  it('passes strict mode with what changes no answer', () => {
    const body = {
      input: 'Hi',
      store: true,
      metadata: { a: 'b' },
      prompt_cache_key: 'k',
      truncation: 'auto',
      text: { verbosity: 'low' },
    }
    expect([...toMessages(body, true).dropped].sort()).toEqual([
      'metadata',
      'prompt_cache_key',
      'store',
      'text.verbosity',
      'truncation',
    ])
  })

  it('marks the seal of its own vendors, so that no other is sent it', () => {
    const reasoning = (more: JsonObject): JsonObject => ({ type: 'reasoning', id: 'rs_1', summary: [], ...more })
    const summary = [{ type: 'summary_text', text: 'Hm' }]
    const input = [reasoning({ encrypted_content: 'secret' }), reasoning({ summary, encrypted_content: 'secret' })]
    const [message] = read({ input }).messages
    expect(message?.parts.map(({ type }) => type)).toEqual(['redacted', 'reasoning'])
    for (const part of message?.parts ?? []) {
      const seal = part.type === 'redacted' ? part.data : part.type === 'reasoning' ? part.signature : undefined
      expect(isMarkedSeal(seal ?? '')).toBe(true)
    }
    const sent = toMessages({ input: [{ role: 'user', content: 'Hi' }, ...input, { role: 'user', content: 'Go on' }] })
    expect(JSON.stringify(sentBody(sent))).not.toContain('secret')
    expect(sent.dropped).toEqual(['thinking_signature'])
  })
})
