import { describe, expect, it } from 'vitest'
import { lmStudio } from './vendor.ts'

describe('lm-studio', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: lmStudio.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(lmStudio.target(connection, { dialect: 'openai-chat', model: 'qwen3-8b' })).toEqual({
      url: 'http://localhost:1234/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })

  it('calls responses below the same address', () => {
    const connection = { baseUrl: 'http://localhost:1234/v1', apiKey: 'secret', headers: [], settings: {} }
    const { url } = lmStudio.target(connection, { dialect: 'openai-responses', model: 'm' })
    expect(url).toBe('http://localhost:1234/v1/responses')
  })

  it('works without a key', () => {
    const connection = { baseUrl: 'http://localhost:1234/v1', apiKey: undefined, headers: [], settings: {} }
    const { headers } = lmStudio.target(connection, { dialect: 'openai-chat', model: 'm' })
    expect(headers).toEqual([])
    expect(lmStudio.needsApiKey).toBe(false)
  })
})
