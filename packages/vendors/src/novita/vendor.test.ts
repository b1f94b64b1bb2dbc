import { createTranslator } from '@konnect/ai'
import { describe, expect, it } from 'vitest'
import { novita } from './vendor.ts'

describe('novita', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: novita.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(
      novita.target(connection, {
        dialect: 'openai-chat',
        model: 'meta-llama/llama-3.3-70b-instruct',
      }),
    ).toEqual({
      url: 'https://api.novita.ai/openai/v1/chat/completions',
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
      fields: novita.fields,
    })
    expect(Buffer.from(sent).toString()).toBe('{"model":"m","max_tokens":7}')
    expect(dropped).toEqual([])
  })
})
