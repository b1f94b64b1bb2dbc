import { GoogleGenAI } from '@google/genai'
import type { JsonObject } from '@konnect/contract'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DialectId } from '../ports.ts'
import { chunks, frames, translate } from '../testing/exchange.ts'
import { serve } from './relay.ts'

const PNG = 'iVBORw0KGgo='
const URL = `data:image/png;base64,${PNG}`

/** What clients ask, and the stream of a vendor that says "Here" and draws an image. */
const QUESTIONS: Readonly<Record<DialectId, JsonObject>> = {
  'openai-chat': { messages: [{ role: 'user', content: 'Draw' }], stream: true },
  'openai-responses': { input: 'Draw', stream: true },
  gemini: { contents: [{ parts: [{ text: 'Draw' }] }] },
}
const image = { type: 'image_generation_call', id: 'ig_1', status: 'completed', result: PNG }
const message = { type: 'message', id: 'm1', role: 'assistant', content: [{ type: 'output_text', text: 'Here' }] }
const response = { object: 'response', status: 'completed', output: [message, image] }
const candidate = (part: JsonObject, finish: object = {}) =>
  `data: ${JSON.stringify({ candidates: [{ content: { role: 'model', parts: [part] }, ...finish }] })}\n\n`

const DRAWN: Readonly<Record<DialectId, string>> = {
  'openai-chat': chunks([{ content: 'Here' }, { images: [{ type: 'image_url', image_url: { url: URL } }] }]),
  'openai-responses': frames([
    { type: 'response.created', response: {} },
    { type: 'response.output_item.done', output_index: 0, item: message },
    { type: 'response.output_item.done', output_index: 1, item: image },
    { type: 'response.completed', response },
  ]),
  gemini:
    candidate({ text: 'Here' }) +
    candidate({ inlineData: { mimeType: 'image/png', data: PNG } }, { finishReason: 'STOP' }),
}

const vendors = Object.keys(DRAWN)

describe('an image in a stream', () => {
  let server: Awaited<ReturnType<typeof serve>>
  beforeAll(async () => {
    server = await serve()
  })
  afterAll(() => server.close())

  function drawnFor(client: DialectId, vendor: DialectId): void {
    const path = client === 'gemini' ? { path: '/v1beta/models/public:streamGenerateContent' } : {}
    const stream = translate({ from: client, to: vendor, body: QUESTIONS[client] ?? {}, ...path }).stream()
    const body = Buffer.concat([stream.write(Buffer.from(DRAWN[vendor] ?? '')), stream.end()])
    server.answer({ status: 200, contentType: 'text/event-stream', body, facts: stream.facts })
  }

  const openai = () => new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'key', maxRetries: 0, timeout: 5000 })

  it.each(vendors.filter((id) => id !== 'openai-chat'))(
    'of %s is in the message that OpenAI’s client puts together',
    async (vendor) => {
      drawnFor('openai-chat', vendor)
      const messages = [{ role: 'user' as const, content: 'Draw' }]
      const whole = await openai().chat.completions.stream({ model: 'public', messages }).finalMessage()
      expect(whole).toMatchObject({ content: 'Here', images: [{ type: 'image_url', image_url: { url: URL } }] })
    },
  )

  it.each(vendors.filter((id) => id !== 'openai-responses'))(
    'of %s is in the response that OpenAI’s client puts together',
    async (vendor) => {
      drawnFor('openai-responses', vendor)
      const whole = await openai().responses.stream({ model: 'public', input: 'Draw' }).finalResponse()
      expect(whole.output).toMatchObject([{ type: 'message' }, { type: 'image_generation_call', result: PNG }])
      expect(whole.output_text).toBe('Here')
    },
  )

  it.each(vendors.filter((id) => id !== 'gemini'))('of %s is data to Google’s client', async (vendor) => {
    drawnFor('gemini', vendor)
    const client = new GoogleGenAI({ apiKey: 'key', httpOptions: { baseUrl: server.url, timeout: 5000 } })
    const seen: string[] = []
    for await (const chunk of await client.models.generateContentStream({ model: 'public', contents: 'Draw' })) {
      const parts = chunk.candidates?.[0]?.content?.parts ?? []
      seen.push(...parts.flatMap(({ inlineData }) => inlineData?.data ?? []))
    }
    expect(seen).toEqual([PNG])
  })
})
