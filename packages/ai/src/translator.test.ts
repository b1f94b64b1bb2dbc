import { GatewayError } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { dialectOf } from './dialects/list.ts'
import { textOf } from './testing/exchange.ts'
import { createTranslator } from './translator.ts'

const translator = createTranslator()

describe('createTranslator', () => {
  it('says at which paths which dialect is spoken', () => {
    expect(translator.endpoints).toEqual(
      expect.arrayContaining([
        { dialect: 'openai-chat', method: 'POST', path: '/v1/chat/completions' },
        { dialect: 'anthropic-messages', method: 'POST', path: '/v1/messages' },
        { dialect: 'openai-responses', method: 'POST', path: '/v1/responses' },
      ]),
    )
    expect(dialectOf('/v1/messages')).toBe('anthropic-messages')
    expect(dialectOf('/v1/elsewhere')).toBeUndefined()
  })

  it('answers the list of models in one dialect without a field, and in others by theirs', () => {
    const forAnyone = translator.modelLists.filter(({ header }) => header === undefined)
    expect(forAnyone.filter(({ path }) => path === undefined)).toEqual([{ dialect: 'openai-chat' }])
    expect(forAnyone).toContainEqual(expect.objectContaining({ dialect: 'gemini', path: '/v1beta/models' }))
    expect(translator.modelLists.map(({ dialect }) => dialect)).not.toContain('openai-responses')
    expect(translator.modelLists).toContainEqual({
      dialect: 'anthropic-messages',
      header: { 'anthropic-version': '*' },
    })
  })

  it.each(['openai-chat', 'anthropic-messages', 'gemini'])('writes one model of %s as in its list', (dialect) => {
    const model = { name: 'assistant', createdAt: '2026-01-01T00:00:00.000Z' }
    const list = JSON.parse(textOf(translator.renderModels(dialect, [model]).body))
    expect(list.data ?? list.models).toEqual([JSON.parse(textOf(translator.renderModel(dialect, model).body))])
  })

  it('writes the list of models in each dialect', () => {
    const models = [{ name: 'assistant', createdAt: '2026-01-01T00:00:00.000Z' }]
    const read = (dialect: 'openai-chat' | 'anthropic-messages') =>
      JSON.parse(textOf(translator.renderModels(dialect, models).body))
    expect(read('openai-chat')).toEqual({
      object: 'list',
      data: [{ id: 'assistant', object: 'model', created: 1_767_225_600, owned_by: 'konnect' }],
    })
    expect(read('anthropic-messages')).toMatchObject({
      data: [{ type: 'model', id: 'assistant', created_at: '2026-01-01T00:00:00.000Z' }],
      first_id: 'assistant',
      has_more: false,
    })
  })

  it.each([
    ['{"model":"a/b:c","stream":true}', { model: 'a/b:c', isStream: true }],
    ['{"model":"x","stream":false}', { model: 'x', isStream: false }],
    ['{"model":"caf\\u00e9"}', { model: 'café', isStream: false }],
    ['\ufeff{"model":"x","messages":[{"stream":true,"model":"y"}]}', { model: 'x', isStream: false }],
  ])('reads the facts of %s', (body, facts) => {
    expect(translator.readFacts('openai-chat', Buffer.from(body), '/v1/chat/completions')).toEqual(facts)
  })

  it.each([
    ['{"model":"x"', 'malformed_json'],
    ['', 'malformed_json'],
    ['[]', 'invalid_request'],
    ['{}', 'invalid_request'],
    ['{"model":""}', 'invalid_request'],
    ['{"model":7}', 'invalid_request'],
    ['{"model":"a","model":"b"}', 'invalid_request'],
  ])('refuses %s as %s', (body, code) => {
    let found: unknown
    try {
      translator.readFacts('anthropic-messages', Buffer.from(body), '/v1/messages')
    } catch (error) {
      found = error
    }
    expect(found).toBeInstanceOf(GatewayError)
    expect(found).toMatchObject({ code })
  })

  it.each([
    ['credential_invalid', 401, 'authentication_error', 'invalid_api_key', 'authentication_error'],
    ['subscription_required', 403, 'permission_error', 'subscription_required', 'permission_error'],
    ['model_not_found', 404, 'invalid_request_error', 'model_not_found', 'not_found_error'],
    ['model_retired', 410, 'invalid_request_error', 'model_retired', 'not_found_error'],
    ['body_too_large', 413, 'invalid_request_error', 'body_too_large', 'request_too_large'],
    ['rate_limited', 429, 'rate_limit_error', 'rate_limit_exceeded', 'rate_limit_error'],
    ['internal_error', 500, 'server_error', 'internal_error', 'api_error'],
    ['no_healthy_target', 503, 'server_error', 'no_healthy_target', 'api_error'],
    ['upstream_timeout', 504, 'server_error', 'upstream_timeout', 'timeout_error'],
  ] as const)('writes %s in each dialect', (code, status, openaiType, openaiCode, anthropicType) => {
    const error = new GatewayError(code)
    const chat = translator.renderError('openai-chat', error, 'r1')
    const messages = translator.renderError('anthropic-messages', error, 'r1')
    expect([chat.status, messages.status]).toEqual([status, status])
    expect(JSON.parse(textOf(chat.body))).toEqual({
      error: { message: error.detail, type: openaiType, param: null, code: openaiCode },
    })
    expect(JSON.parse(textOf(messages.body))).toEqual({
      type: 'error',
      error: { type: anthropicType, message: error.detail },
      request_id: 'r1',
    })
  })
})
