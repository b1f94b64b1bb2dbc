import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Anthropic from '@anthropic-ai/sdk'
import { startEchoUpstream } from '@konnect/testkit'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Konnect, runProgram, startKonnect } from '../harness.ts'

const KEY = 'kn_test_0123456789abcdef'
const OTHER_KEY = 'kn_test_fedcba9876543210'

let konnect: Konnect
let folder: string
let upstream: Awaited<ReturnType<typeof startEchoUpstream>>

beforeAll(async () => {
  upstream = await startEchoUpstream()
  folder = await mkdtemp(join(tmpdir(), 'konnect-bad-'))
  konnect = await startKonnect({
    config: `
apis:
  - name: orders
    upstream: { targets: [{ url: "${upstream.url}" }] }
    routes: [{ paths: ["/orders"] }]
    policies: [{ use: key-auth }, { use: request-size, with: { max: 1kb } }]
providers: [{ name: claude, vendor: anthropic, baseUrl: "${upstream.url}", apiKey: vendor-secret }]
models: [{ name: assistant, deployments: [{ provider: claude, model: any }] }]
applications:
  - name: mobile
    keys: [{ value: ${KEY} }]
    subscriptions: [{ api: orders }, { model: assistant }]
  - name: other
    keys: [{ value: ${OTHER_KEY} }]
`,
  })
}, 120_000)
afterAll(async () => {
  await konnect?.stop()
  await upstream?.close()
  await rm(folder, { recursive: true, force: true })
})

async function apply(text: string) {
  const file = join(folder, 'konnect.yaml')
  await writeFile(file, text)
  return runProgram(['apply', '-f', file, '--control', konnect.consoleUrl], { KONNECT_API_TOKEN: konnect.apiToken })
}

describe('apply', () => {
  const api = (part: string) => `apis:
  - name: fresh
    upstream: { targets: [{ url: "http://127.0.0.1:9" }] }
    routes: [{ paths: ["/fresh"] }]
    ${part}
`
  it.each([
    ['malformed YAML', 'apis: [{ name: fresh\n', /konnect\.yaml:\d+:\d+/],
    ['an unknown policy', api('policies: [{ use: unheard-of }]'), /konnect\.yaml:5:\d+ .*unheard-of/],
    [
      'a wrong setting of a policy',
      api('policies: [{ use: rate-limit, with: { limit: many } }]'),
      /konnect\.yaml:5:\d+ /,
    ],
    ['an unknown key', api('colour: red'), /konnect\.yaml:5:\d+ .*colour/],
    ['a wrong type', api('state: 7'), /konnect\.yaml:5:\d+ /],
    [
      'a bad URL',
      'apis:\n  - name: fresh\n    upstream: { targets: [{ url: "nowhere" }] }\n    routes: [{ paths: ["/"] }]\n',
      /konnect\.yaml:3:\d+ .*URL/,
    ],
    [
      'a missing reference',
      'models:\n  - name: fresh\n    deployments: [{ provider: nobody, model: x }]\n',
      /konnect\.yaml:3:\d+ .*nobody/,
    ],
    ['a cyclic alias', 'apis: &a\n  - *a\n', /konnect\.yaml:2:\d+ /],
    [
      'a missing variable',
      'providers:\n  - { name: fresh, vendor: openai, apiKey: "${env:KONNECT_TEST_UNSET}" }\n',
      /konnect\.yaml:2:\d+ .*KONNECT_TEST_UNSET/,
    ],
  ])('refuses %s with one clear error and applies nothing', async (_what, text, expected) => {
    const before = await konnect.client.config.export()
    const { code, output } = await apply(text)
    expect(code).toBe(1)
    expect(output).toMatch(expected)
    expect(
      output
        .trim()
        .split('\n')
        .filter((line) => line.startsWith('  ')),
    ).toHaveLength(1)
    expect(await konnect.client.config.export()).toBe(before)
  })

  it('applies nothing of a file whose last part is wrong', async () => {
    const { code } = await apply(`${api('')}models:\n  - name: m\n    deployments: [{ provider: nobody, model: x }]\n`)
    expect(code).toBe(1)
    const { items } = await konnect.client.resources('api').list()
    expect(items.map((item) => item.name)).toEqual(['orders'])
  })
})

describe('requests', () => {
  const openai = (apiKey: string) => new OpenAI({ baseURL: `${konnect.gatewayUrl}/v1`, apiKey, maxRetries: 0 })
  const anthropic = (apiKey: string) => new Anthropic({ baseURL: konnect.gatewayUrl, apiKey, maxRetries: 0 })
  const messages = [{ role: 'user' as const, content: 'Hello' }]

  it('without a key, with an unknown key, without a subscription: 401, 401, 403', async () => {
    const status = async (key?: string) =>
      (await fetch(`${konnect.gatewayUrl}/orders`, key === undefined ? {} : { headers: { 'x-api-key': key } })).status
    expect([await status(), await status('kn_test_nobodys_key_0000'), await status(OTHER_KEY)]).toEqual([401, 401, 403])
  })

  it('with a body over the limit get 413, announced or streamed', async () => {
    const send = (body: string | ReadableStream) =>
      fetch(`${konnect.gatewayUrl}/orders`, {
        method: 'POST',
        headers: { 'x-api-key': KEY },
        body,
        duplex: 'half',
      } as RequestInit)
    expect((await send('x'.repeat(2_000))).status).toBe(413)
    const stream = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 20; i++) controller.enqueue(new TextEncoder().encode('x'.repeat(100)))
        controller.close()
      },
    })
    expect((await send(stream)).status).toBe(413)
  })

  it('for an unknown model get 404 in the dialect of the SDK that asks', async () => {
    await expect(openai(KEY).chat.completions.create({ model: 'nothing', messages })).rejects.toBeInstanceOf(
      OpenAI.NotFoundError,
    )
    await expect(anthropic(KEY).messages.create({ model: 'nothing', max_tokens: 1, messages })).rejects.toBeInstanceOf(
      Anthropic.NotFoundError,
    )
  })

  it('without the right key or subscription get the SDK’s own errors', async () => {
    const chat = (key: string) => openai(key).chat.completions.create({ model: 'assistant', messages })
    const message = (key: string) => anthropic(key).messages.create({ model: 'assistant', max_tokens: 1, messages })
    await expect(chat('kn_test_nobodys_key_0000')).rejects.toBeInstanceOf(OpenAI.AuthenticationError)
    await expect(chat(OTHER_KEY)).rejects.toBeInstanceOf(OpenAI.PermissionDeniedError)
    await expect(message('kn_test_nobodys_key_0000')).rejects.toBeInstanceOf(Anthropic.AuthenticationError)
    await expect(message(OTHER_KEY)).rejects.toBeInstanceOf(Anthropic.PermissionDeniedError)
  })

  it('with malformed JSON get 400 in the dialect of the endpoint', async () => {
    const send = (path: string) =>
      fetch(`${konnect.gatewayUrl}${path}`, { method: 'POST', headers: { 'x-api-key': KEY }, body: '{"model":' })
    const chat = await send('/v1/chat/completions')
    expect(chat.status).toBe(400)
    expect(await chat.json()).toMatchObject({ error: { type: 'invalid_request_error' } })
    const message = await send('/v1/messages')
    expect(message.status).toBe(400)
    expect(await message.json()).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } })
  })

  it('to a vendor that answers something else get a clear error without its address or key', async () => {
    const error = await openai(KEY)
      .chat.completions.create({ model: 'assistant', messages })
      .then(
        () => undefined,
        (reason: unknown) => reason,
      )
    expect(error).toBeInstanceOf(OpenAI.APIError)
    expect((error as InstanceType<typeof OpenAI.APIError>).status).toBe(502)
    expect(String(error)).not.toContain('127.0.0.1')
    expect(String(error)).not.toContain('vendor-secret')
  })

  it('that are ambiguous HTTP are refused with 400 and the connection closes', async () => {
    const port = Number(new URL(konnect.gatewayUrl).port)
    const socket = connect(port, '127.0.0.1')
    socket.write('POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n')
    let answer = ''
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString()
    })
    await once(socket, 'close')
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
  })
})

describe('start', () => {
  it('says which process uses the data folder', async () => {
    const { code, output } = await runProgram([
      'start',
      '--data',
      konnect.data,
      '--gateway-port',
      '0',
      '--control-port',
      '0',
      '--sample-port',
      '0',
    ])
    expect(code).toBe(1)
    expect(output).toContain('data_folder_locked')
  })

  it('refuses unknown flags, wrong values and secrets on the command line', async () => {
    const results = await Promise.all([
      runProgram(['start', '--colour', 'red']),
      runProgram(['start', '--workers', 'many']),
      runProgram(['start', '--admin-password', 'open sesame']),
    ])
    expect(results.map(({ code }) => code)).toEqual([1, 1, 1])
    expect(results[1]?.output).toContain('--workers')
    expect(results[2]?.output).toContain('KONNECT_ADMIN_PASSWORD')
  })

  it('fails with file, line and column when its configuration is wrong', async () => {
    const file = join(folder, 'start.yaml')
    await writeFile(file, 'apis:\n  - colour: red\n')
    const data = join(folder, 'data')
    const { code, output } = await runProgram([
      'start',
      '--config',
      file,
      '--data',
      data,
      '--gateway-port',
      '0',
      '--control-port',
      '0',
    ])
    expect(code).toBe(1)
    expect(output).toMatch(/start\.yaml:2:\d+/)
  })
})
