import { createTranslator } from '@konnect/ai'
import { describe, expect, it } from 'vitest'
import { cerebras } from './vendor.ts'

describe('cerebras', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: cerebras.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(cerebras.target(connection, { dialect: 'openai-chat', model: 'gpt-oss-120b' })).toEqual({
      url: 'https://api.cerebras.ai/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })

  it('gets no field that it refuses, and the rest under the names it knows', () => {
    const body = Buffer.from('{"model":"m","frequency_penalty":1,"logit_bias":1,"presence_penalty":1,"max_tokens":7}')
    const { body: sent, dropped } = createTranslator().translate({
      client: 'openai-chat',
      vendor: 'openai-chat',
      body,
      facts: { model: 'm', isStream: false },
      upstreamModel: 'm',
      publicModel: 'm',
      isStrict: false,
      requestId: 'request1',
      fields: cerebras.fields,
    })
    expect(Buffer.from(sent).toString()).toBe('{"model":"m","max_completion_tokens":7}')
    expect(dropped).toEqual(['frequency_penalty', 'logit_bias', 'presence_penalty'])
  })
})
