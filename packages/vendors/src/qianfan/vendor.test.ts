import { describe, expect, it } from 'vitest'
import { qianfan } from './vendor.ts'

describe('qianfan', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: qianfan.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(qianfan.target(connection, { dialect: 'openai-chat', model: 'ernie-4.0-turbo-8k' })).toEqual({
      url: 'https://qianfan.baidubce.com/v2/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })
})
