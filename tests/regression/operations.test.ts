import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { GoogleGenAI } from '@google/genai'
import { waitFor } from '@konnect/testkit'
import OpenAI, { toFile } from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Konnect, startKonnect } from '../harness.ts'

const KEY = 'kn_test_0123456789abcdef'
const AUDIO = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 256))

/** What the vendor got last. */
let received: { path: string; type: string; body: Buffer } = { path: '', type: '', body: Buffer.alloc(0) }

async function vendor(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = Buffer.concat(await request.toArray())
  received = { path: request.url ?? '', type: request.headers['content-type'] ?? '', body }
  const json = (value: unknown) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(value))
  }
  if (received.path === '/v1/embeddings') {
    const data = [JSON.parse(body.toString()).input].flat().map((_text, index) => ({
      object: 'embedding',
      index,
      embedding: [0.25 + index, -1e-7],
    }))
    json({ object: 'list', data, model: 'theirs', usage: { prompt_tokens: 3, total_tokens: 3 } })
  } else if (received.path.startsWith('/v1/images/')) {
    json({
      created: 1,
      data: [{ b64_json: 'iVBOR' }],
      usage: { input_tokens: 4, output_tokens: 1056, total_tokens: 1060 },
    })
  } else if (received.path === '/v1/audio/speech') {
    response.writeHead(200, { 'content-type': 'audio/mpeg' })
    response.write(AUDIO.subarray(0, 50_000))
    if (body.includes('break off')) setTimeout(() => response.destroy(), 50)
    else response.end(AUDIO.subarray(50_000))
  } else if (received.path.startsWith('/v1/audio/')) {
    json({ text: 'Hello.', usage: { type: 'tokens', input_tokens: 14, output_tokens: 2, total_tokens: 16 } })
  } else if (received.path === '/v1/moderations') {
    json({ id: 'modr-1', model: 'theirs', results: [{ flagged: false, categories: {}, category_scores: {} }] })
  } else {
    response.writeHead(404, { 'content-type': 'application/json' })
    response.end('{"error":{"message":"No such path","type":"invalid_request_error"}}')
  }
}

const names = ['embedder', 'librarian', 'painter', 'speaker', 'listener', 'judge'] as const
const configOf = (url: string): string => `
providers:
  - { name: upstream, vendor: openai, baseUrl: "${url}/v1", apiKey: vendor-secret }
  - { name: wordy, vendor: anthropic, baseUrl: "${url}", apiKey: vendor-secret }
models:
${names.map((name) => `  - { name: ${name}, deployments: [{ provider: upstream, model: theirs }] }`).join('\n')}
  - { name: writer, deployments: [{ provider: wordy, model: theirs }] }
applications:
  - name: mobile
    keys: [{ value: ${KEY} }]
    subscriptions: [${[...names, 'writer'].map((name) => `{ model: ${name} }`).join(', ')}]
`

describe('operations other than chat', () => {
  const server = createServer((request, response) => void vendor(request, response))
  let konnect: Konnect
  let client: OpenAI

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    konnect = await startKonnect({ config: configOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`) })
    client = new OpenAI({ baseURL: `${konnect.gatewayUrl}/v1`, apiKey: KEY, maxRetries: 0 })
  })
  afterAll(async () => {
    await konnect?.stop()
    server.closeAllConnections()
    server.close()
  })

  const recorded = async (model: string) => {
    await waitFor(`the record of ${model}`, async () => (await konnect.client.calls.list({ model })).items.length > 0)
    return (await konnect.client.calls.list({ model })).items[0]
  }

  it('embeddings reach the vendor under its name of the model, and their tokens the ledger', async () => {
    const answer = await client.embeddings.create({ model: 'embedder', input: 'Hello', encoding_format: 'float' })
    expect(answer.data[0]?.embedding).toEqual([0.25, -1e-7])
    expect(JSON.parse(received.body.toString())).toMatchObject({ model: 'theirs', input: 'Hello' })
    expect((await recorded('embedder'))?.ai?.usage).toMatchObject({ inputTokens: 3, outputTokens: 0 })
  })

  it('embeddings are asked for in the words of Gemini, one and several, and answered in them', async () => {
    const address = `${konnect.gatewayUrl}/v1beta/models/librarian:embedContent`
    const ask = (content: object) =>
      fetch(address, { method: 'POST', headers: { 'x-goog-api-key': KEY }, body: JSON.stringify({ content }) })
    expect(await (await ask({ parts: [{ text: 'Hello' }] })).json()).toEqual({ embedding: { values: [0.25, -1e-7] } })
    expect(JSON.parse(received.body.toString())).toEqual({ model: 'theirs', input: ['Hello'] })
    expect((await recorded('librarian'))?.ai?.usage).toMatchObject({ inputTokens: 3, outputTokens: 0 })
    const refused = await ask({ parts: [{ inlineData: { mimeType: 'image/png', data: 'iVBOR' } }] })
    expect([refused.status, await refused.json()]).toMatchObject([400, { error: { status: 'INVALID_ARGUMENT' } }])
    const { models } = new GoogleGenAI({ apiKey: KEY, httpOptions: { baseUrl: konnect.gatewayUrl } })
    const { embeddings } = await models.embedContent({ model: 'librarian', contents: ['One', 'Two'] })
    expect(embeddings?.map(({ values }) => values)).toEqual([
      [0.25, -1e-7],
      [1.25, -1e-7],
    ])
    expect(JSON.parse(received.body.toString())).toEqual({ model: 'theirs', input: ['One', 'Two'] })
  })

  it('images are made and edited, the picture of an edit unchanged', async () => {
    const made = await client.images.generate({ model: 'painter', prompt: 'A cat' })
    expect(made.data?.[0]?.b64_json).toBe('iVBOR')
    const image = await toFile(Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), 'a.png', { type: 'image/png' })
    await client.images.edit({ model: 'painter', prompt: 'A dog', image })
    const form = await new Response(Buffer.from(received.body), {
      headers: { 'content-type': received.type },
    }).formData()
    expect([received.path, form.get('model')]).toEqual(['/v1/images/edits', 'theirs'])
    const sent = Buffer.from(await (form.get('image') as File).arrayBuffer())
    expect([...sent]).toEqual([137, 80, 78, 71, 13, 10, 26, 10])
    expect((await recorded('painter'))?.ai?.usage).toMatchObject({ inputTokens: 4, outputTokens: 1056 })
  })

  it('speech arrives byte for byte, under the type of the vendor', async () => {
    const answer = await client.audio.speech.create({ model: 'speaker', voice: 'alloy', input: 'Hello' })
    expect(answer.headers.get('content-type')).toBe('audio/mpeg')
    expect(Buffer.from(await answer.arrayBuffer()).equals(AUDIO)).toBe(true)
  })

  it('speech that breaks off upstream breaks off for the client too', async () => {
    const answer = await client.audio.speech.create({ model: 'speaker', voice: 'alloy', input: 'break off' })
    await expect(answer.arrayBuffer()).rejects.toThrow()
  })

  it('recordings are transcribed and translated', async () => {
    const file = () => toFile(AUDIO, 'a.wav', { type: 'audio/wav' })
    expect((await client.audio.transcriptions.create({ model: 'listener', file: await file() })).text).toBe('Hello.')
    expect(received.path).toBe('/v1/audio/transcriptions')
    expect((await client.audio.translations.create({ model: 'listener', file: await file() })).text).toBe('Hello.')
    expect(received.path).toBe('/v1/audio/translations')
    expect((await recorded('listener'))?.ai?.usage).toMatchObject({ inputTokens: 14, outputTokens: 2 })
  })

  it('moderations pass', async () => {
    const answer = await client.moderations.create({ model: 'judge', input: 'Hello' })
    expect(answer.results[0]?.flagged).toBe(false)
  })

  it('a model none of whose providers can do it says so', async () => {
    const asked = client.embeddings.create({ model: 'writer', input: 'Hello' })
    await expect(asked).rejects.toMatchObject({ status: 400, code: 'unsupported_feature' })
  })

  it('a form without a model, and JSON where a form belongs, are the client’s faults', async () => {
    const headers = { 'x-api-key': KEY }
    const form = new FormData()
    form.append('prompt', 'x')
    const noModel = await fetch(`${konnect.gatewayUrl}/v1/images/edits`, { method: 'POST', headers, body: form })
    expect(noModel.status).toBe(400)
    const body = '{"model":"listener"}'
    const noForm = await fetch(`${konnect.gatewayUrl}/v1/audio/transcriptions`, { method: 'POST', headers, body })
    expect(noForm.status).toBe(400)
    expect(await noForm.json()).toMatchObject({ error: { code: 'invalid_request' } })
  })
})
