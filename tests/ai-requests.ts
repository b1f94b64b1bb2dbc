import type { Call, JsonObject } from '@konnect/contract'
import { waitFor } from '@konnect/testkit'
import { expect } from 'vitest'
import type { Konnect } from './harness.ts'

/** The formats that chat clients speak. */
export type Client = 'openai-chat' | 'openai-responses' | 'anthropic-messages' | 'gemini'

export const CLIENTS: readonly Client[] = ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini']

/** Vendors whose formats these are. */
export const VENDORS = ['openai', 'anthropic', 'gemini'] as const

/** A vendor that speaks the client's own format, and one that does not. */
export const VENDORS_OF: Readonly<Record<Client, readonly [own: string, other: string]>> = {
  'openai-chat': ['openai', 'anthropic'],
  'openai-responses': ['openai', 'gemini'],
  'anthropic-messages': ['anthropic', 'openai'],
  gemini: ['gemini', 'openai'],
}

export const KEY = 'kn_test_0123456789abcdef'

/** The gateway's own key at the vendors. No client and no record may show it. */
export const VENDOR_KEY = 'sk-vendor-0123456789'

/** A model of a declarative file that every application may use. */
export const modelOf = (name: string, deployments: readonly object[]) => ({ name, access: 'public', deployments })

/** A declarative file in which all vendors are at one address. */
export const configOf = (url: string, models: readonly object[]): string =>
  JSON.stringify({
    providers: VENDORS.map((vendor) => ({
      name: vendor,
      vendor,
      baseUrl: vendor === 'openai' ? `${url}/v1` : url,
      apiKey: VENDOR_KEY,
      timeout: '400ms',
      idleTimeout: '400ms',
    })),
    models,
    applications: [{ name: 'mobile', keys: [{ value: KEY }] }],
  })

/** Path and body of a request of the smallest kind in the words of each client, with `more` in its body. */
export function requestOf(
  client: Client,
  model: string,
  isStream: boolean,
  more: JsonObject = {},
): readonly [string, JsonObject] {
  const message = { role: 'user', content: 'Hello' }
  const shared = { model, ...(isStream ? { stream: true } : {}) }
  switch (client) {
    case 'openai-chat':
      return ['/v1/chat/completions', { ...shared, messages: [message], ...more }]
    case 'openai-responses':
      return ['/v1/responses', { ...shared, input: 'Hello', ...more }]
    case 'anthropic-messages':
      return ['/v1/messages', { ...shared, max_tokens: 100, messages: [message], ...more }]
    case 'gemini': {
      const method = isStream ? 'streamGenerateContent?alt=sse' : 'generateContent'
      return [
        `/v1beta/models/${model}:${method}`,
        { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }], ...more },
      ]
    }
  }
}

/** Sends a request with the application's key. */
export const send = (konnect: Konnect, [path, body]: readonly [string, JsonObject]): Promise<Response> =>
  fetch(`${konnect.gatewayUrl}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  })

/** A refusal in the words of the vendor at that address. */
export function refusalAt(target: string, status: number, message: string): JsonObject {
  if (/generateContent/i.test(target)) return { error: { code: status, message, status: 'FAILED_PRECONDITION' } }
  const error = { message, type: 'invalid_request_error' }
  return target.endsWith('/messages') ? { type: 'error', error } : { error }
}

/** What an error has in the words of each client. */
const SHAPES: Readonly<Record<Client, object>> = {
  'openai-chat': { error: { message: expect.any(String), type: expect.any(String) } },
  'openai-responses': { error: { message: expect.any(String), type: expect.any(String) } },
  'anthropic-messages': { type: 'error', error: { message: expect.any(String), type: expect.any(String) } },
  gemini: { error: { message: expect.any(String), code: expect.any(Number), status: expect.any(String) } },
}

/** Reads an answer that has to be an error in the words of a client, without anything of ours in it; gives its message. */
export async function errorIn(client: Client, response: Response): Promise<string> {
  expect(response.headers.get('content-type')).toMatch(/^application\/json/)
  const text = await response.text()
  expect(text.length).toBeLessThan(4_000)
  expect(text).not.toMatch(/<html|10\.0\.0\.7|127\.0\.0\.1|sk-vendor/)
  const error = JSON.parse(text)
  expect(error).toMatchObject(SHAPES[client])
  return error.error.message
}

/** The record that a request has left. */
export async function callOf({ client }: Konnect, response: Response): Promise<Call> {
  const id = response.headers.get('x-request-id') ?? ''
  await waitFor(`the record of ${id}`, () => client.calls.get(id).then(Boolean, () => false), { intervalMs: 100 })
  return await client.calls.get(id)
}
