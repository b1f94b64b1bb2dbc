import { describe, expect, it } from 'vitest'
import { friendli } from './vendor.ts'

describe('friendli', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: friendli.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(friendli.target(connection, { dialect: 'openai-chat', model: 'zai-org/GLM-5.3' })).toEqual({
      url: 'https://api.friendli.ai/serverless/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })
})
