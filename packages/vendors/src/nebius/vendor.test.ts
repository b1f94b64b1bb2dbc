import { describe, expect, it } from 'vitest'
import { nebius } from './vendor.ts'

describe('nebius', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: nebius.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(
      nebius.target(connection, {
        dialect: 'openai-chat',
        model: 'meta-llama/Meta-Llama-3.1-70B-Instruct',
      }),
    ).toEqual({
      url: 'https://api.tokenfactory.nebius.com/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })
})
