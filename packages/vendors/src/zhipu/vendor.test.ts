import { createTranslator } from '@konnect/ai'
import { describe, expect, it } from 'vitest'
import { zhipu } from './vendor.ts'

describe('zhipu', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: zhipu.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(zhipu.target(connection, { dialect: 'openai-chat', model: 'glm-4.6' })).toEqual({
      url: 'https://open.bigmodel.cn/api/paas/v4/chat/completions',
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
      fields: zhipu.fields,
    })
    expect(Buffer.from(sent).toString()).toBe('{"model":"m","max_tokens":7}')
    expect(dropped).toEqual([])
  })
})
