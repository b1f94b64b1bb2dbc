import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GoogleGenAI, type LiveServerMessage, Modality } from '@google/genai'
import type { Call } from '@konnect/contract'
import { findFreePort, waitFor } from '@konnect/testkit'
import OpenAI from 'openai'
import { OpenAIRealtimeWebSocket } from 'openai/realtime/websocket'
import { OpenAIRealtimeWS } from 'openai/realtime/ws'
import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { LOCALHOST } from '../../packages/http/src/testing/localhost-certificate.ts'
import { type Konnect, startKonnect } from '../harness.ts'

const KEY = 'kn_test_0123456789abcdef'

/** A vendor that answers each `response.create` with a few words, some of them spoken, and says what that took. */
async function startVoice() {
  const requests: IncomingMessage[] = []
  const server = createServer()
  const sessions = new WebSocketServer({ server, handleProtocols: () => 'realtime' })
  sessions.on('connection', (socket, request) => {
    requests.push(request)
    const send = (event: object) => socket.send(JSON.stringify({ event_id: 'ev', ...event }))
    send({ type: 'session.created', session: { type: 'realtime', id: 'sess_1', model: 'gpt-realtime' } })
    socket.on('message', (data: Buffer) => {
      const event = JSON.parse(data.toString()) as { type: string }
      if (event.type === 'response.create') for (const one of answer) send(one)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    sockets: sessions.clients,
    close() {
      for (const socket of sessions.clients) socket.terminate()
      server.close()
    },
  }
}

const usage = {
  total_tokens: 300,
  input_tokens: 200,
  output_tokens: 100,
  input_token_details: {
    text_tokens: 50,
    audio_tokens: 150,
    cached_tokens: 64,
    cached_tokens_details: { text_tokens: 64, audio_tokens: 0 },
  },
  output_token_details: { text_tokens: 20, audio_tokens: 80 },
}
const place = { response_id: 'resp_1', item_id: 'item_1', output_index: 0, content_index: 0 }
const answer = [
  { type: 'response.created', response: { id: 'resp_1', object: 'realtime.response', status: 'in_progress' } },
  { type: 'response.output_audio.delta', ...place, delta: Buffer.alloc(4_800, 1).toString('base64') },
  { type: 'response.output_audio_transcript.delta', ...place, delta: 'Good ' },
  { type: 'response.output_audio_transcript.delta', ...place, delta: 'morning' },
  { type: 'response.done', response: { id: 'resp_1', object: 'realtime.response', status: 'completed', usage } },
]

const configOf = (baseUrl: string): string => `
providers: [{ name: voice, vendor: openai, baseUrl: "${baseUrl}", apiKey: upstream-secret }]
models: [{ name: assistant, access: subscription, deployments: [{ provider: voice, model: gpt-realtime }] }]
applications: [{ name: mobile, keys: [{ name: talk, value: ${KEY} }], subscriptions: [{ model: assistant }] }]
`

/** As in a browser, where programs can choose neither fields nor the certificates to believe. */
class BrowserSocket extends WebSocket {
  constructor(url: string, protocols: string[]) {
    super(url, protocols, { ca: LOCALHOST.cert })
  }
}

/** A vendor of Google's Live API, which sends its JSON as binary messages. */
async function startLive() {
  const setups: unknown[] = []
  const sessions = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  sessions.on('connection', (socket, request) => {
    const send = (message: object) => socket.send(Buffer.from(JSON.stringify(message)))
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as { setup?: object; clientContent?: object }
      if (message.setup !== undefined) {
        setups.push({ ...message.setup, url: request.url, key: request.headers['x-goog-api-key'] })
        send({ setupComplete: {} })
      }
      if (message.clientContent !== undefined) {
        send({ serverContent: { modelTurn: { role: 'model', parts: [{ text: 'Good evening' }] } } })
        send({
          serverContent: { turnComplete: true },
          usageMetadata: { promptTokenCount: 30, responseTokenCount: 4, totalTokenCount: 34 },
        })
      }
    })
  })
  await once(sessions, 'listening')
  return {
    url: `http://127.0.0.1:${(sessions.address() as AddressInfo).port}`,
    setups,
    close() {
      for (const socket of sessions.clients) socket.terminate()
      sessions.close()
    },
  }
}

describe("the official client of Google's Live API", () => {
  it('talks to the vendor, and each turn is accounted', async () => {
    const live = await startLive()
    const konnect = await startKonnect({
      config: `
providers: [{ name: google, vendor: gemini, baseUrl: "${live.url}", apiKey: upstream-secret }]
models: [{ name: talker, deployments: [{ provider: google, model: gemini-live-2.5-flash, price: { input: 1, output: 2 } }] }]
applications: [{ name: mobile, keys: [{ value: ${KEY} }], subscriptions: [{ model: talker }] }]
`,
    })
    try {
      const client = new GoogleGenAI({ apiKey: KEY, httpOptions: { baseUrl: konnect.gatewayUrl } })
      const messages: LiveServerMessage[] = []
      const session = await client.live.connect({
        model: 'talker',
        config: { responseModalities: [Modality.TEXT] },
        callbacks: { onmessage: (message) => messages.push(message) },
      })
      for (let turn = 0; turn < 2; turn++) session.sendClientContent({ turns: 'Hello', turnComplete: true })
      await waitFor('two turns', () => messages.filter((one) => one.serverContent?.turnComplete).length === 2)
      session.close()
      const said = messages.flatMap(({ serverContent }) => serverContent?.modelTurn?.parts?.[0]?.text ?? [])
      expect(said).toEqual(['Good evening', 'Good evening'])
      expect(live.setups).toMatchObject([
        {
          model: 'models/gemini-live-2.5-flash',
          url: '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent',
          key: 'upstream-secret',
        },
      ])
      const call = await waitFor('the session in the records', async () => {
        const { items } = await konnect.client.calls.list({ limit: 10 })
        return items[0]
      })
      expect(call).toMatchObject({ kind: 'ai', status: 101, errorCode: null, application: 'mobile' })
      expect(call.ai).toMatchObject({
        dialect: 'gemini-live',
        model: 'talker',
        usage: { inputTokens: 60, outputTokens: 8 },
        costUsd: '0.000076',
      })
    } finally {
      await konnect.stop()
      live.close()
    }
  }, 120_000)
})

describe('the official client of the Realtime API', () => {
  let konnect: Konnect
  let voice: Awaited<ReturnType<typeof startVoice>>
  let client: OpenAI
  let folder: string

  beforeAll(async () => {
    voice = await startVoice()
    folder = await mkdtemp(join(tmpdir(), 'konnect-realtime-'))
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    await writeFile(cert, LOCALHOST.cert)
    await writeFile(key, LOCALHOST.key)
    const port = await findFreePort()
    const flags = ['--tls-port', `${port}`, '--tls-cert', cert, '--tls-key', key]
    konnect = await startKonnect({ config: configOf(voice.url), flags })
    client = new OpenAI({ baseURL: `https://localhost:${port}/v1`, apiKey: KEY, dangerouslyAllowBrowser: true })
  }, 120_000)

  afterAll(async () => {
    await konnect?.stop()
    voice?.close()
    await rm(folder, { recursive: true, force: true })
  })

  const callAfter = (count: number): Promise<Call> =>
    waitFor('the session in the records', async () => {
      const { items } = await konnect.client.calls.list({ limit: 50 })
      const sessions = items.filter(({ path }) => path === '/v1/realtime')
      return sessions.length === count ? sessions[0] : undefined
    })

  /** One turn: what the model said, in order of the events. */
  async function turn(session: OpenAIRealtimeWS | OpenAIRealtimeWebSocket) {
    const events: RealtimeServerEvent[] = []
    const over = new Promise<void>((resolve, reject) => {
      session.on('event', (event) => events.push(event as RealtimeServerEvent))
      session.on('session.created', () => session.send({ type: 'response.create' }))
      session.on('response.done', () => resolve())
      session.on('error', reject)
    })
    await over
    const said = events.map((event) => (event.type === 'response.output_audio_transcript.delta' ? event.delta : ''))
    return { said: said.join(''), types: events.map(({ type }) => type) }
  }

  it('talks from a server, and the session is accounted with the price of text and of sound', async () => {
    const session = new OpenAIRealtimeWS({ model: 'assistant', options: { ca: LOCALHOST.cert } }, client)
    const { said, types } = await turn(session)
    expect(said).toBe('Good morning')
    expect(types).toEqual(['session.created', ...answer.map(({ type }) => type)])
    session.close()
    const [request] = voice.requests
    expect(request?.url).toBe('/v1/realtime?model=gpt-realtime')
    expect(request?.headers.authorization).toBe('Bearer upstream-secret')
    const call = await callAfter(1)
    expect(call).toMatchObject({ kind: 'ai', status: 101, errorCode: null, application: 'mobile' })
    expect(call.ai).toMatchObject({
      dialect: 'openai-realtime',
      model: 'assistant',
      upstreamModel: 'gpt-realtime',
      usage: {
        inputTokens: 200,
        cachedInputTokens: 64,
        inputAudioTokens: 150,
        outputTokens: 100,
        outputAudioTokens: 80,
      },
      priceSource: 'catalog',
    })
    // 64 cached × 0.4 + 136 sound × 32 + 20 text × 16 + 80 sound × 64, in millionths
    expect(Number(call.ai?.costUsd)).toBeCloseTo((64 * 0.4 + 136 * 32 + 20 * 16 + 80 * 64) / 1e6, 12)
  })

  it('talks from a browser, with its key among the subprotocols', async () => {
    const former = globalThis.WebSocket
    globalThis.WebSocket = BrowserSocket as unknown as typeof former
    try {
      const session = new OpenAIRealtimeWebSocket({ model: 'assistant', dangerouslyAllowBrowser: true }, client)
      expect((await turn(session)).said).toBe('Good morning')
      expect(session.socket.protocol).toBe('realtime')
      session.close()
    } finally {
      globalThis.WebSocket = former
    }
    expect(voice.requests.at(-1)?.rawHeaders.join(' ')).not.toContain(KEY)
    expect(await callAfter(2)).toMatchObject({ status: 101, application: 'mobile' })
  })

  it('is closed cleanly when the program stops', async () => {
    const other = await startKonnect({ config: configOf(voice.url) })
    const session = new WebSocket(`${other.gatewayUrl.replace('http', 'ws')}/v1/realtime?model=assistant`, {
      headers: { authorization: `Bearer ${KEY}` },
    })
    await once(session, 'message')
    const [[code]] = (await Promise.all([once(session, 'close'), other.stop()])) as [[number], unknown]
    expect(code).toBe(1001)
  })

  it('is cut off when the key is revoked', async () => {
    const session = new OpenAIRealtimeWS({ model: 'assistant', options: { ca: LOCALHOST.cert } }, client)
    await turn(session)
    const closed = once(session.socket, 'close')
    await konnect.client.resources('key', { parent: 'mobile' }).remove('talk')
    const [code] = (await closed) as [number]
    expect(code).toBe(1008)
    expect(await callAfter(3)).toMatchObject({ status: 101, errorCode: 'credential_invalid' })
  })
})
