import { describe, expect, it } from 'vitest'
import { hyperbolic } from './vendor.ts'

describe('hyperbolic', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: hyperbolic.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(hyperbolic.target(connection, { dialect: 'openai-chat', model: 'deepseek-ai/DeepSeek-V3' })).toEqual({
      url: 'https://api.hyperbolic.xyz/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })
})
