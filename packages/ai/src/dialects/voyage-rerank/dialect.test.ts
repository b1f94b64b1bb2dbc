import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { answered, sentBody, translate } from '../../testing/exchange.ts'

const REQUEST = { query: 'q', documents: ['a', 'b'] }
const RESULTS = [
  { index: 1, relevance_score: 0.8 },
  { index: 0, relevance_score: 0.1 },
]
const from = (client: string, body: JsonObject = {}) =>
  translate({ from: client, to: 'voyage-rerank', body: { ...REQUEST, ...body } })

describe('rankings of Voyage', () => {
  it('are asked for in its words, by clients of every format', () => {
    const expected = { model: 'upstream-model', ...REQUEST, top_k: 1 }
    expect(sentBody(from('cohere-rerank', { top_n: 1 }))).toEqual(expected)
    expect(sentBody(from('rerank', { top_n: 1, return_documents: true }))).toEqual(expected)
    expect(sentBody(from('rerank', { top_k: 1, truncation: false }))).toEqual({ ...expected, truncation: false })
    expect(from('cohere-rerank', { max_tokens_per_doc: 9 }).dropped).toEqual(['max_tokens_per_doc'])
  })

  it('become results for clients of Cohere and Jina', () => {
    const answer = answered(from('rerank'), { data: RESULTS, usage: { total_tokens: 26 } })
    expect(answer).toMatchObject({ results: RESULTS, usage: { total_tokens: 26 } })
  })

  it('stay what they are for its own clients, which are known by their words', () => {
    const answer = answered(from('rerank', { top_k: null, return_documents: true }), {
      object: 'list',
      data: RESULTS,
      usage: { total_tokens: 26 },
    })
    expect(answer).toEqual({
      object: 'list',
      data: [
        { index: 1, relevance_score: 0.8, document: 'b' },
        { index: 0, relevance_score: 0.1, document: 'a' },
      ],
      model: 'public',
      usage: { prompt_tokens: 26, total_tokens: 26 },
    })
  })

  it('are read by its clients from other vendors too', () => {
    const translation = translate({ from: 'rerank', to: 'cohere-rerank', body: { ...REQUEST, top_k: 1 } })
    expect(answered(translation, { results: RESULTS })).toMatchObject({ object: 'list', data: RESULTS.slice(0, 1) })
  })
})
