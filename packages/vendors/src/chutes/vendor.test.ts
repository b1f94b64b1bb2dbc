import { describe, expect, it } from 'vitest'
import { chutes } from './vendor.ts'

describe('chutes', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: chutes.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(chutes.target(connection, { dialect: 'openai-chat', model: 'Qwen/Qwen3-32B-TEE' })).toEqual({
      url: 'https://llm.chutes.ai/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })
})
