import { describe, expect, it } from 'vitest'
import { parasail } from './vendor.ts'

describe('parasail', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: parasail.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(parasail.target(connection, { dialect: 'openai-chat', model: 'parasail-llama-33-70b-fp8' })).toEqual({
      url: 'https://api.parasail.io/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })
})
