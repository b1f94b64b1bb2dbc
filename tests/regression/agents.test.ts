import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import type { JsonObject } from '@konnect/contract'
import { type FakeVendor, startFakeVendor } from '@konnect/testkit'
import { type LanguageModel, stepCountIs, streamText, tool } from 'ai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Konnect, startKonnect } from '../harness.ts'

const KEY = 'kn_test_0123456789abcdef'

const configOf = (claude: string, gpt: string): string => `
providers:
  - { name: claude, vendor: anthropic, baseUrl: "${claude}", apiKey: vendor-secret }
  - { name: gpt, vendor: openai-compatible, baseUrl: "${gpt}/v1", apiKey: vendor-secret }
models:
  - { name: claude-haiku-4-5, deployments: [{ provider: claude, model: theirs }] }
  - { name: gpt-4o-mini, deployments: [{ provider: gpt, model: theirs }] }
applications:
  - name: mobile
    keys: [{ value: ${KEY} }]
    subscriptions: [{ model: claude-haiku-4-5 }, { model: gpt-4o-mini }]
`

const INPUT = JSON.stringify({ city: 'Köln' })

const named = (...events: readonly JsonObject[]): string[] =>
  events.map((event) => `event: ${String(event.type)}\ndata: ${JSON.stringify(event)}\n\n`)

function message(block: JsonObject, delta: JsonObject, reason: string): string[] {
  const usage = { input_tokens: 9, output_tokens: 1 }
  const head = { id: 'm1', type: 'message', role: 'assistant', model: 'theirs', content: [], usage }
  return named(
    { type: 'message_start', message: { ...head, stop_reason: null, stop_sequence: null } },
    { type: 'content_block_start', index: 0, content_block: block },
    { type: 'content_block_delta', index: 0, delta },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, usage: { output_tokens: 7 } },
    { type: 'message_stop' },
  )
}

const CLAUDE = [
  message(
    { type: 'tool_use', id: 'toolu_1', name: 'weather', input: {} },
    { type: 'input_json_delta', partial_json: INPUT },
    'tool_use',
  ),
  message({ type: 'text', text: '' }, { type: 'text_delta', text: 'It rains in Köln.' }, 'end_turn'),
]

function chunks(delta: JsonObject, reason: string): string[] {
  const head = { id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'theirs' }
  const usage = { prompt_tokens: 9, completion_tokens: 7, total_tokens: 16 }
  const all = [
    { ...head, choices: [{ index: 0, delta, finish_reason: null }] },
    { ...head, choices: [{ index: 0, delta: {}, finish_reason: reason }] },
    { ...head, choices: [], usage },
  ]
  return [...all.map((one) => `data: ${JSON.stringify(one)}\n\n`), 'data: [DONE]\n\n']
}

const call = { index: 0, id: 'call_1', type: 'function', function: { name: 'weather', arguments: INPUT } }
const GPT = [
  chunks({ role: 'assistant', tool_calls: [call] }, 'tool_calls'),
  chunks({ role: 'assistant', content: 'It rains in Köln.' }, 'stop'),
]

// The SDK names what it leaves to its defaults; that is no news here.
Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false })

describe('an agent built on the Vercel AI SDK goes through a whole tool loop', () => {
  let claude: FakeVendor
  let gpt: FakeVendor
  let konnect: Konnect
  let speakers: Readonly<Record<string, (model: string) => LanguageModel>> = {}

  beforeAll(async () => {
    claude = await startFakeVendor()
    gpt = await startFakeVendor()
    konnect = await startKonnect({ config: configOf(claude.url, gpt.url) })
    const baseURL = `${konnect.gatewayUrl}/v1`
    const openai = createOpenAI({ baseURL, apiKey: KEY })
    speakers = {
      'chat completions': (model) => openai.chat(model),
      responses: (model) => openai.responses(model),
      messages: createAnthropic({ baseURL, apiKey: KEY }),
      gemini: createGoogleGenerativeAI({ baseURL: `${konnect.gatewayUrl}/v1beta`, apiKey: KEY }),
    }
  })
  afterAll(async () => {
    await konnect?.stop()
    await claude?.close()
    await gpt?.close()
  })

  const formats = ['chat completions', 'responses', 'messages', 'gemini'] as const
  const models = ['claude-haiku-4-5', 'gpt-4o-mini'] as const

  it.each(formats.flatMap((format) => models.map((model) => [format, model] as const)))(
    'in %s with %s',
    async (format, model) => {
      const isClaude = model === 'claude-haiku-4-5'
      const vendor = isClaude ? claude : gpt
      vendor.enqueue(...(isClaude ? CLAUDE : GPT).map((events) => ({ events })))
      const asked: string[] = []
      const speaker = speakers[format]
      if (speaker === undefined) throw new Error(`Nobody speaks ${format}`)
      const { text, steps, totalUsage } = streamText({
        model: speaker(model),
        prompt: 'How is the weather in Köln?',
        maxRetries: 0,
        stopWhen: stepCountIs(3),
        tools: {
          weather: tool({
            description: 'Tells the weather of a city',
            inputSchema: z.object({ city: z.string() }),
            execute: ({ city }) => {
              asked.push(city)
              return { sky: 'rain' }
            },
          }),
        },
      })
      expect(await text).toBe('It rains in Köln.')
      expect(asked).toEqual(['Köln'])
      expect((await steps).map(({ finishReason }) => finishReason)).toEqual(['tool-calls', 'stop'])
      expect(await totalUsage).toMatchObject({ inputTokens: 18, outputTokens: 14 })
      const told = String(vendor.requests.at(-1)?.body)
      expect(told).toContain('rain')
      // Gemini's format may leave ids out; then the gateway makes up pairs that match.
      const [asking, answering] = idsIn(JSON.parse(told))
      expect(asking).toBe(answering)
      if (format !== 'gemini') expect(asking).toBe(isClaude ? 'toolu_1' : 'call_1')
    },
  )
})

/** The id of the one tool call in a vendor's request, and the one that its result names. */
function idsIn(request: { messages: readonly Record<string, unknown>[] }): readonly [unknown, unknown] {
  const blocks = request.messages.flatMap(({ content }) => (Array.isArray(content) ? content : []))
  const use = blocks.find(({ type }) => type === 'tool_use') ?? request.messages.find((one) => one.tool_calls)
  const result =
    blocks.find(({ type }) => type === 'tool_result') ?? request.messages.find((one) => one.role === 'tool')
  const asking = (use?.tool_calls as { id: string }[] | undefined)?.[0]?.id ?? use?.id
  return [asking, result?.tool_use_id ?? result?.tool_call_id]
}
