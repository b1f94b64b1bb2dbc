import { describe, expect, it } from 'vitest'
import { xai } from './vendor.ts'

describe('xai', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: xai.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(xai.target(connection, { operation: 'chat', dialect: 'openai-chat', model: 'grok-4.3' })).toEqual({
      url: 'https://api.x.ai/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })
})
