import { describe, expect, it } from 'vitest'
import { perplexity } from './vendor.ts'

describe('perplexity', () => {
  it('calls responses at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: perplexity.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(perplexity.target(connection, { dialect: 'openai-responses', model: 'perplexity/sonar' })).toEqual({
      url: 'https://api.perplexity.ai/v1/responses',
      headers: ['authorization', 'Bearer secret'],
    })
  })
})
