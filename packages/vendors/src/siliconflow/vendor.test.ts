import { createTranslator } from '@konnect/ai'
import { describe, expect, it } from 'vitest'
import { siliconflow } from './vendor.ts'

describe('siliconflow', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: siliconflow.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(siliconflow.target(connection, { dialect: 'openai-chat', model: 'deepseek-ai/DeepSeek-V3' })).toEqual({
      url: 'https://api.siliconflow.com/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })

  it('gets limits under the name it knows', () => {
    const body = Buffer.from('{"model":"m","max_completion_tokens":7}')
    const { body: sent, dropped } = createTranslator().translate({
      client: 'openai-chat',
      vendor: 'openai-chat',
      body,
      facts: { model: 'm', isStream: false },
      upstreamModel: 'm',
      publicModel: 'm',
      isStrict: false,
      requestId: 'request1',
      fields: siliconflow.fields,
    })
    expect(Buffer.from(sent).toString()).toBe('{"model":"m","max_tokens":7}')
    expect(dropped).toEqual([])
  })
})
