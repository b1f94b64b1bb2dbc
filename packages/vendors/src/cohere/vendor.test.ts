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

  it.each([
    ['cohere-embed', '/v2/embed'],
    ['cohere-rerank', '/v2/rerank'],
    ['rerank', '/v1/rerank'],
  ])('speaks %s at %s', (dialect, path) => {
    expect(cohere.target(connection, { ...request, dialect, model: 'm' })).toEqual({
      url: `https://api.cohere.com${path}`,
      headers: ['authorization', 'Bearer secret'],
    })
  })

  it("lets the operator's own Authorization go before the key", () => {
    const headers = ['authorization', 'Basic x']
    expect(cohere.target({ ...connection, headers }, request).headers).toEqual(headers)
  })
})
