import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import { type FakeServer, startHttpServer } from '@konnect/testkit'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  CLIENTS,
  type Client,
  callOf,
  configOf,
  errorIn,
  KEY,
  modelOf,
  refusalAt,
  requestOf,
  send,
  VENDOR_KEY,
  VENDORS,
  VENDORS_OF,
} from '../ai-requests.ts'
import { type Konnect, startKonnect } from '../harness.ts'

const PAGE = `<html><body>nginx at http://10.0.0.7:8080 refused ${VENDOR_KEY}</body></html>${'x'.repeat(100_000)}`
const LEAK = `Incorrect key ${VENDOR_KEY} at http://10.0.0.7:8080`
const JSON_HEAD = { 'content-type': 'application/json', 'x-request-id': 'vendor-request-1' }
const page = (response: ServerResponse, status: number) =>
  void response.writeHead(status, { ...JSON_HEAD, 'content-type': 'text/html' }).end(PAGE)

interface Breakage {
  readonly status: number
  readonly code: string
  readonly isSilent?: boolean
  reply(response: ServerResponse, target: string): void
}

/** What a broken vendor does with a request, and the status and code that it leaves. */
const BREAKAGES: Readonly<Record<string, Breakage>> = {
  'HTML with status 200': { status: 502, code: 'upstream_invalid', reply: (response) => page(response, 200) },
  'HTML with status 500': { status: 500, code: 'upstream_error', reply: (response) => page(response, 500) },
  'gzip without saying so': {
    status: 502,
    code: 'upstream_invalid',
    reply: (response) => void response.writeHead(200, JSON_HEAD).end(gzipSync('{"choices":[]}')),
  },
  'gzip that is none': {
    status: 502,
    code: 'upstream_invalid',
    reply: (response) => void response.writeHead(200, { ...JSON_HEAD, 'content-encoding': 'gzip' }).end('{"a":1}'),
  },
  'an empty body': {
    status: 502,
    code: 'upstream_invalid',
    reply: (response) => void response.writeHead(200, JSON_HEAD).end(),
  },
  'its own key in an error': {
    status: 401,
    code: 'upstream_error',
    reply: (response, target) =>
      void response.writeHead(401, JSON_HEAD).end(JSON.stringify(refusalAt(target, 401, LEAK))),
  },
  nothing: { status: 504, code: 'upstream_timeout', isSilent: true, reply: () => undefined },
}

/** Those whose status says that all is well. */
const INVALID = Object.entries(BREAKAGES)
  .filter(([, { code }]) => code === 'upstream_invalid')
  .map(([name]) => name.replaceAll(' ', '-'))

/** Streams that hold no answer. */
const EMPTY_STREAMS: Readonly<Record<string, string>> = {
  'empty-stream': '',
  'chatty-stream': 'data: nonsense\n\n: still here\n\n',
}

/** A sound stream, of a vendor that compresses it though it was asked not to. */
const COMPRESSED = gzipSync(
  [{ delta: { content: 'Hi' } }, { delta: {}, finish_reason: 'stop' }]
    .map((choice) => `data: ${JSON.stringify({ choices: [{ index: 0, ...choice }] })}\n\n`)
    .join('')
    .concat('data: [DONE]\n\n'),
)

const SOUND = { choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }] }

function reply(response: ServerResponse, target: string, model: string): void {
  const breakage = Object.entries(BREAKAGES).find(([name]) => slug(name) === model.split('~')[0])?.[1]
  const stream = EMPTY_STREAMS[model]
  if (breakage !== undefined) breakage.reply(response, target)
  else if (stream !== undefined) response.writeHead(200, { 'content-type': 'text/event-stream' }).end(stream)
  // One word, and never an end.
  else if (model === 'silent-stream')
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': wait\n\n')
  else if (model === 'compressed') {
    const head = { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' }
    response.writeHead(200, head).end(COMPRESSED)
  } else response.writeHead(200, JSON_HEAD).end(JSON.stringify(SOUND))
}

const slug = (name: string): string => name.replaceAll(' ', '-')

let konnect: Konnect
let vendor: FakeServer

beforeAll(async () => {
  vendor = await startHttpServer(({ target, body }, response) => {
    const inPath = /models\/([^:]+):/.exec(target)?.[1]
    reply(response, target, inPath ?? JSON.parse(body.toString()).model)
  })
  konnect = await startKonnect({ config: configOf(vendor.url, models()) })
}, 120_000)
afterAll(async () => {
  await konnect?.stop()
  await vendor?.close()
})

const models = () => [
  ...[...Object.keys(BREAKAGES).map(slug), ...Object.keys(EMPTY_STREAMS), 'silent-stream'].flatMap((model) =>
    VENDORS.map((provider) => modelOf(`${model}-${provider}`, [{ provider, model }])),
  ),
  modelOf('compressed', [{ provider: 'openai', model: 'compressed' }]),
  ...INVALID.map((model) =>
    modelOf(`${model}-then-sound`, [
      // A name of its own: the deployments above are known to be ill by then.
      { provider: 'openai', model: `${model}~first` },
      { provider: 'openai', model: 'sound' },
    ]),
  ),
]

const cells = CLIENTS.flatMap((client) =>
  VENDORS_OF[client].flatMap((provider) =>
    [false, true].flatMap((isStream) =>
      Object.entries(BREAKAGES).map(
        ([name, breakage]) => [client, provider, isStream ? 'stream' : 'whole answer', name, breakage] as const,
      ),
    ),
  ),
)

describe('a vendor that answers something else', () => {
  it.concurrent.each(cells)(
    '%s → %s, %s: %s is a clear error, accounted',
    async (client, provider, kind, name, breakage) => {
      const response = await send(konnect, requestOf(client, `${slug(name)}-${provider}`, kind === 'stream'))
      expect(response.status).toBe(breakage.status)
      expect(await errorIn(client, response)).not.toBe('')
      if (breakage.isSilent !== true) expect(response.headers.get('x-upstream-request-id')).toBe('vendor-request-1')
      const call = await callOf(konnect, response)
      expect(call).toMatchObject({
        kind: 'ai',
        status: breakage.status,
        errorCode: breakage.code,
        application: 'mobile',
        ai: { dialect: client, model: `${slug(name)}-${provider}`, provider, isStream: kind === 'stream' },
      })
      expect(call.attempts.map(({ error }) => error)).toEqual([breakage.code])
      expect(JSON.stringify(call)).not.toContain(VENDOR_KEY)
      expect(JSON.stringify(call).length).toBeLessThan(10_000)
    },
  )

  it.each(INVALID)('is left for the next deployment: %s', async (name) => {
    const response = await send(konnect, requestOf('anthropic-messages', `${name}-then-sound`, false))
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('"Hi"')
    const call = await callOf(konnect, response)
    expect(call).toMatchObject({ status: 200, errorCode: null })
    expect(call.attempts.map(({ error }) => error)).toEqual(['upstream_invalid', null])
  })
})

/** The words with which each format ends well. */
const SUCCESS = /\[DONE\]|message_stop|response\.completed|"finishReason":"STOP"/

function errorCode(client: Client, provider: string, name: string): string {
  if (name === 'silent-stream') return 'upstream_timeout'
  // Whoever translates a stream has to read it.
  return name === 'chatty-stream' && provider !== VENDORS_OF[client][0] ? 'upstream_invalid' : 'upstream_truncated'
}

const emptyCells = CLIENTS.flatMap((client) =>
  VENDORS_OF[client].flatMap((provider) =>
    [...Object.keys(EMPTY_STREAMS), 'silent-stream'].map((name) => [client, provider, name] as const),
  ),
)

describe('a stream without an answer', () => {
  it.concurrent.each(emptyCells)(
    '%s → %s: %s ends with an error, never with success, and is accounted as truncated',
    async (client, provider, name) => {
      const response = await send(konnect, requestOf(client, `${name}-${provider}`, true))
      const text = await response.text()
      expect(text).toContain('error')
      expect(text).not.toMatch(SUCCESS)
      expect(await callOf(konnect, response)).toMatchObject({
        errorCode: errorCode(client, provider, name),
        ai: { isTruncated: true },
      })
    },
  )
})

describe.each(CLIENTS.filter((client) => client !== 'openai-responses'))('a compressed stream for %s', (client) => {
  it('is read, and reaches the client as the stream that it is', async () => {
    const response = await send(konnect, requestOf(client, 'compressed', true))
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
    expect(response.headers.get('content-encoding')).toBeNull()
    const text = await response.text()
    expect(text).toContain('Hi')
    expect(text).toMatch(SUCCESS)
    expect(await callOf(konnect, response)).toMatchObject({
      status: 200,
      errorCode: null,
      ai: { finishReason: 'stop' },
    })
  })
})

describe('official SDKs', () => {
  const model = `${slug('HTML with status 200')}-openai`

  it('throw their own errors for a vendor that answers HTML', async () => {
    const openai = new OpenAI({ baseURL: `${konnect.gatewayUrl}/v1`, apiKey: KEY, maxRetries: 0 })
    const anthropic = new Anthropic({ baseURL: konnect.gatewayUrl, apiKey: KEY, maxRetries: 0 })
    const google = new GoogleGenAI({ apiKey: KEY, httpOptions: { baseUrl: konnect.gatewayUrl } })
    const messages = [{ role: 'user' as const, content: 'Hello' }]
    const clear = { status: 502, message: expect.stringContaining('not a valid response') }
    await expect(openai.chat.completions.create({ model, messages })).rejects.toMatchObject(clear)
    await expect(openai.chat.completions.create({ model, messages, stream: true })).rejects.toMatchObject(clear)
    await expect(openai.responses.create({ model, input: 'Hello' })).rejects.toMatchObject(clear)
    await expect(anthropic.messages.create({ model, max_tokens: 1, messages })).rejects.toMatchObject(clear)
    await expect(google.models.generateContent({ model, contents: 'Hello' })).rejects.toMatchObject(clear)
  })
})
