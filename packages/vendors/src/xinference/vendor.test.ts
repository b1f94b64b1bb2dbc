import { describe, expect, it } from 'vitest'
import { xinference } from './vendor.ts'

describe('xinference', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: xinference.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(xinference.target(connection, { dialect: 'openai-chat', model: 'qwen2.5-instruct' })).toEqual({
      url: 'http://localhost:9997/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })

  it('works without a key', () => {
    const connection = { baseUrl: 'http://localhost:9997/v1', apiKey: undefined, headers: [], settings: {} }
    const { headers } = xinference.target(connection, { dialect: 'openai-chat', model: 'm' })
    expect(headers).toEqual([])
    expect(xinference.needsApiKey).toBe(false)
  })
})
