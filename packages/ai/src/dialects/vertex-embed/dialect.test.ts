import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { answered, sentBody, translate } from '../../testing/exchange.ts'

const ID = 'vertex-embed'
const fromCohere = (body: JsonObject, model = 'text-embedding-005') =>
  translate({ from: 'cohere-embed', to: ID, body: { texts: ['a', 'b'], ...body }, model })

describe('embeddings of Vertex AI', () => {
  it('are asked for as predictions of instances', () => {
    const body = { input_type: 'search_query', output_dimension: 8, truncate: 'NONE' }
    expect(sentBody(fromCohere(body))).toEqual({
      instances: [
        { content: 'a', task_type: 'RETRIEVAL_QUERY' },
        { content: 'b', task_type: 'RETRIEVAL_QUERY' },
      ],
      parameters: { outputDimensionality: 8, autoTruncate: false },
    })
    expect(fromCohere({ truncate: 'START' }).dropped).toEqual(['truncate'])
  })

  it('keep the title of a document', () => {
    const content = { parts: [{ text: 'a' }] }
    const request = translate({ from: 'gemini-embed', to: ID, body: { content, title: 't' } })
    expect(sentBody(request)).toEqual({ instances: [{ content: 'a', title: 't' }], parameters: {} })
  })

  it('are one at a time of the models that take no more', () => {
    expect(() => fromCohere({}, 'gemini-embedding-001')).toThrow(/at most 1 /)
    expect(() => fromCohere({ texts: Array.from({ length: 251 }, () => 'a') })).toThrow(/at most 250 /)
  })

  it('are read with the tokens of all predictions', () => {
    const prediction = (value: number) => ({
      embeddings: { values: [value], statistics: { token_count: 3, truncated: false } },
    })
    const answer = answered(fromCohere({}), { predictions: [prediction(1), prediction(2)] })
    expect(answer).toMatchObject({ embeddings: { float: [[1], [2]] }, meta: { billed_units: { input_tokens: 6 } } })
  })
})
