import { describe, expect, it } from 'vitest'
import { cohere } from './vendor.ts'

const connection = { baseUrl: 'https://api.cohere.com', apiKey: 'secret', headers: [], settings: {} }
const request = { dialect: 'cohere-chat', model: 'command-a-03-2025' } as const

describe('cohere', () => {
  it('adds the version to the base URL, which its SDK writes without one, and sends the key as a bearer token', () => {
    expect(cohere.target(connection, request)).toEqual({
      url: 'https://api.cohere.com/v2/chat',
      headers: ['authorization', 'Bearer secret'],
    })
  })

  it('ranks documents at an address of its own', () => {
    expect(cohere.target(connection, { ...request, dialect: 'rerank', model: 'rerank-v3.5' })).toEqual({
      url: 'https://api.cohere.com/v2/rerank',
      headers: ['authorization', 'Bearer secret'],
    })
  })

  it("lets the operator's own Authorization go before the key", () => {
    const headers = ['authorization', 'Basic x']
    expect(cohere.target({ ...connection, headers }, request).headers).toEqual(headers)
  })
})
