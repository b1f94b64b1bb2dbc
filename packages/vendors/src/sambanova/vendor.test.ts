import { describe, expect, it } from 'vitest'
import { sambanova } from './vendor.ts'

describe('sambanova', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: sambanova.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(sambanova.target(connection, { dialect: 'openai-chat', model: 'Meta-Llama-3.3-70B-Instruct' })).toEqual({
      url: 'https://api.sambanova.ai/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })
})
