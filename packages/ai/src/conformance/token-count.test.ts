import Anthropic, { APIError } from '@anthropic-ai/sdk'
import { GatewayError } from '@konnect/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTranslator } from '../translator.ts'
import { serve } from './relay.ts'

const ID = 'anthropic-token-count'
const translator = createTranslator()
const MESSAGES = [{ role: 'user' as const, content: 'Hello' }]

let server: Awaited<ReturnType<typeof serve>>
beforeAll(async () => {
  server = await serve()
})
afterAll(() => server.close())

const count = () =>
  new Anthropic({ baseURL: server.url, apiKey: 'key', maxRetries: 0, timeout: 5000 }).messages.countTokens({
    model: 'public',
    messages: MESSAGES,
  })

/** What the gateway makes of a vendor's answer. */
function relayed(status: number, body: object) {
  const translation = translator.translate({
    client: ID,
    vendor: ID,
    body: Buffer.from(JSON.stringify({ model: 'public', messages: MESSAGES })),
    facts: { model: 'public', isStream: false },
    upstreamModel: 'upstream',
    publicModel: 'public',
    isStrict: true,
    requestId: 'request1',
  })
  const bytes = Buffer.from(JSON.stringify(body))
  const { answer, facts } = translation.response(status, ['content-type', 'application/json'], bytes)
  return { ...answer, body: Buffer.from(answer.body), facts }
}

describe('counted tokens, read by the official client', () => {
  it('are the count of the vendor', async () => {
    server.answer(relayed(200, { input_tokens: 2095 }))
    expect(await count()).toEqual({ input_tokens: 2095 })
  })

  it('are an error of the type that the vendor named', async () => {
    const error = { type: 'rate_limit_error', message: 'Slow down' }
    server.answer(relayed(429, { type: 'error', error }))
    await expect(count()).rejects.toMatchObject({ status: 429, error: { error } })
  })

  it('are an error of the gateway in the words of the client', async () => {
    const { facts } = relayed(200, {})
    const answer = translator.renderError(ID, new GatewayError('credential_missing'), 'request1')
    server.answer({ ...answer, body: Buffer.from(answer.body), facts })
    const failed = await count().catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(APIError)
    expect(failed).toMatchObject({ status: 401, error: { error: { type: 'authentication_error' } } })
  })
})
