import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { answered, sentBody, translate } from '../../testing/exchange.ts'

const TITAN = 'amazon.titan-embed-text-v2:0'
const COHERE = 'us.cohere.embed-v4:0'
const request = (body: JsonObject, model: string) =>
  translate({ from: 'openai-embeddings', to: 'bedrock-embed', body, model })
const unsupported = expect.objectContaining({ code: 'unsupported_feature' })

describe('embeddings of Bedrock', () => {
  it('are asked for in the words of Titan, one at a time', () => {
    expect(sentBody(request({ input: 'a', dimensions: 256 }, TITAN))).toEqual({ inputText: 'a', dimensions: 256 })
    expect(() => request({ input: ['a', 'b'] }, TITAN)).toThrow(unsupported)
    const first = request({ input: 'a', dimensions: 256 }, 'amazon.titan-embed-text-v1')
    expect(sentBody(first)).toEqual({ inputText: 'a' })
    expect(first.dropped).toEqual(['dimensions'])
  })

  it('are asked for in the words of Cohere, without the model, which stands in the address', () => {
    expect(sentBody(request({ input: ['a', 'b'], dimensions: 256 }, COHERE))).toEqual({
      texts: ['a', 'b'],
      input_type: 'search_document',
      embedding_types: ['float'],
      output_dimension: 256,
    })
  })

  it('are refused where nobody knows the words of the model', () => {
    expect(() => request({ input: 'a' }, 'amazon.nova-lite-v1:0')).toThrow(unsupported)
  })

  it('say what Titan leaves out', () => {
    const body = { texts: ['a'], input_type: 'search_query', truncate: 'END' }
    const translation = translate({ from: 'cohere-embed', to: 'bedrock-embed', body, model: TITAN })
    expect(translation.dropped).toEqual(['input_type', 'truncate'])
  })

  it('are read with the count that Titan puts into the answer', () => {
    const answer = answered(request({ input: 'a' }, TITAN), { embedding: [0.5], inputTextTokenCount: 10 })
    expect(answer).toMatchObject({ data: [{ embedding: [0.5] }], usage: { prompt_tokens: 10 } })
  })

  it.each([
    [['x-amzn-bedrock-input-token-count', '12'], 12],
    [[], undefined],
    [['x-amzn-bedrock-input-token-count', 'many'], undefined],
  ])('are read with the count that stands in the response fields %j', (headers, tokens) => {
    const body = Buffer.from('{"embeddings":{"float":[[0.5]]},"response_type":"embeddings_by_type"}')
    const { facts } = request({ input: 'a' }, COHERE).response(200, headers, body)
    expect(facts.isComplete).toBe(true)
    expect(facts.usage?.inputTokens).toBe(tokens)
  })
})
