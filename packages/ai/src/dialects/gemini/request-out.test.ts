import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { sentBody, translate } from '../../testing/exchange.ts'
import { traitsOf } from './models.ts'

const USER = { role: 'user', content: 'Hello' }

function fromChat(body: JsonObject, model = 'gemini-2.5-flash') {
  const translation = translate({ from: 'openai-chat', to: 'gemini', body: { messages: [USER], ...body }, model })
  return { sent: sentBody(translation), dropped: translation.dropped }
}

const fromMessages = (body: JsonObject, model = 'gemini-2.5-flash') =>
  sentBody(
    translate({ from: 'anthropic-messages', to: 'gemini', body: { max_tokens: 9, messages: [USER], ...body }, model }),
  )

const partsOf = (sent: JsonObject): JsonObject[] =>
  (sent.contents as { parts: JsonObject[] }[]).flatMap(({ parts }) => parts)

const call = (id: string, name: string, args = '{"a":1}'): JsonObject => ({
  id,
  type: 'function',
  function: { name, arguments: args },
})
const turn = (calls: JsonObject[], more: JsonObject = {}): JsonObject => ({
  role: 'assistant',
  content: null,
  tool_calls: calls,
  ...more,
})
const result = (id: string, content = 'r'): JsonObject => ({ role: 'tool', tool_call_id: id, content })

describe('requests for the vendor', () => {
  it('hold neither model nor streaming, and the settings under their own names', () => {
    const { sent, dropped } = fromChat({
      stream: true,
      max_completion_tokens: 10,
      temperature: 0.5,
      top_p: 0.9,
      stop: ['a'],
      seed: 3,
      user: 'me',
    })
    expect(sent).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'Hello' }] }],
      generationConfig: { maxOutputTokens: 10, temperature: 0.5, topP: 0.9, stopSequences: ['a'], seed: 3 },
    })
    expect(dropped).toEqual(['user'])
  })

  it('put all results of one turn in one turn, first, with the names of their functions', () => {
    const { sent } = fromChat({
      messages: [
        USER,
        turn([call('1', 'f'), call('2', 'g', '')]),
        result('2', 'two'),
        result('1', 'one'),
        { role: 'user', content: 'And?' },
      ],
    })
    expect(sent.contents).toEqual([
      { role: 'user', parts: [{ text: 'Hello' }] },
      {
        role: 'model',
        parts: [
          { functionCall: { id: '1', name: 'f', args: { a: 1 } } },
          { functionCall: { id: '2', name: 'g', args: {} } },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { id: '2', name: 'g', response: { output: 'two' } } },
          { functionResponse: { id: '1', name: 'f', response: { output: 'one' } } },
          { text: 'And?' },
        ],
      },
    ])
  })

  it('say that a result is an error', () => {
    const sent = fromMessages({
      messages: [
        USER,
        { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'f', input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'boom', is_error: true }] },
      ],
    })
    expect(partsOf(sent).at(-1)).toEqual({ functionResponse: { id: 't', name: 'f', response: { error: 'boom' } } })
  })

  it('mark calls without a signature for models that refuse them, the first of each turn only', () => {
    const messages = [USER, turn([call('1', 'f'), call('2', 'g')]), result('1'), result('2')]
    const signatures = (model: string) =>
      partsOf(fromChat({ messages }, model).sent)
        .filter((part) => part.functionCall)
        .map((part) => part.thoughtSignature)
    expect(signatures('gemini-3-pro-preview')).toEqual(['skip_thought_signature_validator', undefined])
    expect(signatures('gemini-2.5-flash')).toEqual([undefined, undefined])
  })

  it('leave out what other vendors thought', () => {
    const thinking_blocks = [{ type: 'thinking', thinking: 'hm', signature: 'of-someone-else' }]
    const { sent, dropped } = fromChat({
      messages: [USER, { role: 'assistant', content: 'Hi', thinking_blocks }, USER],
    })
    expect(partsOf(sent)).toEqual([{ text: 'Hello' }, { text: 'Hi' }, { text: 'Hello' }])
    expect(dropped).toEqual(['thinking_signature'])
  })

  it('hold leading system messages apart and later ones in their place', () => {
    const system = (content: string) => ({ role: 'system', content })
    const { sent } = fromChat({ messages: [system('A'), system('B'), USER, system('C')] })
    expect(sent.systemInstruction).toEqual({ parts: [{ text: 'A' }, { text: 'B' }] })
    expect(partsOf(sent)).toEqual([{ text: 'Hello' }, { text: '<system>\nC\n</system>' }])
  })

  it('begin with the user', () => {
    const { sent } = fromChat({ messages: [{ role: 'assistant', content: 'Hi' }, USER] })
    expect((sent.contents as JsonObject[]).map(({ role }) => role)).toEqual(['user', 'model', 'user'])
  })

  it('refuse to ask nothing', () => {
    expect(() => fromChat({ messages: [{ role: 'user', content: '' }] })).toThrow(/invalid_request/)
  })

  it.each<[JsonObject, JsonObject | undefined]>([
    [{ tool_choice: 'auto' }, { mode: 'AUTO' }],
    [{ tool_choice: 'none' }, { mode: 'NONE' }],
    [{ tool_choice: 'required' }, { mode: 'ANY' }],
    [{ tool_choice: { type: 'function', function: { name: 'f' } } }, { mode: 'ANY', allowedFunctionNames: ['f'] }],
    [{}, undefined],
  ])('choose tools by %j as %j', (choice, config) => {
    const { sent } = fromChat({ tools: [{ type: 'function', function: { name: 'f' } }], ...choice })
    expect(sent.tools).toEqual([{ functionDeclarations: [{ name: 'f' }] }])
    expect(sent.toolConfig).toEqual(config === undefined ? undefined : { functionCallingConfig: config })
  })

  it('give functions names that the vendor accepts', () => {
    const names = ['1st', 'ok', 'with space']
    const { sent } = fromChat({ tools: names.map((name) => ({ type: 'function', function: { name } })) })
    const [tool] = sent.tools as { functionDeclarations: { name: string }[] }[]
    const written = tool?.functionDeclarations.map(({ name }) => name) ?? []
    expect(written[1]).toBe('ok')
    for (const name of written) expect(name).toMatch(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/)
    expect(new Set(written).size).toBe(3)
  })

  it('demand a form, which older models do not take beside tools', () => {
    const schema = { type: 'object', properties: { a: { type: ['integer', 'null'] } }, additionalProperties: false }
    const response_format = { type: 'json_schema', json_schema: { name: 'n', schema } }
    const form = {
      responseMimeType: 'application/json',
      responseSchema: { type: 'object', properties: { a: { type: 'integer', nullable: true } } },
    }
    expect(fromChat({ response_format }).sent.generationConfig).toEqual(form)
    const tools = [{ type: 'function', function: { name: 'f' } }]
    expect(fromChat({ response_format, tools })).toMatchObject({ dropped: ['response_format'] })
    expect(fromChat({ response_format, tools }, 'gemini-3-flash').sent.generationConfig).toEqual(form)
  })

  it.each<[string, JsonObject[], string[]]>([
    ['data:image/jpg;base64,AA', [{ inlineData: { mimeType: 'image/jpeg', data: 'AA' } }], []],
    [
      'https://x.example/a.webp?s=1',
      [{ fileData: { mimeType: 'image/webp', fileUri: 'https://x.example/a.webp?s=1' } }],
      [],
    ],
    ['gs://bucket/a', [{ fileData: { fileUri: 'gs://bucket/a' } }], []],
    ['http://x.example/a.png', [], ['image']],
    ['data:image/gif;base64,AA', [], ['image']],
  ])('show the image %s', (url, parts, lost) => {
    const content = [
      { type: 'text', text: 'See' },
      { type: 'image_url', image_url: { url } },
    ]
    const { sent, dropped } = fromChat({ messages: [{ role: 'user', content }] })
    expect(partsOf(sent)).toEqual([{ text: 'See' }, ...parts])
    expect(dropped).toEqual(lost)
  })

  it('show no image by address to models that fetch none', () => {
    expect(traitsOf('gemini-2.0-flash').takesUrls).toBe(false)
    const content = [
      { type: 'text', text: 'See' },
      { type: 'image_url', image_url: { url: 'https://x.example/a.png' } },
    ]
    expect(fromChat({ messages: [{ role: 'user', content }] }, 'gemini-2.0-flash').dropped).toEqual(['image'])
  })

  it('name everything that has no equal, and are refused in strict mode', () => {
    const body = {
      n: 2,
      logit_bias: { 1: 1 },
      parallel_tool_calls: false,
      tools: [{ type: 'function', function: { name: 'f', strict: true } }],
    }
    expect(fromChat(body).dropped).toEqual(['tools.strict', 'parallel_tool_calls', 'n', 'logit_bias'])
    const strict = () =>
      translate({ from: 'openai-chat', to: 'gemini', body: { messages: [USER], n: 2 }, isStrict: true })
    expect(strict).toThrow(/cannot express: n/)
  })

  it('keep numbers of any length in arguments', () => {
    const messages = [USER, turn([call('1', 'f', '{"id":12345678901234567890}')]), result('1')]
    const translation = translate({ from: 'openai-chat', to: 'gemini', body: { messages } })
    expect(Buffer.from(translation.body).toString()).toContain('"args":{"id":12345678901234567890}')
  })
})
