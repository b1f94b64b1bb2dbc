import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import { type FakeVendor, startFakeVendor } from '@konnect/testkit'
import { type LanguageModel, stepCountIs, streamText, tool } from 'ai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Konnect, startKonnect } from '../harness.ts'
import { agentConfig, claudeTurn, gptTurn, type ScriptedTurn, toldResults } from '../scripted-turns.ts'

const KEY = 'kn_test_0123456789abcdef'

const TURNS: readonly ScriptedTurn[] = [
  { calls: [{ id: 'call_1', name: 'weather', input: { city: 'Köln' } }] },
  { text: 'It rains in Köln.' },
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
    konnect = await startKonnect({ config: agentConfig({ claude: claude.url, gpt: gpt.url, key: KEY }) })
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
      vendor.enqueue(...TURNS.map((turn) => ({ events: isClaude ? claudeTurn(turn) : gptTurn(turn) })))
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
      const [told, ...others] = toldResults(String(vendor.requests.at(-1)?.body))
      expect(others).toEqual([])
      expect(told).toMatchObject({ name: 'weather', input: '{"city":"Köln"}', text: expect.stringContaining('rain') })
      // Gemini's format may leave ids out; then the gateway makes up pairs that match.
      if (format !== 'gemini') expect(told?.id).toBe('call_1')
    },
  )
})
