import { describe, expect, it } from 'vitest'
import { openaiCompatible } from './vendor.ts'

const connection = { baseUrl: 'http://127.0.0.1:11434/v1', apiKey: undefined, headers: [], settings: {} }

describe('openai-compatible', () => {
  it('has no address of its own and needs no key', () => {
    expect(openaiCompatible.defaultBaseUrl).toBeUndefined()
    expect(openaiCompatible.needsApiKey).toBe(false)
    expect(openaiCompatible.target(connection, { dialect: 'openai-chat', model: 'llama3' })).toEqual({
      url: 'http://127.0.0.1:11434/v1/chat/completions',
      headers: [],
    })
  })

  it('sends a key as a bearer token, and fields of the operator as they are', () => {
    const given = { ...connection, apiKey: 'secret', headers: ['x-team', 'a'] }
    expect(openaiCompatible.target(given, { dialect: 'openai-chat', model: 'llama3' }).headers).toEqual([
      'authorization',
      'Bearer secret',
      'x-team',
      'a',
    ])
  })

  it("lets the operator's own Authorization go before the key", () => {
    const headers = ['authorization', 'Basic x']
    expect(
      openaiCompatible.target({ ...connection, apiKey: 'secret', headers }, { dialect: 'openai-chat', model: 'm' })
        .headers,
    ).toEqual(headers)
  })
})
