import { GatewayError, type JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { textOf, translate } from '../../testing/exchange.ts'
import { createTranslator } from '../../translator.ts'

const ID = 'rerank'
const translator = createTranslator()
const send = (body: string) => translate({ from: ID, to: ID, body, model: 'theirs', isStrict: true })
const REQUEST = '{"model":"ours","query":"q","documents":["a","b"]}'
const RESULTS = [
  { index: 1, relevance_score: 0.8215377926826477 },
  { index: 0, relevance_score: -4.758295059204102 },
]

function respond(status: number, body: string) {
  const { answer, facts } = send(REQUEST).response(status, ['content-type', 'application/json'], Buffer.from(body))
  return { ...answer, text: textOf(answer.body), facts }
}

describe('ranking documents', () => {
  it('is asked for at both versions of the path, each a format of its own', () => {
    const at = (path: string) => translator.endpoints.find((one) => one.path === path)?.dialect
    expect([at('/v1/rerank'), at('/v2/rerank')]).toEqual([ID, 'cohere-rerank'])
    expect(translator.readFacts(ID, Buffer.from(REQUEST), '/v1/rerank')).toEqual({ model: 'ours', isStream: false })
    expect(() => translator.readFacts(ID, Buffer.from('{"query":"q"}'), '/v1/rerank')).toThrow('"model"')
  })

  it('changes the model in its place and not one other byte, whatever the vendor calls its settings', () => {
    const body = '{ "query":"q","documents":[{"text":"a"},"b"],"top_n":1, "top_k":1,"model" : "ours", "x":1.0 }'
    expect(textOf(send(body).body)).toBe(body.replace('ours', 'theirs'))
    expect(send(body).dropped).toEqual([])
  })

  it.each<[string, JsonObject, number | null]>([
    ['Jina, llama.cpp', { results: RESULTS, usage: { prompt_tokens: 55, total_tokens: 55 } }, 55],
    ['Voyage', { data: RESULTS, usage: { total_tokens: 26 } }, 26],
    ['Cohere, billed by search', { results: RESULTS, meta: { billed_units: { search_units: 1 } } }, null],
    [
      'Cohere, billed by search, tokens counted',
      { results: RESULTS, meta: { billed_units: { search_units: 1 }, tokens: { input_tokens: 70 } } },
      70,
    ],
    [
      'Cohere, billed by tokens',
      { results: RESULTS, meta: { billed_units: { input_tokens: 40 }, tokens: { input_tokens: 70 } } },
      40,
    ],
    ['nobody', { results: RESULTS }, null],
  ])('passes the ranking as %s write it, and knows its tokens', (_vendor, body, tokens) => {
    const { text, facts } = respond(200, JSON.stringify(body))
    expect(text).toBe(JSON.stringify(body))
    expect(facts).toMatchObject({ isComplete: true, hasContent: true, finishReason: null, error: null })
    if (tokens === null) expect(facts.usage).toBeNull()
    else expect(facts.usage).toMatchObject({ inputTokens: tokens, outputTokens: 0 })
  })

  it.each(['{}', '<html>', '{"message":"no"}'])('is not complete with %s', (body) => {
    expect(respond(200, body).facts).toMatchObject({ isComplete: false, usage: null })
  })

  it.each([
    ['{"message":"too many documents"}', 'too many documents'],
    ['{"detail":"no such model"}', 'no such model'],
    ['{"error":{"code":400,"message":"documents must be there"}}', 'documents must be there'],
  ])('passes the error %s, and reads it', (body, message) => {
    const { status, text, facts } = respond(400, body)
    expect([status, text]).toEqual([400, body])
    expect(facts.error).toMatchObject({ code: 'upstream_error', status: 400, detail: message })
  })

  it('has a message for errors of the gateway, and for those of a vendor that are no JSON', () => {
    const own = translator.renderError(ID, new GatewayError('credential_missing'), 'request1')
    expect(own.status).toBe(401)
    expect(JSON.parse(textOf(own.body))).toEqual({ message: new GatewayError('credential_missing').detail })
    expect(JSON.parse(respond(502, '<html>').text)).toEqual({ message: expect.any(String) })
    expect(respond(529, '').status).toBe(503)
  })
})
