import { describe, expect, it } from 'vitest'
import { nvidiaNim } from './vendor.ts'

describe('nvidia-nim', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: nvidiaNim.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(nvidiaNim.target(connection, { dialect: 'openai-chat', model: 'meta/llama-3.3-70b-instruct' })).toEqual({
      url: 'https://integrate.api.nvidia.com/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })
})
