import { createTranslator } from '@konnect/ai'
import { describe, expect, it } from 'vitest'
import { groq } from './vendor.ts'

describe('groq', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: groq.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(groq.target(connection, { dialect: 'openai-chat', model: 'llama-3.3-70b-versatile' })).toEqual({
      url: 'https://api.groq.com/openai/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })

  it('calls responses below the same address', () => {
    const connection = { baseUrl: 'https://api.groq.com/openai/v1', apiKey: 'secret', headers: [], settings: {} }
    const { url } = groq.target(connection, { dialect: 'openai-responses', model: 'm' })
    expect(url).toBe('https://api.groq.com/openai/v1/responses')
  })

  it('gets no field that it refuses', () => {
    const body = Buffer.from('{"model":"m","logit_bias":1,"logprobs":1,"top_logprobs":1}')
    const { body: sent, dropped } = createTranslator().translate({
      client: 'openai-chat',
      vendor: 'openai-chat',
      body,
      facts: { model: 'm', isStream: false },
      upstreamModel: 'm',
      publicModel: 'm',
      isStrict: false,
      requestId: 'request1',
      fields: groq.fields,
    })
    expect(Buffer.from(sent).toString()).toBe('{"model":"m"}')
    expect(dropped).toEqual(['logit_bias', 'logprobs', 'top_logprobs'])
  })
})
