import { describe, expect, it } from 'vitest'
import { volcengine } from './vendor.ts'

describe('volcengine', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: volcengine.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(volcengine.target(connection, { dialect: 'openai-chat', model: 'doubao-seed-1-6-251015' })).toEqual({
      url: 'https://ark.cn-beijing.volces.com/api/v3/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })
})
