import { describe, expect, it } from 'vitest'
import { dashscope } from './vendor.ts'

describe('dashscope', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: dashscope.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(dashscope.target(connection, { dialect: 'openai-chat', model: 'qwen-plus' })).toEqual({
      url: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })
})
