import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import type { JsonObject } from '@konnect/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DialectId } from '../ports.ts'
import { textOf } from '../testing/exchange.ts'
import { createTranslator } from '../translator.ts'
import { serve } from './relay.ts'

const translator = createTranslator()

/** A vendor's name of a model, its answer of 42 tokens, and where in its request the text to count stands. */
const VENDORS: Readonly<Record<DialectId, { model: string; answer: JsonObject; text: (body: JsonObject) => unknown }>> =
  {
    'anthropic-token-count': {
      model: 'claude-sonnet-4-5',
      answer: { input_tokens: 42 },
      text: (body) => body.messages,
    },
    'gemini-token-count': {
      model: 'gemini-2.5-flash',
      answer: { totalTokens: 42, promptTokensDetails: [{ modality: 'TEXT', tokenCount: 42 }] },
      text: (body) => body.generateContentRequest ?? body.contents,
    },
    'vertex-token-count': {
      model: 'gemini-2.5-flash',
      answer: { totalTokens: 42, totalBillableCharacters: 5 },
      text: (body) => body.contents,
    },
    'vertex-anthropic-token-count': {
      model: 'publishers/anthropic/models/claude-sonnet-4-5',
      answer: { input_tokens: 42 },
      text: (body) => body.messages,
    },
    'bedrock-token-count': {
      model: 'anthropic.claude-sonnet-4-5-20250929-v1:0',
      answer: { inputTokens: 42 },
      text: (body) =>
        Buffer.from(String(((body.input as JsonObject).invokeModel as JsonObject).body), 'base64').toString(),
    },
  }

const CLIENTS: Readonly<Record<DialectId, { body: JsonObject; count: (url: string) => Promise<number | undefined> }>> =
  {
    'anthropic-token-count': {
      body: { model: 'public', messages: [{ role: 'user', content: 'Hello' }], system: 'Be brief' },
      count: async (url) => {
        const client = new Anthropic({ baseURL: url, apiKey: 'key', maxRetries: 0, timeout: 5000 })
        const messages = [{ role: 'user' as const, content: 'Hello' }]
        return (await client.messages.countTokens({ model: 'public', messages })).input_tokens
      },
    },
    'gemini-token-count': {
      body: { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] },
      count: async (url) => {
        const client = new GoogleGenAI({ apiKey: 'key', httpOptions: { baseUrl: url, timeout: 5000 } })
        return (await client.models.countTokens({ model: 'public', contents: 'Hello' })).totalTokens
      },
    },
  }

function translated(client: DialectId, vendor: DialectId) {
  const given = CLIENTS[client]
  return translator.translate({
    client,
    vendor,
    body: Buffer.from(JSON.stringify(given?.body)),
    facts: { model: 'public', isStream: false },
    upstreamModel: VENDORS[vendor]?.model ?? '',
    publicModel: 'public',
    isStrict: true,
    requestId: 'request1',
  })
}

const pairs = Object.keys(CLIENTS).flatMap((client) => Object.keys(VENDORS).map((vendor) => [client, vendor] as const))

describe.each(pairs)('%s in, %s out', (client, vendor) => {
  let server: Awaited<ReturnType<typeof serve>>
  beforeAll(async () => {
    server = await serve()
  })
  afterAll(() => server.close())

  const { answer = {}, text = () => '' } = VENDORS[vendor] ?? {}
  const respond = (status: number, body: JsonObject) => {
    const bytes = Buffer.from(JSON.stringify(body))
    const { answer: given, facts } = translated(client, vendor).response(
      status,
      ['content-type', 'application/json'],
      bytes,
    )
    server.answer({ ...given, body: Buffer.from(given.body), facts })
    return facts
  }

  it('asks for the length of the text, and the official client reads the count, which costs nothing', async () => {
    const sent = JSON.parse(textOf(translated(client, vendor).body))
    expect(JSON.stringify(text(sent))).toContain('Hello')
    expect(JSON.stringify(sent)).not.toContain('public')
    expect(respond(200, answer)).toMatchObject({ usage: null, isComplete: true, error: null })
    expect(await CLIENTS[client]?.count(server.url)).toBe(42)
  })

  it('is an error of the same status where the vendor refuses', async () => {
    respond(429, { error: { message: 'Slow down', type: 'rate_limit_error', code: 429 }, message: 'Slow down' })
    await expect(CLIENTS[client]?.count(server.url)).rejects.toMatchObject({ status: 429 })
  })
})

describe('the parts that no vendor counts', () => {
  it('stay behind: settings of the answer, which those that count refuse', () => {
    for (const vendor of ['anthropic-token-count', 'vertex-anthropic-token-count']) {
      expect(Object.keys(JSON.parse(textOf(translated('gemini-token-count', vendor).body)))).not.toContain('max_tokens')
    }
    const { generateContentRequest } = JSON.parse(
      textOf(translated('anthropic-token-count', 'gemini-token-count').body),
    )
    expect(Object.keys(generateContentRequest).sort()).toEqual(['contents', 'model', 'systemInstruction'])
    expect(generateContentRequest.model).toBe('models/gemini-2.5-flash')
  })

  it('name the model that is meant where the address names one that counts', () => {
    const sent = JSON.parse(textOf(translated('anthropic-token-count', 'vertex-anthropic-token-count').body))
    expect(sent).toMatchObject({ model: 'claude-sonnet-4-5', anthropic_version: 'vertex-2023-10-16' })
  })
})
