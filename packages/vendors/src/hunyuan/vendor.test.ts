import { describe, expect, it } from 'vitest'
import { hunyuan } from './vendor.ts'

describe('hunyuan', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: hunyuan.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(hunyuan.target(connection, { dialect: 'openai-chat', model: 'hunyuan-turbos-latest' })).toEqual({
      url: 'https://api.hunyuan.cloud.tencent.com/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })
})
