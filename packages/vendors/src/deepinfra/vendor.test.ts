import { describe, expect, it } from 'vitest'
import { deepinfra } from './vendor.ts'

describe('deepinfra', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: deepinfra.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(
      deepinfra.target(connection, {
        dialect: 'openai-chat',
        model: 'meta-llama/Llama-3.3-70B-Instruct',
      }),
    ).toEqual({
      url: 'https://api.deepinfra.com/v1/openai/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })
})
