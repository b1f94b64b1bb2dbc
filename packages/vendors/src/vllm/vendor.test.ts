import { describe, expect, it } from 'vitest'
import { vllm } from './vendor.ts'

describe('vllm', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: vllm.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(
      vllm.target(connection, {
        dialect: 'openai-chat',
        model: 'meta-llama/Llama-3.3-70B-Instruct',
      }),
    ).toEqual({
      url: 'http://localhost:8000/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })

  it('works without a key', () => {
    const connection = { baseUrl: 'http://localhost:8000/v1', apiKey: undefined, headers: [], settings: {} }
    const { headers } = vllm.target(connection, { dialect: 'openai-chat', model: 'm' })
    expect(headers).toEqual([])
    expect(vllm.needsApiKey).toBe(false)
  })
})
