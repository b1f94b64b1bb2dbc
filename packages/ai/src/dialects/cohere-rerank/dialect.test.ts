import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { answered, sentBody, textOf, translate } from '../../testing/exchange.ts'

const ID = 'cohere-rerank'
const REQUEST = { query: 'q', documents: ['a', 'b'] }
const RESULTS = [
  { index: 1, relevance_score: 0.8 },
  { index: 0, relevance_score: 0.1 },
]
const from = (client: string, body: JsonObject = {}) =>
  translate({ from: client, to: ID, body: { ...REQUEST, ...body } })
const to = (vendor: string, body: JsonObject = {}) => translate({ from: ID, to: vendor, body: { ...REQUEST, ...body } })

describe('rankings in version 2 of Cohere', () => {
  it('are asked for by name, with how many are wanted', () => {
    const body = { top_n: 1, return_documents: true, max_tokens_per_doc: 9 }
    expect(sentBody(from('rerank', body))).toEqual({
      model: 'upstream-model',
      ...REQUEST,
      top_n: 1,
      max_tokens_per_doc: 9,
    })
  })

  it('rank documents of several fields by the text of the fields that the client names', () => {
    const documents = [{ title: 't', text: 'x', id: 7 }, 'b']
    expect(sentBody(from('rerank', { documents, rank_fields: ['title', 'text', 'id'] })).documents).toEqual([
      'title: t\ntext: x',
      'b',
    ])
    expect(sentBody(from('rerank', { documents })).documents).toEqual(['x', 'b'])
  })

  it.each<[JsonObject]>([
    [{ query: 7 }],
    [{ documents: [] }],
    [{ documents: 'a' }],
    [{ documents: [{ id: 1 }] }],
    [{ top_n: 0 }],
    [{ top_n: 'many' }],
  ])('are refused with %j', (body) => {
    expect(() => from('rerank', body)).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })

  it('say what is left out', () => {
    expect(from('rerank', { truncation: false, max_chunks_per_doc: 3, user: 'u' }).dropped).toEqual([
      'max_chunks_per_doc',
      'user',
      'truncation',
    ])
    expect(from('rerank', { truncation: true }).dropped).toEqual([])
  })

  it('become the ranking of any client, with documents where it asks for them', () => {
    const meta = { billed_units: { search_units: 1 } }
    const translation = from('rerank', { return_documents: true, documents: ['a', { text: 'b', id: 7 }] })
    expect(answered(translation, { id: 'x', results: RESULTS, meta })).toEqual({
      id: 'request1',
      model: 'public',
      results: [
        { index: 1, relevance_score: 0.8, document: { text: 'b', id: 7 } },
        { index: 0, relevance_score: 0.1, document: { text: 'a' } },
      ],
      meta,
    })
  })

  it('are not counted in tokens where they are billed in searches', () => {
    const body = JSON.stringify({ results: RESULTS, meta: { billed_units: { search_units: 1 } } })
    const { facts } = from('rerank').response(200, [], Buffer.from(body))
    expect(facts).toMatchObject({ isComplete: true, usage: null })
  })

  it('reach its clients from any vendor, with what that vendor counts', () => {
    const answer = answered(to('voyage-rerank'), { data: RESULTS, usage: { total_tokens: 26 } })
    expect(answer).toEqual({
      id: 'request1',
      results: RESULTS,
      meta: { api_version: { version: '2' }, billed_units: { input_tokens: 26 } },
    })
  })

  it.each(['{}', '{"results":[]}', '{"results":[{"index":9,"relevance_score":1}]}', '{"results":[{"index":0}]}', '7'])(
    'are an invalid answer as %s',
    (body) => {
      const { facts, answer } = from('rerank').response(200, [], Buffer.from(body))
      expect(facts.error?.code).toBe('upstream_invalid')
      expect(JSON.parse(textOf(answer.body))).toEqual({ message: expect.any(String) })
    },
  )

  it('pass between a client and a vendor byte for byte, but for the model', () => {
    const body = '{ "query":"q", "documents":["a"],"model":"public","priority":3 }'
    expect(textOf(translate({ from: ID, to: ID, body, model: 'm', isStrict: true }).body)).toBe(
      body.replace('public', 'm'),
    )
  })
})
