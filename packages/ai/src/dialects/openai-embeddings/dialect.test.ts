import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { answered, sentBody, textOf, translate } from '../../testing/exchange.ts'

const ID = 'openai-embeddings'
const toOllama = (body: JsonObject) => translate({ from: ID, to: 'ollama-embed', body })
const fromCohere = (body: JsonObject) => translate({ from: 'cohere-embed', to: ID, body })
const floatsIn = (text: string) => [...new Float32Array(new Uint8Array(Buffer.from(text, 'base64')).buffer)]

describe('a client of OpenAI embeddings', () => {
  it.each([
    ['a', ['a']],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
  ])('may send %j', (input, texts) => {
    expect(sentBody(toOllama({ input })).input).toEqual(texts)
  })

  it.each([[[1, 2]], [[[1, 2], [3]]]])('is told that tokens %j mean nothing to another vendor', (input) => {
    expect(() => toOllama({ input })).toThrow(expect.objectContaining({ code: 'unsupported_feature' }))
  })

  it.each([[[]], [[[]]], [[{}]], [7], [undefined], [['a', 1.5]]])('is refused with %j', (input) => {
    const body = input === undefined ? {} : { input }
    expect(() => toOllama(body as JsonObject)).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })

  it('gets base64 where it asks for it, though the vendor gives numbers only', () => {
    const answer = answered(toOllama({ input: 'a', encoding_format: 'base64' }), { embeddings: [[0.5, -2]] })
    const [first] = answer.data as { embedding: string }[]
    expect(floatsIn(first?.embedding ?? '')).toEqual([0.5, -2])
    expect(() => toOllama({ input: 'a', encoding_format: 'int8' })).toThrow('encoding_format')
  })

  it('says what the vector is for in the field that followers of the format know', () => {
    const task = (input_type: string) => {
      const request = translate({ from: ID, to: 'cohere-embed', body: { input: 'a', input_type } })
      return [sentBody(request).input_type, request.dropped]
    }
    expect(task('passage')).toEqual(['search_document', []])
    expect(task('query')).toEqual(['search_query', []])
    expect(task('poetry')).toEqual(['search_document', ['input_type']])
  })
})

describe('a vendor of OpenAI embeddings', () => {
  it('is asked for numbers, and for as many as the client wants', () => {
    const body = { texts: ['a'], input_type: 'search_query', embedding_types: ['base64'], output_dimension: 64 }
    expect(sentBody(fromCohere(body))).toEqual({ model: 'upstream-model', input: ['a'], dimensions: 64 })
  })

  it('knows no tasks, and refuses text that is too long of itself', () => {
    const dropped = (more: JsonObject) => fromCohere({ texts: ['a'], ...more }).dropped
    expect(dropped({ input_type: 'search_query', truncate: 'END' })).toEqual(['input_type', 'truncate'])
    expect(dropped({ truncate: 'NONE' })).toEqual([])
  })

  it('answers in any order, by index', () => {
    const data = [1, 0].map((index) => ({ index, embedding: [index] }))
    const { embeddings } = answered(fromCohere({ texts: ['a', 'b'] }), { data, usage: { total_tokens: 3 } })
    expect(embeddings).toEqual({ float: [[0], [1]] })
  })
})

describe('a client and a vendor of OpenAI embeddings', () => {
  const pass = (encoding: string | undefined, answer: string) => {
    const body = { input: 'a', ...(encoding === undefined ? {} : { encoding_format: encoding }) }
    const translation = translate({ from: ID, to: ID, body })
    return textOf(translation.response(200, ['content-type', 'application/json'], Buffer.from(answer)).answer.body)
  }
  const NUMBERS =
    '{"object":"list", "data":[{"object":"embedding","index":0,"embedding": [0.5,-2]}],"usage":{"total_tokens":1}}'

  it('exchange the very same bytes', () => {
    expect(pass(undefined, NUMBERS)).toBe(NUMBERS)
    expect(pass('float', NUMBERS)).toBe(NUMBERS)
    const encoded = NUMBERS.replace('[0.5,-2]', '"AAAAPwAAAMA="')
    expect(pass('base64', encoded)).toBe(encoded)
  })

  it('agree on base64 where the client asks for it and the vendor gives numbers all the same', () => {
    const { data, ...rest } = JSON.parse(pass('base64', NUMBERS))
    expect(data).toEqual([{ object: 'embedding', index: 0, embedding: 'AAAAPwAAAMA=' }])
    expect(rest).toEqual({ object: 'list', usage: { total_tokens: 1 } })
  })

  it.each(['{"data":[{"embedding":[1,', '{"data":[{"embedding":["x"]}]}', '{"data":{"embedding":[1]}}'])(
    'leave %s to the client to judge',
    (answer) => {
      expect(pass('base64', `${answer} }`)).toBe(`${answer} }`)
    },
  )
})
