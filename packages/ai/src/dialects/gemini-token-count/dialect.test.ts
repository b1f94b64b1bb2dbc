import { describe, expect, it } from 'vitest'
import { textOf } from '../../testing/exchange.ts'
import { createTranslator } from '../../translator.ts'

const ID = 'gemini-token-count'
const PATH = '/v1beta/models/public:countTokens'
const translator = createTranslator()

const asked = (body: string, vendor = ID, model = 'gemini-2.5-flash') =>
  translator.translate({
    client: ID,
    vendor,
    body: Buffer.from(body),
    facts: translator.readFacts(ID, Buffer.from(body), PATH),
    upstreamModel: model,
    publicModel: 'public',
    isStrict: true,
    requestId: 'request1',
  })

const answered = (translation: ReturnType<typeof asked>, status: number, body: object) => {
  const { answer, facts } = translation.response(
    status,
    ['content-type', 'application/json'],
    Buffer.from(JSON.stringify(body)),
  )
  return { status: answer.status, body: JSON.parse(textOf(answer.body)), facts }
}

describe('countTokens', () => {
  it('is what a path says that ends with it', () => {
    expect(translator.dialectAt('gemini', PATH)).toBe(ID)
    expect(translator.dialectAt('gemini', '/v1beta/models/public:generateContent')).toBe('gemini')
    expect(translator.readFacts(ID, Buffer.from('{}'), PATH)).toEqual({ model: 'public', isStream: false })
  })

  it('passes to a vendor of its own as it is, but for the model of a request inside', () => {
    const flat = '{ "contents": [ {"parts":[{"text":"Hi"}]} ] }'
    expect(textOf(asked(flat).body)).toBe(flat)
    const nested = '{"generateContentRequest": { "model":"models/public", "contents": [] }}'
    expect(textOf(asked(nested).body)).toBe(nested.replace('models/public', 'models/gemini-2.5-flash'))
    const { body, facts } = answered(asked(flat), 200, { totalTokens: 7, promptTokensDetails: [] })
    expect(body).toEqual({ totalTokens: 7, promptTokensDetails: [] })
    expect(facts).toMatchObject({ isComplete: true, usage: null })
  })

  it.each([
    '{"contents":[{"parts":[{"text":"Hi"}]}]}',
    '{"generateContentRequest":{"contents":[{"parts":[{"text":"Hi"}]}]}}',
  ])('counts with a vendor of Messages: %s', (body) => {
    const translation = asked(body, 'anthropic-token-count', 'claude-sonnet-4-5')
    expect(JSON.parse(textOf(translation.body))).toEqual({
      model: 'claude-sonnet-4-5',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    })
    expect(answered(translation, 200, { input_tokens: 9 }).body).toEqual({ totalTokens: 9 })
  })

  it('is an error when the vendor counts nothing, and in the words of the client when it refuses', () => {
    const translation = asked('{"contents":[{"parts":[{"text":"Hi"}]}]}', 'anthropic-token-count')
    expect(answered(translation, 200, {})).toMatchObject({
      status: 502,
      facts: { error: { code: 'upstream_invalid' } },
    })
    const refusal = { type: 'error', error: { type: 'rate_limit_error', message: 'Slow down' } }
    expect(answered(translation, 429, refusal)).toMatchObject({
      status: 429,
      body: { error: { code: 429, message: 'Slow down', status: 'RESOURCE_EXHAUSTED' } },
    })
  })

  it('needs something to count', () => {
    expect(() => asked('{}', 'anthropic-token-count')).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })
})
