import Anthropic from '@anthropic-ai/sdk'
import { type GenerateContentParameters, type GenerateContentResponse, GoogleGenAI } from '@google/genai'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Konnect, startKonnect } from '../harness.ts'
import { hasRecordings, type Recording, type Replay, runSdkCheck, startReplay } from '../replay.ts'

const KEY = 'kn_test_0123456789abcdef'
const FAULTS = ['', '~split=1', '~split=7']
/** Recordings that hold the request, by dialect: 266 in all. */
const USABLE = { 'openai-chat': 179, 'anthropic-messages': 24, 'openai-responses': 63 }
/** Google's recordings, with and without their request. */
const CONTENTS = 36
const GOOGLE_MODEL = 'gemini-2.5-flash'
/** Recorded at another address: a stream of Google's Live API, which that SDK reads over a WebSocket only. */
const NOT_ONE_ANSWER = new Set(['rec-520'])

/** What an application gets out of an answer, whatever it speaks. */
interface Seen {
  text: string
  tools: { name: string; input: unknown }[]
}

/** Arguments as the application would read them; `null` and nothing both mean that there are none. */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text === '' ? '{}' : text) ?? {}
  } catch {
    return text
  }
}

describe.skipIf(!hasRecordings)(
  `recorded vendor traffic${hasRecordings ? '' : ' (skipped: the recordings are not beside this checkout)'}`,
  () => {
    let replay: Replay
    let konnect: Konnect
    let chats: Recording[]
    let messages: Recording[]
    let responses: Recording[]
    let contents: Recording[]

    beforeAll(async () => {
      replay = await startReplay()
      const usable = async (api: string) => (await replay.recordings(api)).filter((one) => one.req !== null)
      chats = await usable('openai-chat')
      messages = await usable('anthropic-messages')
      responses = await usable('openai-responses')
      contents = (await replay.recordings('gemini')).filter((one) => !NOT_ONE_ANSWER.has(one.id))
      konnect = await startKonnect({ config: configOf(replay.url, { chats, messages, responses }) })
    }, 120_000)

    afterAll(async () => {
      await konnect?.stop()
      await replay?.stop()
    })

    it.each(Object.entries(USABLE))(
      'official SDKs see no difference in same-dialect %s: all %i recordings with a request',
      async (api, count) => {
        const { code, report } = await runSdkCheck(replay.url, konnect.gatewayUrl, KEY, api)
        console.log(`${api}: ${report.trim().split('\n').at(-1)}`)
        expect(report).toContain(`\n${count} same, 0 different`)
        expect(code).toBe(0)
      },
      120_000,
    )

    it(`Google’s SDK sees no difference in ${CONTENTS} recorded answers, refusals included`, async () => {
      expect(contents).toHaveLength(CONTENTS)
      const different: string[] = []
      for (const recording of contents) {
        const direct = await viaGoogle(replay.url, recording)
        const through = await viaGoogle(konnect.gatewayUrl, recording)
        if (JSON.stringify(through) !== JSON.stringify(direct))
          different.push(`${recording.id} ${JSON.stringify([direct, through])}`)
      }
      console.log(`gemini: ${contents.length - different.length} same, ${different.length} different`)
      expect(different).toEqual([])
    })

    it.each(FAULTS)(
      'every recorded chat stream reaches the Anthropic SDK with equal text and tools (%s)',
      async (fault) => {
        const streams = chats.filter((one) => one.stream && one.status === 200)
        expect(streams.length).toBeGreaterThan(50)
        const different: string[] = []
        for (const recording of streams) {
          const direct = await viaOpenAi(replay.url, recording.id, `${recording.id}`)
          const through = await viaAnthropic(konnect.gatewayUrl, `oa-${recording.id}`, `${recording.id}${fault}`)
          if (JSON.stringify(through) !== JSON.stringify(direct))
            different.push(describeDifference(recording, direct, through))
        }
        expect(different).toEqual([])
      },
      300_000,
    )

    it.each(FAULTS)(
      'every recorded message stream reaches the OpenAI SDK with equal text and tools (%s)',
      async (fault) => {
        const streams = messages.filter((one) => one.stream && one.status === 200)
        expect(streams.length).toBeGreaterThan(5)
        const different: string[] = []
        for (const recording of streams) {
          const direct = await viaAnthropic(replay.url, recording.id, recording.id)
          const through = await viaOpenAi(konnect.gatewayUrl, `an-${recording.id}`, `${recording.id}${fault}`)
          if (JSON.stringify(through) !== JSON.stringify(direct))
            different.push(describeDifference(recording, direct, through))
        }
        expect(different).toEqual([])
      },
      300_000,
    )

    it.each(FAULTS)(
      'every recorded chat and message stream reaches the Responses client with equal text and tools (%s)',
      async (fault) => {
        const different: string[] = []
        for (const recording of [...chats, ...messages].filter((one) => one.stream && one.status === 200)) {
          const isChat = recording.api === 'openai-chat'
          const direct = await (isChat ? viaOpenAi : viaAnthropic)(replay.url, recording.id, recording.id)
          const model = `${isChat ? 'oc' : 'an'}-${recording.id}`
          const through = await viaResponses(konnect.gatewayUrl, model, `${recording.id}${fault}`)
          if (JSON.stringify(through) !== JSON.stringify(direct))
            different.push(describeDifference(recording, direct, through))
        }
        expect(different).toEqual([])
      },
      300_000,
    )
  },
)

const describeDifference = (recording: Recording, direct: Seen, through: Seen): string =>
  `${recording.id} direct ${JSON.stringify(direct).slice(0, 300)} through ${JSON.stringify(through).slice(0, 300)}`

async function viaOpenAi(base: string, model: string, replayId: string): Promise<Seen> {
  const client = new OpenAI({ baseURL: `${base}/v1`, apiKey: KEY, maxRetries: 0 })
  const stream = await client.chat.completions.create(
    { model, stream: true, messages: [{ role: 'user', content: 'Hello' }] },
    { headers: { 'x-replay-id': replayId } },
  )
  let text = ''
  const calls: { name: string; input: string }[] = []
  for await (const chunk of stream) {
    // The other format knows one answer only.
    const delta = chunk.choices.find((choice) => choice.index === 0)?.delta
    text += delta?.content ?? ''
    for (const call of delta?.tool_calls ?? []) {
      calls[call.index ?? 0] ??= { name: '', input: '' }
      const tool = calls[call.index ?? 0]
      if (tool === undefined) continue
      tool.name += call.function?.name ?? ''
      tool.input += call.function?.arguments ?? ''
    }
  }
  return { text, tools: calls.filter(Boolean).map(({ name, input }) => ({ name, input: parsed(input) })) }
}

async function viaAnthropic(base: string, model: string, replayId: string): Promise<Seen> {
  const client = new Anthropic({ baseURL: base, apiKey: KEY, maxRetries: 0 })
  const stream = client.messages.stream(
    { model, max_tokens: 1024, messages: [{ role: 'user', content: 'Hello' }] },
    { headers: { 'x-replay-id': replayId } },
  )
  // As text, because the SDK repairs arguments that were cut off.
  const inputs = new Map<number, string>()
  stream.on('streamEvent', (event) => {
    if (event.type !== 'content_block_delta' || event.delta.type !== 'input_json_delta') return
    inputs.set(event.index, (inputs.get(event.index) ?? '') + event.delta.partial_json)
  })
  const message = await stream.finalMessage()
  return {
    text: message.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join(''),
    tools: message.content.flatMap((block, index) =>
      block.type === 'tool_use' ? [{ name: block.name, input: parsed(inputs.get(index) ?? '') }] : [],
    ),
  }
}

async function viaResponses(base: string, model: string, replayId: string): Promise<Seen> {
  const client = new OpenAI({ baseURL: `${base}/v1`, apiKey: KEY, maxRetries: 0 })
  const options = { headers: { 'x-replay-id': replayId } }
  const response = await client.responses.stream({ model, input: 'Hello' }, options).finalResponse()
  return {
    text: response.output_text,
    tools: response.output.flatMap((item) =>
      item.type === 'function_call' ? [{ name: item.name, input: parsed(item.arguments) }] : [],
    ),
  }
}

/** Everything that Google's SDK hands on, in the recorded request's own words where it was recorded. */
async function viaGoogle(base: string, { id, stream, req }: Recording): Promise<unknown> {
  const { models } = new GoogleGenAI({ apiKey: KEY, httpOptions: { baseUrl: base, headers: { 'x-replay-id': id } } })
  const { contents = 'Hello', generationConfig, ...rest } = req ?? {}
  const asked = { model: GOOGLE_MODEL, contents, config: { ...rest, ...Object(generationConfig) } }
  const params = asked as GenerateContentParameters
  try {
    const answers: GenerateContentResponse[] = []
    if (stream) for await (const chunk of await models.generateContentStream(params)) answers.push(chunk)
    else answers.push(await models.generateContent(params))
    // The fields of the transport are the server's own.
    return answers.map(({ sdkHttpResponse: _, ...answer }) => answer)
  } catch (error) {
    return { ...Object(error), message: String(error) }
  }
}

interface Recorded {
  readonly chats: readonly Recording[]
  readonly messages: readonly Recording[]
  readonly responses: readonly Recording[]
}

/** Same-dialect models under their recorded names, and one model for each stream to be asked for in the other dialect. */
function configOf(replayUrl: string, { chats, messages, responses }: Recorded): string {
  const names = new Map<string, string>()
  for (const [provider, recordings] of [
    ['openai', chats],
    ['openai', responses],
    ['anthropic', messages],
  ] as const) {
    for (const { req } of recordings) if (typeof req?.model === 'string') names.set(req.model, provider)
  }
  const models = [
    ...[...names].map(([name, provider]) => ({ name, access: 'public', deployments: [{ provider, model: name }] })),
    { name: GOOGLE_MODEL, access: 'public', deployments: [{ provider: 'google', model: GOOGLE_MODEL }] },
    ...crossed('oa', 'openai', chats),
    ...crossed('oc', 'compatible', chats),
    ...crossed('an', 'anthropic', messages),
  ]
  const forwardHeaders = ['x-replay-id']
  return JSON.stringify({
    providers: [
      {
        name: 'openai',
        vendor: 'openai',
        baseUrl: `${replayUrl}/v1`,
        apiKey: 'vendor-key',
        forwardHeaders,
        // One recording continues a response that was made elsewhere.
        acceptVendorIds: true,
      },
      // It speaks no Responses, so those who do are translated for.
      {
        name: 'compatible',
        vendor: 'openai-compatible',
        baseUrl: `${replayUrl}/v1`,
        apiKey: 'vendor-key',
        forwardHeaders,
      },
      { name: 'anthropic', vendor: 'anthropic', baseUrl: replayUrl, apiKey: 'vendor-key', forwardHeaders },
      { name: 'google', vendor: 'gemini', baseUrl: replayUrl, apiKey: 'vendor-key', forwardHeaders },
    ],
    models,
    applications: [{ name: 'sdk', keys: [{ value: KEY }] }],
  })
}

const crossed = (prefix: string, provider: string, recordings: readonly Recording[]) =>
  recordings
    .filter((one) => one.stream)
    .map(({ id }) => ({ name: `${prefix}-${id}`, access: 'public', deployments: [{ provider, model: id }] }))
