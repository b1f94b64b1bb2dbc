import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { answered, sentBody, textOf, translate } from '../../testing/exchange.ts'

const ID = 'cohere-embed'
const fromGemini = (body: JsonObject, model = 'embed-v4.0') =>
  translate({ from: 'gemini-embed', to: ID, body: { content: { parts: [{ text: 'a' }] }, ...body }, model })
const fromOpenai = (body: JsonObject, model = 'embed-v4.0') =>
  translate({ from: 'openai-embeddings', to: ID, body, model })
const toOpenai = (body: JsonObject) => translate({ from: ID, to: 'openai-embeddings', body })

describe('a vendor of Cohere embeddings', () => {
  it('is always told a task, which is a document unless the client says otherwise', () => {
    expect(sentBody(fromOpenai({ input: ['a'] }))).toEqual({
      model: 'embed-v4.0',
      texts: ['a'],
      input_type: 'search_document',
      embedding_types: ['float'],
    })
  })

  it.each([
    ['RETRIEVAL_QUERY', 'search_query', []],
    ['CLUSTERING', 'clustering', []],
    ['CODE_RETRIEVAL_QUERY', 'search_query', ['input_type']],
    ['SEMANTIC_SIMILARITY', 'clustering', ['input_type']],
  ])('is told %s as %s, and a task that is only near is a loss', (taskType, name, dropped) => {
    const translation = fromGemini({ taskType })
    expect(sentBody(translation).input_type).toBe(name)
    expect(translation.dropped).toEqual(dropped)
  })

  it('is asked for other lengths of vectors only where the model has them', () => {
    expect(sentBody(fromOpenai({ input: 'a', dimensions: 256 })).output_dimension).toBe(256)
    const old = fromOpenai({ input: 'a', dimensions: 256 }, 'embed-multilingual-v3.0')
    expect(sentBody(old)).not.toHaveProperty('output_dimension')
    expect(old.dropped).toEqual(['dimensions'])
  })

  it('is sent 96 texts and no more', () => {
    const input = Array.from({ length: 97 }, () => 'a')
    expect(sentBody(fromOpenai({ input: input.slice(1) })).texts).toHaveLength(96)
    expect(() => fromOpenai({ input })).toThrow(expect.objectContaining({ code: 'unsupported_feature' }))
  })

  it('may answer with bare vectors, as its first version does', () => {
    expect(answered(fromGemini({}), { embeddings: [[0.5]] })).toEqual({ embedding: { values: [0.5] } })
  })
})

describe('a client of Cohere embeddings', () => {
  it('gets its vectors under each type it asked for', () => {
    const translation = toOpenai({ texts: ['a'], embedding_types: ['float', 'base64'] })
    const answer = answered(translation, { data: [{ embedding: [0.5, -2] }], usage: { prompt_tokens: 3 } })
    expect(answer).toMatchObject({
      embeddings: { float: [[0.5, -2]], base64: ['AAAAPwAAAMA='] },
      texts: ['a'],
      meta: { billed_units: { input_tokens: 3 } },
      response_type: 'embeddings_by_type',
    })
  })

  it('loses the types that only its own vendor has', () => {
    const translation = toOpenai({ texts: ['a'], embedding_types: ['int8', 'ubinary'], max_tokens: 5 })
    expect(translation.dropped).toEqual(['max_tokens', 'embedding_types.int8', 'embedding_types.ubinary'])
  })

  it('may give texts as inputs, but no images', () => {
    const text = { type: 'text', text: 'a' }
    expect(sentBody(toOpenai({ inputs: [{ content: [text, text] }] })).input).toEqual(['a\na'])
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }
    const unsupported = expect.objectContaining({ code: 'unsupported_feature' })
    expect(() => toOpenai({ inputs: [{ content: [text, image] }] })).toThrow(unsupported)
    expect(() => toOpenai({ images: ['data:image/png;base64,AA=='] })).toThrow(unsupported)
  })

  it.each([{}, { texts: [] }, { texts: [1] }, { texts: 'a' }])('is refused with %j', (body) => {
    expect(() => toOpenai(body)).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })
})

describe('a client and a vendor of Cohere embeddings', () => {
  it('exchange the very same bytes but for the model, and tokens are counted', () => {
    const body = '{ "texts":["a"], "model":"public","embedding_types":["int8"] }'
    const translation = translate({ from: ID, to: ID, body, model: 'theirs', isStrict: true })
    expect(textOf(translation.body)).toBe(body.replace('public', 'theirs'))
    const answer = '{"id":"1", "embeddings":{"int8":[[1]]},"meta":{"billed_units":{"input_tokens":4}}}'
    const { answer: given, facts } = translation.response(200, [], Buffer.from(answer))
    expect(textOf(given.body)).toBe(answer)
    expect(facts).toMatchObject({ isComplete: true, usage: { inputTokens: 4 } })
  })
})
