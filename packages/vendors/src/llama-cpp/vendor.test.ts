import { describe, expect, it } from 'vitest'
import { llamaCpp } from './vendor.ts'

describe('llama-cpp', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: llamaCpp.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(llamaCpp.target(connection, { dialect: 'openai-chat', model: 'default' })).toEqual({
      url: 'http://localhost:8080/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })

  it('works without a key', () => {
    const connection = { baseUrl: 'http://localhost:8080/v1', apiKey: undefined, headers: [], settings: {} }
    const { headers } = llamaCpp.target(connection, { dialect: 'openai-chat', model: 'm' })
    expect(headers).toEqual([])
    expect(llamaCpp.needsApiKey).toBe(false)
  })
})
