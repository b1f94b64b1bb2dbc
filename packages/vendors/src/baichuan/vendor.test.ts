import { describe, expect, it } from 'vitest'
import { baichuan } from './vendor.ts'

describe('baichuan', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: baichuan.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(baichuan.target(connection, { dialect: 'openai-chat', model: 'Baichuan4-Turbo' })).toEqual({
      url: 'https://api.baichuan-ai.com/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })
})
