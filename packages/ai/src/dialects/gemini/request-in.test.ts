import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { readRequest } from './request-in.ts'

const read = (body: JsonObject) => readRequest({ contents: [], ...body }, { model: 'm', isStream: true })
const parts = (...given: JsonObject[]) => read({ contents: [{ role: 'model', parts: given }] }).messages[0]?.parts
const user = (...given: JsonObject[]) => read({ contents: [{ parts: given }] }).messages[0]?.parts

describe('requests of clients', () => {
  it('are read in camelCase and in snake_case alike, and only the keys of the dialect are renamed', () => {
    const args = { snake_key: { inner_key: 1 } }
    const camel = {
      systemInstruction: { parts: [{ text: 'Be kind' }] },
      contents: [{ role: 'model', parts: [{ functionCall: { name: 'f', args }, thoughtSignature: 's' }] }],
      tools: [{ functionDeclarations: [{ name: 'f', parametersJsonSchema: { type: 'object' } }] }],
      toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] } },
      generationConfig: { maxOutputTokens: 5, stopSequences: ['x'], thinkingConfig: { thinkingBudget: 7 } },
    }
    const snake = {
      system_instruction: { parts: [{ text: 'Be kind' }] },
      contents: [{ role: 'model', parts: [{ function_call: { name: 'f', args }, thought_signature: 's' }] }],
      tools: [{ function_declarations: [{ name: 'f', parameters_json_schema: { type: 'object' } }] }],
      tool_config: { function_calling_config: { mode: 'ANY', allowed_function_names: ['f'] } },
      generation_config: { max_output_tokens: 5, stop_sequences: ['x'], thinking_config: { thinking_budget: 7 } },
    }
    expect(read(snake)).toEqual(read(camel))
    expect(read(camel)).toMatchObject({
      messages: [
        { role: 'system', parts: [{ type: 'text', text: 'Be kind' }] },
        { role: 'assistant', parts: [{ type: 'reasoning' }, { type: 'tool_call', arguments: JSON.stringify(args) }] },
      ],
      toolChoice: { type: 'tool', name: 'f' },
      maxTokens: 5,
      stop: ['x'],
      reasoning: { isOn: true, budget: 7 },
      isStream: true,
    })
  })

  it('give calls without ids their own, and results those of the calls they answer', () => {
    const { messages } = read({
      contents: [
        {
          role: 'model',
          parts: [{ functionCall: { name: 'a' } }, { functionCall: { name: 'b' } }, { functionCall: { name: 'a' } }],
        },
        {
          role: 'user',
          parts: ['a', 'a', 'b'].map((name) => ({ functionResponse: { name, response: { output: name } } })),
        },
      ],
    })
    expect(messages[0]?.parts).toMatchObject([{ id: 'call_0', arguments: '{}' }, { id: 'call_1' }, { id: 'call_2' }])
    expect(messages[1]?.parts).toMatchObject([{ callId: 'call_0' }, { callId: 'call_2' }, { callId: 'call_1' }])
  })

  it.each<[JsonObject, string, boolean]>([
    [{ output: 'text' }, 'text', false],
    [{ result: { a: 1 } }, '{"a":1}', false],
    [{ error: 'boom' }, 'boom', true],
    [{ temperature: 20, error: null }, '{"temperature":20,"error":null}', false],
    [{}, '', false],
  ])('say %j as the result %s', (response, text, isError) => {
    expect(user({ functionResponse: { name: 'f', response } })).toEqual([
      { type: 'tool_result', callId: 'f', parts: text === '' ? [] : [{ type: 'text', text }], isError },
    ])
  })

  it('keep media: inline, by address, and sound', () => {
    expect(
      user(
        { inlineData: { mimeType: 'image/png', data: 'AA' } },
        { inlineData: { mimeType: 'audio/mpeg', data: 'BB' } },
        { inlineData: { mimeType: 'application/pdf', data: 'CC', displayName: 'paper' } },
        { fileData: { mimeType: 'image/jpeg', fileUri: 'https://x.example/a' } },
        { fileData: { fileUri: 'https://x.example/b.pdf?v=1' } },
      ),
    ).toEqual([
      { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AA' } },
      { type: 'audio', format: 'mp3', data: 'BB' },
      { type: 'file', source: { kind: 'base64', mediaType: 'application/pdf', data: 'CC' }, name: 'paper' },
      { type: 'image', source: { kind: 'url', url: 'https://x.example/a' } },
      { type: 'file', source: { kind: 'url', url: 'https://x.example/b.pdf?v=1' } },
    ])
  })

  it('join thoughts that came in pieces, up to the signature', () => {
    expect(
      parts({ text: 'a', thought: true }, { text: 'b', thought: true }, { text: '!', thoughtSignature: 's' }),
    ).toEqual([
      { type: 'reasoning', text: 'ab', signature: expect.stringMatching(/:s$/) },
      { type: 'text', text: '!' },
    ])
  })

  it('name what no other dialect has', () => {
    const request = read({
      contents: [{ role: 'model', parts: [{ executableCode: { code: '1' } }] }],
      tools: [
        { codeExecution: {} },
        { google_search: {} },
        { functionDeclarations: [{ name: 'f' }], urlContext: null },
      ],
      safetySettings: [{ category: 'c' }],
      cachedContent: 'cachedContents/1',
      toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f', 'g'] } },
      generationConfig: { candidateCount: 2, seed: 1, responseModalities: ['IMAGE'], responseMimeType: 'text/x.enum' },
    })
    expect(request.losses).toEqual([
      'tools.codeExecution',
      'tools.googleSearch',
      'allowedFunctionNames',
      'responseMimeType',
    ])
    expect(Object.keys(request.extras)).toEqual([
      'safetySettings',
      'cachedContent',
      'candidateCount',
      'seed',
      'responseModalities',
    ])
    expect(request.messages[0]?.parts).toEqual([{ type: 'unknown', kind: 'executableCode' }])
    expect(request.toolChoice).toEqual({ type: 'required' })
  })

  it('lose nothing by settings that ask for nothing', () => {
    const generationConfig = {
      candidateCount: 1,
      responseModalities: ['TEXT'],
      responseMimeType: 'text/plain',
      presencePenalty: 0,
    }
    const request = read({ generationConfig, safetySettings: null, tools: [] })
    expect([request.losses, request.extras]).toEqual([[], {}])
  })

  it.each([
    [{ responseMimeType: 'application/json' }, { type: 'json' }],
    [
      { responseMimeType: 'application/json', responseSchema: { type: 'OBJECT' } },
      { type: 'schema', name: 'answer', schema: { type: 'object' } },
    ],
    [
      { responseMimeType: 'application/json', responseJsonSchema: { $ref: '#' } },
      { type: 'schema', name: 'answer', schema: { $ref: '#' } },
    ],
  ])('demand the form %j', (generationConfig, output) => {
    expect(read({ generationConfig }).output).toEqual(output)
  })

  it.each<[JsonObject, RegExp]>([
    [{ contents: 'Hello' }, /"contents" must be an array/],
    [{ contents: ['Hello'] }, /"contents\[0\]" must be an object/],
    [{ contents: [{ role: 'assistant', parts: [] }] }, /"contents\[0\].role"/],
    [{ tools: [{ functionDeclarations: [{}] }] }, /needs a "name"/],
  ])('are refused as %j, and told why', (body, detail) => {
    expect(() => read(body)).toThrow(
      expect.objectContaining({ code: 'invalid_request', detail: expect.stringMatching(detail) }),
    )
  })
})
