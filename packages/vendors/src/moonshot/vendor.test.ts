import { describe, expect, it } from 'vitest'
import { moonshot } from './vendor.ts'

describe('moonshot', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: moonshot.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(moonshot.target(connection, { dialect: 'openai-chat', model: 'kimi-k2.6' })).toEqual({
      url: 'https://api.moonshot.ai/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })

  it('calls responses below the same address', () => {
    const connection = { baseUrl: 'https://api.moonshot.ai/v1', apiKey: 'secret', headers: [], settings: {} }
    const { url } = moonshot.target(connection, { dialect: 'openai-responses', model: 'm' })
    expect(url).toBe('https://api.moonshot.ai/v1/responses')
  })
})
