import { describe, expect, it } from 'vitest'
import { baseten } from './vendor.ts'

describe('baseten', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: baseten.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(baseten.target(connection, { dialect: 'openai-chat', model: 'deepseek-ai/DeepSeek-V3.1' })).toEqual({
      url: 'https://inference.baseten.co/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })
})
