import { describe, expect, it } from 'vitest'
import { base64Of, type EmbeddingRequest, limitInputs, readVector, settleEmbeddings, textsOf } from './embedding.ts'

const request: EmbeddingRequest = {
  inputs: [
    { type: 'text', text: 'a' },
    { type: 'text', text: 'b' },
  ],
  encodings: ['float'],
  losses: [],
}
const vector = (index: number) => ({ index, values: [index] })
const upstreamInvalid = expect.objectContaining({ code: 'upstream_invalid' })
const unsupported = expect.objectContaining({ code: 'unsupported_feature' })

describe('settling vectors', () => {
  it('puts them in the order of their inputs', () => {
    const { vectors } = settleEmbeddings({ vectors: [vector(1), vector(0)], usage: null }, request)
    expect(vectors).toEqual([vector(0), vector(1)])
  })

  it.each([
    ['one is missing', [vector(0)]],
    ['there is one too many', [vector(0), vector(1), vector(2)]],
    ['one came twice', [vector(0), vector(0)]],
    ['a place is none', [vector(0), vector(-1)]],
  ])('refuses an answer where %s', (_fault, vectors) => {
    expect(() => settleEmbeddings({ vectors, usage: null }, request)).toThrow(upstreamInvalid)
  })
})

describe('a vector', () => {
  it.each([[[]], [undefined], ['AAAA'], [[1, null]], [[1, '2']]])('is not %j', (value) => {
    expect(() => readVector(value)).toThrow(upstreamInvalid)
  })

  it('in base64 holds little-endian 32-bit floats', () => {
    const values = [0, 1, -0.5, 0.1, 3.4e38]
    const bytes = Buffer.from(base64Of(values), 'base64')
    expect(values.map((_, index) => bytes.readFloatLE(index * 4))).toEqual(values.map(Math.fround))
    expect(bytes).toHaveLength(values.length * 4)
  })
})

describe('inputs', () => {
  it('are refused where they are more than a vendor takes, with both numbers', () => {
    expect(() => limitInputs(request, 2)).not.toThrow()
    expect(() => limitInputs(request, 1)).toThrow(unsupported)
    expect(() => limitInputs(request, 1)).toThrow(/at most 1 .* holds 2/)
  })

  it('that are tokens are no text for another vendor', () => {
    expect(textsOf(request)).toEqual(['a', 'b'])
    expect(() => textsOf({ ...request, inputs: [{ type: 'tokens', tokens: [1] }] })).toThrow(unsupported)
  })
})
