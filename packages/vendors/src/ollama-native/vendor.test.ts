import { describe, expect, it } from 'vitest'
import { ollamaNative } from './vendor.ts'

const connection = { baseUrl: 'http://localhost:11434', apiKey: undefined, headers: [], settings: {} }
const request = { dialect: 'ollama-chat', model: 'qwen3:4b' } as const

describe('ollama-native', () => {
  it('asks the native address and needs no key', () => {
    expect(ollamaNative.needsApiKey).toBe(false)
    expect(ollamaNative.target(connection, request)).toEqual({ url: 'http://localhost:11434/api/chat', headers: [] })
  })

  it('asks for embeddings at an address of their own', () => {
    const { url } = ollamaNative.target(connection, { dialect: 'ollama-embed', model: 'nomic-embed-text' })
    expect(url).toBe('http://localhost:11434/api/embed')
  })

  it('sends a key, where a proxy or the hosted service wants one, as a bearer token', () => {
    expect(ollamaNative.target({ ...connection, apiKey: 'secret' }, request).headers).toEqual([
      'authorization',
      'Bearer secret',
    ])
  })
})
