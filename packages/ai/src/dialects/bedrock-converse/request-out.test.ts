import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { answered, sentBody, textOf, translate } from '../../testing/exchange.ts'

const NOVA = 'amazon.nova-lite-v1:0'
const CLAUDE = 'eu.anthropic.claude-sonnet-4-20250514-v1:0'
const hello = [{ role: 'user', content: 'Hello' }]
const tool = (name: string) => ({ type: 'function', function: { name, parameters: { type: 'object' } } })
const spec = (name: string) => ({ toolSpec: { name, inputSchema: { json: { type: 'object' } } } })
const callOf = (id: string, name: string) => ({ id, type: 'function', function: { name, arguments: '{"a":1}' } })
const request = (body: JsonObject, model = NOVA) =>
  translate({ from: 'openai-chat', to: 'bedrock-converse', body: { messages: hello, ...body }, model })
const sent = (body: JsonObject, model?: string) => sentBody(request(body, model))
const fromMessages = (body: JsonObject, model = CLAUDE) =>
  translate({ from: 'anthropic-messages', to: 'bedrock-converse', body: { max_tokens: 4000, ...body }, model })

describe('a chat request for Converse', () => {
  it('says nothing of model and streaming, which stand in the address', () => {
    const body = { stream: true, max_tokens: 9, temperature: 0.5, top_p: 0.9, stop: ['x'] }
    expect(sent({ ...body, messages: [{ role: 'system', content: 'Be brief' }, ...hello] })).toEqual({
      system: [{ text: 'Be brief' }],
      messages: [{ role: 'user', content: [{ text: 'Hello' }] }],
      inferenceConfig: { maxTokens: 9, temperature: 0.5, topP: 0.9, stopSequences: ['x'] },
    })
  })

  it('alternates turns that begin with the user, keeps later system text in place and leaves out what is blank', () => {
    const messages = [
      { role: 'assistant', content: 'Hi' },
      { role: 'user', content: 'One' },
      { role: 'system', content: 'Be brief' },
      { role: 'user', content: '  ' },
      { role: 'user', content: 'Two' },
      { role: 'assistant', content: 'So: ' },
    ]
    expect(sent({ messages }).messages).toEqual([
      { role: 'user', content: [{ text: '.' }] },
      { role: 'assistant', content: [{ text: 'Hi' }] },
      { role: 'user', content: [{ text: 'One' }, { text: '<system>\nBe brief\n</system>' }, { text: 'Two' }] },
      { role: 'assistant', content: [{ text: 'So:' }] },
    ])
  })

  it('puts all results of parallel calls into one turn, before what the user says, with ids that fit', () => {
    const messages = [
      ...hello,
      { role: 'assistant', content: null, tool_calls: [callOf('call|1', 'a'), callOf('c2', 'b')] },
      { role: 'tool', tool_call_id: 'call|1', content: '5' },
      { role: 'tool', tool_call_id: 'c2', content: '' },
      { role: 'user', content: 'And?' },
    ]
    const body = sent({ messages, tools: [tool('a'), tool('b')] })
    expect((body.messages as JsonObject[]).slice(1)).toEqual([
      {
        role: 'assistant',
        content: [
          { toolUse: { toolUseId: 'call_1', name: 'a', input: { a: 1 } } },
          { toolUse: { toolUseId: 'c2', name: 'b', input: { a: 1 } } },
        ],
      },
      {
        role: 'user',
        content: [
          { toolResult: { toolUseId: 'call_1', content: [{ text: '5' }] } },
          { toolResult: { toolUseId: 'c2', content: [] } },
          { text: 'And?' },
        ],
      },
    ])
  })

  it('declares the tools of the history where the client declares none, and says that it cannot forbid them', () => {
    const messages = [
      ...hello,
      { role: 'assistant', content: null, tool_calls: [callOf('c1', 'a')] },
      { role: 'tool', tool_call_id: 'c1', content: '5' },
    ]
    const undeclared = request({ messages })
    expect(sentBody(undeclared).toolConfig).toMatchObject({ tools: [{ toolSpec: { name: 'a' } }] })
    const forbidden = request({ messages, tools: [tool('a'), tool('b')], tool_choice: 'none' })
    expect(sentBody(forbidden).toolConfig).toEqual({ tools: [spec('a')] })
    expect(forbidden.dropped).toEqual(['tool_choice'])
    expect(sent({ tools: [tool('a')], tool_choice: 'none' })).not.toHaveProperty('toolConfig')
  })

  it('chooses tools as asked, and says nothing for the automatic choice', () => {
    const choiceOf = (tool_choice: JsonObject | string) =>
      (sent({ tools: [tool('a')], tool_choice }).toolConfig as JsonObject).toolChoice
    expect(choiceOf('required')).toEqual({ any: {} })
    expect(choiceOf({ type: 'function', function: { name: 'a' } })).toEqual({ tool: { name: 'a' } })
    expect(choiceOf('auto')).toBeUndefined()
  })

  it('maps tool names that the vendor refuses, and answers with the client’s', () => {
    const name = 'files.read/é'
    const translation = request({ tools: [tool(name)] })
    const config = sentBody(translation).toolConfig as { tools: [{ toolSpec: { name: string } }] }
    const mapped = config.tools[0].toolSpec.name
    expect(mapped).toMatch(/^[a-zA-Z0-9_-]{1,64}$/)
    const content = [{ toolUse: { toolUseId: 't', name: mapped, input: {} } }]
    const answer = answered(translation, { output: { message: { content } }, stopReason: 'tool_use' })
    expect(answer).toMatchObject({ choices: [{ message: { tool_calls: [{ function: { name, arguments: '{}' } }] } }] })
  })

  it('gets structured output through a forced tool, and gives it back as content that stopped', () => {
    const schema = { type: 'object', properties: { n: { type: 'integer' } } }
    const translation = request({ response_format: { type: 'json_schema', json_schema: { name: 'x', schema } } })
    expect(sentBody(translation).toolConfig).toMatchObject({
      tools: [{ toolSpec: { name: 'x', inputSchema: { json: schema } } }],
      toolChoice: { tool: { name: 'x' } },
    })
    const content = [{ toolUse: { toolUseId: 't', name: 'x', input: { n: 1 } } }]
    expect(answered(translation, { output: { message: { content } }, stopReason: 'tool_use' })).toMatchObject({
      choices: [{ message: { content: '{"n":1}' }, finish_reason: 'stop' }],
    })
    expect(request({ tools: [tool('a')], response_format: { type: 'json_object' } }).dropped).toEqual([
      'response_format',
    ])
  })

  it('keeps big integers in arguments', () => {
    const call = { id: 'c', type: 'function', function: { name: 'a', arguments: '{"n":9007199254740993}' } }
    const messages = [...hello, { role: 'assistant', content: null, tool_calls: [call] }]
    expect(textOf(request({ messages }).body)).toContain('"n":9007199254740993')
  })

  it('sends images and documents that are at hand, under names that fit and differ, beside text', () => {
    const pdf = (filename: string) => ({ filename, file_data: 'data:application/pdf;base64,AAAA' })
    const content = [
      { type: 'image_url', image_url: { url: 'data:image/jpg;base64,AAAA' } },
      { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
      { type: 'file', file: pdf('Q1_report.pdf') },
      { type: 'file', file: pdf('Q1/report.pdf') },
      { type: 'file', file: { file_id: 'f1' } },
    ]
    const translation = request({ messages: [{ role: 'user', content }] })
    const document = (name: string) => ({ document: { format: 'pdf', name, source: { bytes: 'AAAA' } } })
    expect(sentBody(translation).messages).toEqual([
      {
        role: 'user',
        content: [
          { image: { format: 'jpeg', source: { bytes: 'AAAA' } } },
          document('Q1 report pdf'),
          document('Q1 report pdf 2'),
          { text: '.' },
        ],
      },
    ])
    expect(translation.dropped).toEqual(['image', 'file'])
  })

  it('names what it leaves out', () => {
    const given = { seed: 1, logprobs: true, temperature: 1.5, top_k: 5, parallel_tool_calls: false }
    const translation = request({ ...given, tools: [tool('a')], user: 'u', reasoning_effort: 'low' }, 'meta.llama3')
    expect([...translation.dropped].sort()).toEqual(
      ['logprobs', 'parallel_tool_calls', 'reasoning_effort', 'seed', 'temperature', 'top_k', 'user'].sort(),
    )
  })

  it('is refused when no message says anything', () => {
    expect(() => request({ messages: [] })).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })
})

describe('cache marks for Converse', () => {
  const marked = (ttl?: string) => ({ cache_control: { type: 'ephemeral', ...(ttl === undefined ? {} : { ttl }) } })
  const result = { type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: '5', ...marked() }] }
  const given = {
    system: [{ type: 'text', text: 'Be brief', ...marked('1h') }],
    tools: [
      { name: 'a', input_schema: { type: 'object' } },
      { name: 'b', input_schema: { type: 'object' }, ...marked() },
    ],
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'One', ...marked() },
          { type: 'text', text: 'Two' },
        ],
      },
      { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'a', input: {} }] },
      { role: 'user', content: [result] },
    ],
  }
  const point = { cachePoint: { type: 'default' } }

  it('become cache points behind what they mark, for the time that the model can keep it', () => {
    const translation = fromMessages(given, 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0')
    const body = sentBody(translation)
    expect(body.system).toEqual([{ text: 'Be brief' }, { cachePoint: { type: 'default', ttl: '1h' } }])
    expect(body.toolConfig).toEqual({ tools: [spec('a'), spec('b'), point] })
    expect((body.messages as JsonObject[])[0]?.content).toEqual([{ text: 'One' }, point, { text: 'Two' }])
    // Inside of a result there is no place for one.
    expect(translation.dropped).toEqual(['cache_control'])
    expect(sentBody(fromMessages(given)).system).toEqual([{ text: 'Be brief' }, point])
  })

  it('are not put where the model refuses them', () => {
    const nova = sentBody(fromMessages(given, NOVA))
    expect(nova.system).toEqual([{ text: 'Be brief' }, point])
    expect(nova.toolConfig).toEqual({ tools: [spec('a'), spec('b')] })
    const other = fromMessages(given, 'meta.llama3-3-70b-instruct-v1:0')
    expect(textOf(other.body)).not.toContain('cachePoint')
    expect(other.dropped).toEqual(['cache_control'])
  })
})

describe('thinking for Converse', () => {
  it('is asked for as each maker’s models know it', () => {
    const fieldsFor = (model: string) => sent({ reasoning_effort: 'low' }, model).additionalModelRequestFields
    expect(fieldsFor('us.anthropic.claude-3-7-sonnet-20250219-v1:0')).toEqual({
      thinking: { type: 'enabled', budget_tokens: 2048 },
    })
    expect(fieldsFor('us.anthropic.claude-opus-4-6-v1')).toEqual({
      thinking: { type: 'adaptive' },
      output_config: { effort: 'low' },
    })
    expect(fieldsFor('openai.gpt-oss-120b-1:0')).toEqual({ reasoning_effort: 'low' })
    expect(fieldsFor('us.amazon.nova-2-lite-v1:0')).toEqual({
      reasoningConfig: { type: 'enabled', maxReasoningEffort: 'low' },
    })
    expect(fieldsFor('arn:aws:bedrock:us-east-1:1:application-inference-profile/x')).toBeUndefined()
  })

  it('has a budget below the limit of tokens, and no sampling or demanded tools beside it', () => {
    const thinking = { type: 'enabled', budget_tokens: 5000 }
    const tools = [{ name: 'a', input_schema: { type: 'object' } }]
    const given = { messages: hello, thinking, tools, temperature: 0.5, top_k: 5, tool_choice: { type: 'any' } }
    const translation = fromMessages(given)
    const body = sentBody(translation)
    expect(body.additionalModelRequestFields).toEqual({ thinking: { type: 'enabled', budget_tokens: 2000 } })
    expect(body.inferenceConfig).toEqual({ maxTokens: 4000 })
    expect(body.toolConfig).not.toHaveProperty('toolChoice')
    expect([...translation.dropped].sort()).toEqual(['temperature', 'tool_choice', 'top_k'])
  })

  it('comes back sealed or redacted as it was, and without a seal not at all', () => {
    const turn = (...content: JsonObject[]) => [...hello, { role: 'assistant', content }, ...hello]
    const sealed = { type: 'thinking', thinking: 'hm', signature: 's' }
    const redacted = { type: 'redacted_thinking', data: 'AAAA' }
    const text = { type: 'text', text: 'Hi' }
    const content = (translation: ReturnType<typeof fromMessages>) =>
      (sentBody(translation).messages as JsonObject[])[1]?.content
    expect(content(fromMessages({ messages: turn(sealed, redacted, text) }))).toEqual([
      { reasoningContent: { reasoningText: { text: 'hm', signature: 's' } } },
      { reasoningContent: { redactedContent: 'AAAA' } },
      { text: 'Hi' },
    ])
    const open = fromMessages({ messages: turn({ ...sealed, signature: '' }, text) })
    expect(content(open)).toEqual([{ text: 'Hi' }])
    expect(open.dropped).toEqual(['reasoning_content'])
  })

  it('leaves top_k to models that know it', () => {
    const fields = (model: string) => sentBody(fromMessages({ messages: hello, top_k: 5 }, model))
    expect(fields(CLAUDE).additionalModelRequestFields).toEqual({ top_k: 5 })
    expect(fields(NOVA).additionalModelRequestFields).toEqual({ inferenceConfig: { topK: 5 } })
  })
})
