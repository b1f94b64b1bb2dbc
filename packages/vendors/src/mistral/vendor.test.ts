import { createTranslator } from '@konnect/ai'
import { describe, expect, it } from 'vitest'
import { mistral } from './vendor.ts'

describe('mistral', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: mistral.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(mistral.target(connection, { dialect: 'openai-chat', model: 'mistral-large-latest' })).toEqual({
      url: 'https://api.mistral.ai/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })

  it('gets no field that it refuses, and the rest under the names it knows', () => {
    const body = Buffer.from(
      '{"model":"m","logit_bias":1,"logprobs":1,"safety_identifier":1,"service_tier":1,"store":1,"stream_options":1,"top_logprobs":1,"user":1,"max_completion_tokens":7,"seed":7}',
    )
    const { body: sent, dropped } = createTranslator().translate({
      client: 'openai-chat',
      vendor: 'openai-chat',
      body,
      facts: { model: 'm', isStream: false },
      upstreamModel: 'm',
      publicModel: 'm',
      isStrict: false,
      requestId: 'request1',
      fields: mistral.fields,
    })
    expect(Buffer.from(sent).toString()).toBe('{"model":"m","max_tokens":7,"random_seed":7}')
    expect(dropped).toEqual([
      'logit_bias',
      'logprobs',
      'safety_identifier',
      'service_tier',
      'store',
      'stream_options',
      'top_logprobs',
      'user',
    ])
  })
})
