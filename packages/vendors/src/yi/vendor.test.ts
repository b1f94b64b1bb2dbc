import { describe, expect, it } from 'vitest'
import { yi } from './vendor.ts'

describe('yi', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: yi.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(yi.target(connection, { dialect: 'openai-chat', model: 'yi-lightning' })).toEqual({
      url: 'https://api.lingyiwanwu.com/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })
})
