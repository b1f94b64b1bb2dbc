import { describe, expect, it } from 'vitest'
import { gemini } from './vendor.ts'

const connection = { baseUrl: 'https://generativelanguage.googleapis.com', apiKey: 'secret', headers: [], settings: {} }
const target = (model: string, headers: string[] = []) =>
  gemini.target({ ...connection, headers }, { dialect: 'gemini', model })

describe('gemini', () => {
  it('names model and action in the address, and asks for streams as server-sent events', () => {
    expect(target('gemini-2.5-flash')).toEqual({
      url: 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent',
      streamUrl:
        'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
      headers: ['x-goog-api-key', 'secret'],
    })
  })

  it('opens sessions of the Live API at an address that names no model', () => {
    expect(gemini.target(connection, { dialect: 'gemini-live', model: 'gemini-live-2.5-flash' })).toEqual({
      url: `${connection.baseUrl}/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent`,
      headers: ['x-goog-api-key', 'secret'],
    })
  })

  it('counts tokens beside the address of answers', () => {
    const { url } = gemini.target(connection, { dialect: 'gemini-token-count', model: 'gemini-2.5-flash' })
    expect(url).toBe('https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:countTokens')
  })

  it.each([
    ['models/gemini-2.5-pro', '/v1beta/models/gemini-2.5-pro:generateContent'],
    ['tunedModels/mine', '/v1beta/tunedModels/mine:generateContent'],
    ['../../v1/evil?a#b', '/v1beta/models/..%2F..%2Fv1%2Fevil%3Fa%23b:generateContent'],
  ])('keeps %s within its collection', (model, path) => {
    expect(target(model).url).toBe(connection.baseUrl + path)
  })

  it.each([
    ['gemini-batch-embed', ':batchEmbedContents'],
    ['gemini-embed', ':embedContent'],
  ])('asks for embeddings of %s at %s, with the same key and nothing for streams', (dialect, action) => {
    expect(gemini.target(connection, { dialect, model: 'gemini-embedding-001' })).toEqual({
      url: `${connection.baseUrl}/v1beta/models/gemini-embedding-001${action}`,
      headers: ['x-goog-api-key', 'secret'],
    })
  })

  it("puts the operator's own key before the provider's", () => {
    expect(target('m', ['x-goog-api-key', 'theirs']).headers).toEqual(['x-goog-api-key', 'theirs'])
  })
})
