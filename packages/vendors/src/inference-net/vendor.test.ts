import { describe, expect, it } from 'vitest'
import { inferenceNet } from './vendor.ts'

describe('inference-net', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: inferenceNet.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(
      inferenceNet.target(connection, {
        dialect: 'openai-chat',
        model: 'meta-llama/llama-3.3-70b-instruct/fp-16',
      }),
    ).toEqual({
      url: 'https://api.inference.net/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })
})
