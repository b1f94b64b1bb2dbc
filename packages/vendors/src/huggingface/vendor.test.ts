import { describe, expect, it } from 'vitest'
import { huggingface } from './vendor.ts'

describe('huggingface', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: huggingface.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(huggingface.target(connection, { dialect: 'openai-chat', model: 'openai/gpt-oss-20b:groq' })).toEqual({
      url: 'https://router.huggingface.co/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })
})
