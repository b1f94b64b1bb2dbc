import { describe, expect, it } from 'vitest'
import { together } from './vendor.ts'

describe('together', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: together.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(together.target(connection, { dialect: 'openai-chat', model: 'openai/gpt-oss-20b' })).toEqual({
      url: 'https://api.together.ai/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })
})
