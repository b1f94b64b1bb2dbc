import { describe, expect, it } from 'vitest'
import { minimax } from './vendor.ts'

describe('minimax', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: minimax.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(minimax.target(connection, { dialect: 'openai-chat', model: 'MiniMax-M2.7' })).toEqual({
      url: 'https://api.minimax.io/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })

  it('calls responses below the same address', () => {
    const connection = { baseUrl: 'https://api.minimax.io/v1', apiKey: 'secret', headers: [], settings: {} }
    const { url } = minimax.target(connection, { dialect: 'openai-responses', model: 'm' })
    expect(url).toBe('https://api.minimax.io/v1/responses')
  })
})
