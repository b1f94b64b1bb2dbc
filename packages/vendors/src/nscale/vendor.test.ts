import { describe, expect, it } from 'vitest'
import { nscale } from './vendor.ts'

describe('nscale', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: nscale.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(
      nscale.target(connection, {
        dialect: 'openai-chat',
        model: 'meta-llama/Llama-3.3-70B-Instruct',
      }),
    ).toEqual({
      url: 'https://inference.api.nscale.com/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })
})
