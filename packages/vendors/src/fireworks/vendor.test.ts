import { describe, expect, it } from 'vitest'
import { fireworks } from './vendor.ts'

describe('fireworks', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: fireworks.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(
      fireworks.target(connection, {
        dialect: 'openai-chat',
        model: 'accounts/fireworks/models/llama-v3p3-70b-instruct',
      }),
    ).toEqual({
      url: 'https://api.fireworks.ai/inference/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })

  it('calls responses below the same address', () => {
    const connection = { baseUrl: 'https://api.fireworks.ai/inference/v1', apiKey: 'secret', headers: [], settings: {} }
    const { url } = fireworks.target(connection, { dialect: 'openai-responses', model: 'm' })
    expect(url).toBe('https://api.fireworks.ai/inference/v1/responses')
  })
})
