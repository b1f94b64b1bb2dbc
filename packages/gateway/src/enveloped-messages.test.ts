import { createTranslator } from '@konnect/ai'
import { defineVendor, type Vendor } from '@konnect/sdk'
import { startHttpServer } from '@konnect/testkit'
import { Type } from 'typebox'
import { afterEach, describe, expect, it } from 'vitest'
import { mobileWith, startTestGateway, TEST_KEY } from './harness.ts'
import { assistantAt, providerAt } from './harness-ai.ts'

/** A vendor of two formats, of which each of its models speaks one. */
const cloudy = defineVendor({
  id: 'cloudy',
  title: 'Cloudy',
  description: 'For a test.',
  dialects: ['openai-chat', 'vertex-raw-predict'],
  dialectsOf: (model) => [model.startsWith('a-') ? 'vertex-raw-predict' : 'openai-chat'],
  needsApiKey: true,
  settings: Type.Object({}),
  forwardHeaders: ['anthropic-beta'],
  target: ({ baseUrl }, { dialect, model }) => ({ url: `${baseUrl}/${dialect}/${model}`, headers: [] }),
}) as Vendor

const MESSAGE = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'theirs',
  content: [
    { type: 'thinking', thinking: 'Hm', signature: 'ErUB' },
    { type: 'text', text: 'Hello' },
  ],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 3, output_tokens: 2 },
}
const MESSAGES = [{ role: 'user', content: 'Hi' }]

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function asked(path: string, body: object) {
  const vendor = await startHttpServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(MESSAGE))
  })
  closing.push(() => vendor.close())
  const gateway = await startTestGateway({ vendors: [cloudy], translator: createTranslator() })
  closing.push(() => gateway.close())
  const providers = [providerAt('a', vendor, { vendor: 'cloudy' })]
  gateway.publish({ providers, models: [assistantAt(['a'])], applications: [mobileWith({})] })
  const response = await fetch(gateway.url + path, {
    method: 'POST',
    headers: { 'x-api-key': TEST_KEY, 'anthropic-beta': 'context-1m-2025-08-07' },
    body: JSON.stringify({ model: 'assistant', messages: MESSAGES, ...body }),
  })
  const [sent] = vendor.requests
  return { answer: await response.json(), sent, call: (await gateway.recorded(1))[0] }
}

describe('a format that is carried in an envelope', () => {
  it('passes to clients that speak it: body, answer and the request fields that mean something to the vendor', async () => {
    const { answer, sent, call } = await asked('/v1/messages', { max_tokens: 9 })
    expect(sent?.target).toBe('/vertex-raw-predict/a-model')
    expect(JSON.parse(`${sent?.body}`)).toEqual({
      anthropic_version: 'vertex-2023-10-16',
      messages: MESSAGES,
      max_tokens: 9,
    })
    expect(sent?.headers['anthropic-beta']).toBe('context-1m-2025-08-07')
    expect(answer).toEqual(MESSAGE)
    expect(call?.ai?.usage).toMatchObject({ inputTokens: 3, outputTokens: 2 })
  })

  it('is translated for others, whose request fields mean nothing there', async () => {
    const { answer, sent } = await asked('/v1/chat/completions', {})
    expect(sent?.target).toBe('/vertex-raw-predict/a-model')
    expect(sent?.headers['anthropic-beta']).toBeUndefined()
    expect(answer).toMatchObject({ choices: [{ message: { content: 'Hello', reasoning_content: 'Hm' } }] })
  })
})
