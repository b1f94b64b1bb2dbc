import { describe, expect, it } from 'vitest'
import { featherless } from './vendor.ts'

describe('featherless', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: featherless.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(featherless.target(connection, { dialect: 'openai-chat', model: 'Qwen/Qwen2.5-7B-Instruct' })).toEqual({
      url: 'https://api.featherless.ai/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })
})
