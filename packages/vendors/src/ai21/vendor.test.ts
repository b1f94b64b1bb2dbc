import { createTranslator } from '@konnect/ai'
import { describe, expect, it } from 'vitest'
import { ai21 } from './vendor.ts'

describe('ai21', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: ai21.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(ai21.target(connection, { dialect: 'openai-chat', model: 'jamba-large' })).toEqual({
      url: 'https://api.ai21.com/studio/v1/chat/completions',
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
      fields: ai21.fields,
    })
    expect(Buffer.from(sent).toString()).toBe('{"model":"m","max_tokens":7}')
    expect(dropped).toEqual([])
  })
})
