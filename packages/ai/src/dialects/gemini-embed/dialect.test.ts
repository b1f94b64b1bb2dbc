import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { answered, sentBody, textOf, translate } from '../../testing/exchange.ts'
import { createTranslator } from '../../translator.ts'

const ID = 'gemini-embed'
const content = { parts: [{ text: 'a' }, { text: 'b' }] }
const toOpenai = (body: JsonObject) => translate({ from: ID, to: 'openai-embeddings', body })
const fromOpenai = (body: JsonObject) =>
  translate({ from: 'openai-embeddings', to: ID, body, model: 'gemini-embedding-001' })

describe('embedContent', () => {
  it('is found by the action, whatever the model is called', () => {
    const translator = createTranslator()
    expect(translator.dialectAt('gemini', '/v1beta/models/x:embedContent')).toBe(ID)
    expect(translator.dialectAt('gemini', '/v1beta/models/x:generateContent')).toBe('gemini')
    expect(translator.dialectAt('gemini', '/v1beta/models/a:embedContent:generateContent')).toBe('gemini')
    expect(translator.dialectAt('gemini', '/v1beta/models/a%2Fb:c:embedContent')).toBe(ID)
    expect(translator.dialectAt('openai-chat', '/v1/chat/completions')).toBe('openai-chat')
    const facts = translator.readFacts(ID, Buffer.from('{}'), '/v1beta/models/a%2Fb:c:embedContent')
    expect(facts).toEqual({ model: 'a/b:c', isStream: false })
    expect(() => translator.readFacts(ID, Buffer.from('{'), '/v1beta/models/a:embedContent')).toThrow(
      expect.objectContaining({ code: 'malformed_json' }),
    )
  })

  it('embeds all parts of a content as one text, in either spelling of the fields', () => {
    expect(sentBody(toOpenai({ content, output_dimensionality: 64 }))).toEqual({
      model: 'upstream-model',
      input: ['a\nb'],
      dimensions: 64,
    })
    expect(answered(toOpenai({ content }), { data: [{ embedding: [0.5] }] })).toEqual({ embedding: { values: [0.5] } })
  })

  it('loses what it is for where the vendor has no tasks, and images everywhere', () => {
    const titled = { content, taskType: 'RETRIEVAL_DOCUMENT', title: 't', newField: 1 }
    expect(toOpenai(titled).dropped).toEqual(['newField', 'input_type', 'title'])
    expect(toOpenai({ content, taskType: 'TASK_TYPE_UNSPECIFIED' }).dropped).toEqual([])
    const image = { parts: [{ inlineData: { mimeType: 'image/png', data: 'AA==' } }] }
    expect(() => toOpenai({ content: image })).toThrow(expect.objectContaining({ code: 'unsupported_feature' }))
    expect(() => toOpenai({})).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })

  it('is asked of the vendor for one text only', () => {
    expect(sentBody(fromOpenai({ input: 'a', dimensions: 8 }))).toEqual({
      model: 'models/gemini-embedding-001',
      content: { parts: [{ text: 'a' }] },
      outputDimensionality: 8,
    })
    expect(() => fromOpenai({ input: ['a', 'b'] })).toThrow(expect.objectContaining({ code: 'unsupported_feature' }))
  })

  it('passes between a client and a vendor byte for byte, but for a model that the body names', () => {
    const bytes = '{ "content":{"parts":[{"text":"a"}]} }'
    const pass = (body: string) => textOf(translate({ from: ID, to: ID, body, model: 'm' }).body)
    expect(pass(bytes)).toBe(bytes)
    expect(pass('{ "model" : "models/public", "x":1.0 }')).toBe('{ "model" : "models/m", "x":1.0 }')
  })

  it('is complete with a vector, and counts the tokens that newer models count', () => {
    const facts = (body: string) =>
      translate({ from: ID, to: ID, body: { content } }).response(200, [], Buffer.from(body)).facts
    expect(facts('{"embedding":{"values":[1]}}')).toMatchObject({ isComplete: true, usage: null })
    const counted = facts('{"embedding":{"values":[1]},"usageMetadata":{"promptTokenCount":3}}')
    expect(counted.usage).toMatchObject({ inputTokens: 3 })
    expect(facts('{}')).toMatchObject({ isComplete: false })
  })

  it('answers errors as Google does', () => {
    const translation = toOpenai({ content })
    const { answer } = translation.response(404, [], Buffer.from('{"error":{"message":"no such model"}}'))
    expect(JSON.parse(textOf(answer.body))).toEqual({
      error: { code: 404, message: 'no such model', status: 'NOT_FOUND' },
    })
  })
})
