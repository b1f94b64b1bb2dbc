import { describe, expect, it } from 'vitest'
import { maskSecrets, readVendorError, vendorError } from './error.ts'

describe('maskSecrets', () => {
  it.each([
    ['Incorrect API key provided: sk-proj-abcd1234efgh.', 'Incorrect API key provided: ***'],
    ['key gsk_abcdefghijkl is bad', 'key *** is bad'],
    ['Authorization: Bearer abc.def', 'Authorization: ***'],
    ['connect ECONNREFUSED 10.0.0.5:8000', 'connect ECONNREFUSED ***'],
    ['see http://localhost:11434/api and http://vllm:8000/v1', 'see *** and ***'],
    ['at https://llm.prod.internal/v1', 'at ***'],
  ])('masks what is secret in %j', (text, masked) => {
    expect(maskSecrets(text)).toBe(masked)
  })

  it.each([
    'See https://docs.anthropic.com/en/docs for more',
    'The model `gpt-9` does not exist',
    'max_tokens: 5 > 4',
    'skip-the-line is no key',
    'Request id req_011CSHoEeqs5C35K2UUqR7Fy',
  ])('leaves %j alone', (text) => {
    expect(maskSecrets(text)).toBe(text)
  })
})

describe('readVendorError', () => {
  it.each([
    ['{"error":{"message":"m","type":"t","code":"c"}}', { message: 'm', type: 't', code: 'c' }],
    ['{"message":"m","type":"t","object":"error"}', { message: 'm', type: 't', code: undefined }],
    ['{"error":"m"}', { message: 'm', type: undefined, code: undefined }],
    ['{"detail":"m"}', { message: 'm', type: undefined, code: undefined }],
    ['<html>', { message: undefined, type: undefined, code: undefined }],
  ])('reads %s', (body, expected) => {
    expect(readVendorError(Buffer.from(body))).toEqual(expected)
  })
})

describe('vendorError', () => {
  it('keeps the status, tells the client the message and the operator everything', () => {
    const error = vendorError(429, { message: 'Slow down', type: 'rate_limit', code: 'rpm' })
    expect(error).toMatchObject({ code: 'upstream_error', status: 429, detail: 'Slow down' })
    expect(error.reason).toBe('The vendor answered 429: rate_limit: rpm: Slow down')
  })

  it('says something general when the vendor said nothing', () => {
    expect(vendorError(502, { message: undefined, type: undefined, code: undefined }).detail).toBe(
      'The upstream answered with an error.',
    )
  })
})
