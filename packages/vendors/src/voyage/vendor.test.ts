import { describe, expect, it } from 'vitest'
import { voyage } from './vendor.ts'

describe('voyage', () => {
  it.each([
    ['voyage-rerank', 'rerank-2.5', 'https://api.voyageai.com/v1/rerank'],
    ['openai-embeddings', 'voyage-3.5', 'https://api.voyageai.com/v1/embeddings'],
  ])('calls %s at its documented address, with the key as a bearer token', (dialect, model, url) => {
    const connection = { baseUrl: voyage.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(voyage.target(connection, { dialect, model })).toEqual({
      url,
      headers: ['authorization', 'Bearer secret'],
    })
  })
})
