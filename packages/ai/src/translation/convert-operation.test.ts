import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { canTranslate, operationOf } from '../dialects/list.ts'
import { answered, sentBody, type TestRequest, textOf, translate } from '../testing/exchange.ts'

const toCohere = (body: JsonObject, more: Partial<TestRequest> = {}) =>
  translate({ from: 'openai-embeddings', to: 'cohere-embed', body: { input: ['a', 'b'], ...body }, ...more })
const JSON_TYPE = ['content-type', 'application/json']
const respond = (status: number, body: string) => toCohere({}).response(status, JSON_TYPE, Buffer.from(body))

describe('an operation between two formats', () => {
  it('is sent in the words of the vendor and answered in those of the client, under the public name', () => {
    const translation = toCohere({})
    expect(sentBody(translation)).toMatchObject({ model: 'upstream-model', texts: ['a', 'b'] })
    expect(translation.headers).toEqual(JSON_TYPE)
    const embeddings = { float: [[0.25], [0.5]] }
    expect(answered(translation, { embeddings, meta: { billed_units: { input_tokens: 7 } } })).toEqual({
      object: 'list',
      data: [
        { object: 'embedding', index: 0, embedding: [0.25] },
        { object: 'embedding', index: 1, embedding: [0.5] },
      ],
      model: 'public',
      usage: { prompt_tokens: 7, total_tokens: 7 },
    })
  })

  it('is accounted with the usage of the vendor, as a complete answer', () => {
    const { facts } = respond(200, '{"embeddings":{"float":[[1],[2]]},"meta":{"billed_units":{"input_tokens":7}}}')
    expect(facts).toMatchObject({ isComplete: true, hasContent: true, finishReason: null, error: null })
    expect(facts.usage).toMatchObject({ inputTokens: 7, outputTokens: 0 })
  })

  it('says what it leaves out, and strict mode refuses what may change the answer', () => {
    const dimensions = { dimensions: 256, user: 'u' }
    const model = 'embed-english-v3.0'
    expect(toCohere(dimensions, { model }).dropped).toEqual(['user', 'dimensions'])
    expect(() => toCohere(dimensions, { model, isStrict: true })).toThrow(
      expect.objectContaining({ code: 'unsupported_feature', detail: expect.stringContaining('dimensions') }),
    )
    expect(toCohere({ user: 'u' }, { isStrict: true }).dropped).toEqual(['user'])
    expect(() => toCohere({ brand_new: 1 }, { isStrict: true })).toThrow('brand_new')
  })

  it.each(['{}', '[]', 'null', '<html>', '', '{"embeddings":{"float":[[1]]}}', '{"embeddings":{"float":[[1],[]]}}'])(
    'ends in an error of the client when the vendor answers %j',
    (body) => {
      const { answer, facts } = respond(200, body)
      expect(answer.status).toBe(502)
      expect(JSON.parse(textOf(answer.body)).error).toMatchObject({ type: 'server_error', code: 'upstream_invalid' })
      expect(facts).toMatchObject({ isComplete: false, usage: null, error: { code: 'upstream_invalid' } })
    },
  )

  it('passes the error of the vendor on in the words of the client, with its status', () => {
    const { answer, facts } = respond(429, '{"message":"slow down, key sk-abcdefghij"}')
    expect(answer.status).toBe(429)
    expect(JSON.parse(textOf(answer.body)).error).toMatchObject({ message: 'slow down, key ***' })
    expect(facts.error).toMatchObject({ code: 'upstream_error', status: 429 })
  })

  it('does not exist between operations, and is never streamed', () => {
    expect(canTranslate('openai-embeddings', 'rerank')).toBe(false)
    expect(canTranslate('rerank', 'openai-chat')).toBe(false)
    expect(canTranslate('voyage-rerank', 'rerank')).toBe(false)
    expect(canTranslate('rerank', 'voyage-rerank')).toBe(true)
    expect(operationOf('openai-chat', 'gemini')).toBeUndefined()
    expect(() => toCohere({}).stream()).toThrow(RangeError)
  })
})
