import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { answered, sentBody, textOf, translate } from '../../testing/exchange.ts'

const ID = 'gemini-batch-embed'
const one = (text: string, more: JsonObject = {}) => ({
  model: 'models/public',
  content: { parts: [{ text }] },
  ...more,
})
const toCohere = (requests: JsonObject[]) => translate({ from: ID, to: 'cohere-embed', body: { requests } })
const fromOpenai = (body: JsonObject, model = 'gemini-embedding-001') =>
  translate({ from: 'openai-embeddings', to: ID, body, model })

describe('batchEmbedContents', () => {
  it('becomes one request of another format where its requests want the same', () => {
    const query = { taskType: 'RETRIEVAL_QUERY', outputDimensionality: 8 }
    expect(sentBody(toCohere([one('a', query), one('b', query)]))).toMatchObject({
      texts: ['a', 'b'],
      input_type: 'search_query',
      output_dimension: 8,
    })
    const mixed = [one('a', query), one('b')]
    expect(() => toCohere(mixed)).toThrow(expect.objectContaining({ code: 'unsupported_feature' }))
    for (const requests of [[], [one('a'), 1], 'a'] as JsonObject[][]) {
      expect(() => toCohere(requests)).toThrow(expect.objectContaining({ code: 'invalid_request' }))
    }
  })

  it('is answered with one vector for each request', () => {
    const answer = answered(toCohere([one('a'), one('b')]), { embeddings: { float: [[1], [2]] } })
    expect(answer).toEqual({ embeddings: [{ values: [1] }, { values: [2] }] })
  })

  it('asks the vendor for up to 100 texts, each naming the model', () => {
    const input = Array.from({ length: 101 }, (_, index) => `${index}`)
    const { requests } = sentBody(fromOpenai({ input: input.slice(0, 100), dimensions: 8 })) as { requests: object[] }
    expect(requests).toHaveLength(100)
    expect(requests[99]).toEqual({
      model: 'models/gemini-embedding-001',
      content: { parts: [{ text: '99' }] },
      outputDimensionality: 8,
    })
    expect(() => fromOpenai({ input })).toThrow(/at most 100/)
    expect(sentBody(fromOpenai({ input: 'a' }, 'tunedModels/mine'))).toMatchObject({
      requests: [{ model: 'tunedModels/mine' }],
    })
  })

  it('passes between a client and a vendor with the model replaced in each request', () => {
    const body =
      '{ "requests": [{"model":"models/public","content":{"parts":[{"text":"é"}]},"seed":12345678901234567890}] , "x":1.0}'
    const pass = (model: string) => textOf(translate({ from: ID, to: ID, body, model }).body)
    expect(pass('public')).toBe(body)
    expect(pass('m')).toBe(body.replace('models/public', 'models/m'))
    const odd = '{"requests":[1],"x":2}'
    expect(textOf(translate({ from: ID, to: ID, body: odd }).body)).toBe(odd)
  })
})
