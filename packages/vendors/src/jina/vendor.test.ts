import { describe, expect, it } from 'vitest'
import { jina } from './vendor.ts'

describe('jina', () => {
  it.each([
    ['rerank', 'jina-reranker-v2-base-multilingual', 'https://api.jina.ai/v1/rerank'],
    ['openai-embeddings', 'jina-embeddings-v3', 'https://api.jina.ai/v1/embeddings'],
  ])('calls %s at its documented address, with the key as a bearer token', (dialect, model, url) => {
    const connection = { baseUrl: jina.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(jina.target(connection, { dialect, model })).toEqual({
      url,
      headers: ['authorization', 'Bearer secret'],
    })
  })
})
