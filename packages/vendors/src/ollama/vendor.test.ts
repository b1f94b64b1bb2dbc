import { createTranslator } from '@konnect/ai'
import { describe, expect, it } from 'vitest'
import { ollama } from './vendor.ts'

describe('ollama', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: ollama.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(ollama.target(connection, { dialect: 'openai-chat', model: 'gpt-oss:20b' })).toEqual({
      url: 'http://localhost:11434/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })

  it('calls responses below the same address', () => {
    const connection = { baseUrl: 'http://localhost:11434/v1', apiKey: 'secret', headers: [], settings: {} }
    const { url } = ollama.target(connection, { dialect: 'openai-responses', model: 'm' })
    expect(url).toBe('http://localhost:11434/v1/responses')
  })

  it('works without a key', () => {
    const connection = { baseUrl: 'http://localhost:11434/v1', apiKey: undefined, headers: [], settings: {} }
    const { headers } = ollama.target(connection, { dialect: 'openai-chat', model: 'm' })
    expect(headers).toEqual([])
    expect(ollama.needsApiKey).toBe(false)
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
      fields: ollama.fields,
    })
    expect(Buffer.from(sent).toString()).toBe('{"model":"m","max_tokens":7}')
    expect(dropped).toEqual([])
  })
})
