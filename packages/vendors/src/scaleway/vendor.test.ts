import { describe, expect, it } from 'vitest'
import { scaleway } from './vendor.ts'

describe('scaleway', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: scaleway.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(scaleway.target(connection, { dialect: 'openai-chat', model: 'llama-3.3-70b-instruct' })).toEqual({
      url: 'https://api.scaleway.ai/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })
})
