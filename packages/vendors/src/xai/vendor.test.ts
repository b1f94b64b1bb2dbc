import { describe, expect, it } from 'vitest'
import { xai } from './vendor.ts'

describe('xai', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: xai.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(xai.target(connection, { dialect: 'openai-chat', model: 'grok-4.3' })).toEqual({
      url: 'https://api.x.ai/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })

  it('calls responses below the same address', () => {
    const connection = { baseUrl: 'https://api.x.ai/v1', apiKey: 'secret', headers: [], settings: {} }
    const { url } = xai.target(connection, { dialect: 'openai-responses', model: 'm' })
    expect(url).toBe('https://api.x.ai/v1/responses')
  })

  it('opens sessions of voice agents below the same address', () => {
    const connection = { baseUrl: 'https://api.x.ai/v1', apiKey: 'secret', headers: [], settings: {} }
    const { url } = xai.target(connection, { dialect: 'openai-realtime', model: 'grok-voice-latest' })
    expect(url).toBe('https://api.x.ai/v1/realtime')
  })
})
