import { describe, expect, it } from 'vitest'
import { lmStudio } from './vendor.ts'

describe('lm-studio', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: lmStudio.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(lmStudio.target(connection, { operation: 'chat', dialect: 'openai-chat', model: 'qwen3-8b' })).toEqual({
      url: 'http://localhost:1234/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })

  it('works without a key', () => {
    const connection = { baseUrl: 'http://localhost:1234/v1', apiKey: undefined, headers: [], settings: {} }
    const { headers } = lmStudio.target(connection, { operation: 'chat', dialect: 'openai-chat', model: 'm' })
    expect(headers).toEqual([])
    expect(lmStudio.needsApiKey).toBe(false)
  })
})
