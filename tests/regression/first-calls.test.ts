import type { Call } from '@konnect/contract'
import { waitFor } from '@konnect/testkit'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Konnect, startKonnect } from '../harness.ts'

describe('a first start without any configuration', () => {
  let konnect: Konnect
  beforeAll(async () => {
    konnect = await startKonnect()
  }, 120_000)
  afterAll(() => konnect?.stop())

  const callsWith = (path: string): Promise<Call> =>
    waitFor(`a call to ${path} in the records`, async () => {
      const { items } = await konnect.client.calls.list({ limit: 50 })
      return items.find((call) => call.path === path && call.status === 200)
    })

  it('prints a setup link and a sample key, and no password', () => {
    expect(konnect.setupUrl).toMatch(/\/setup\?token=/)
    expect(konnect.sampleKey).toMatch(/^kn_live_/)
    expect(konnect.output()).not.toMatch(/password/i)
  })

  it('answers a REST call through key, limit and two balanced targets', async () => {
    const targets = new Set<string>()
    for (let i = 0; i < 4; i++) {
      const response = await fetch(`${konnect.gatewayUrl}/echo`, {
        headers: { authorization: `Bearer ${konnect.sampleKey}` },
      })
      expect(response.status).toBe(200)
      expect(Number(response.headers.get('x-ratelimit-remaining'))).toBe(59 - i)
      targets.add(((await response.json()) as { target: string }).target)
    }
    expect([...targets].sort()).toEqual(['echo-a', 'echo-b'])
    expect(await callsWith('/echo')).toMatchObject({ api: 'echo', application: 'first-application', kind: 'http' })
  })

  it('streams a chat from the OpenAI SDK to an upstream that speaks Anthropic, and records its cost', async () => {
    const client = new OpenAI({ baseURL: `${konnect.gatewayUrl}/v1`, apiKey: konnect.sampleKey ?? '' })
    const stream = await client.chat.completions.create({
      model: 'simulated',
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: 'Hello there' }],
    })
    let text = ''
    let chunks = 0
    let usage: OpenAI.CompletionUsage | undefined
    for await (const chunk of stream) {
      chunks++
      text += chunk.choices[0]?.delta.content ?? ''
      usage = chunk.usage ?? usage
    }
    expect(text).toContain('simulated model')
    expect(text).toContain('Hello there')
    expect(chunks).toBeGreaterThan(10)
    const call = await callsWith('/v1/chat/completions')
    const { prompt_tokens: input = 0, completion_tokens: output = 0 } = usage ?? {}
    expect(call.ai).toMatchObject({ model: 'simulated', vendor: 'anthropic', isStream: true, finishReason: 'stop' })
    expect(call.ai?.usage).toMatchObject({ inputTokens: input, outputTokens: output })
    expect(Number(call.ai?.costUsd)).toBeCloseTo((input * 3 + output * 15) / 1e6, 12)
  })

  it('lists the models that a key may use', async () => {
    const client = new OpenAI({ baseURL: `${konnect.gatewayUrl}/v1`, apiKey: konnect.sampleKey ?? '' })
    const { data } = await client.models.list()
    expect(data.map((model) => model.id)).toEqual(['simulated'])
  })

  it('accounts for a stream that the client gave up', async () => {
    const abort = new AbortController()
    const response = await fetch(`${konnect.gatewayUrl}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': konnect.sampleKey ?? '', 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'simulated',
        max_tokens: 100,
        stream: true,
        messages: [{ role: 'user', content: 'Hello' }],
      }),
      signal: abort.signal,
    })
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    await reader.read()
    abort.abort()
    const call = await waitFor('the aborted call', async () => {
      const { items } = await konnect.client.calls.list({ limit: 50 })
      return items.find(({ path, status }) => path === '/v1/messages' && status === 499)
    })
    expect(call.ai).toMatchObject({ isTruncated: true, isEstimated: true })
    expect(Number(call.ai?.costUsd)).toBeGreaterThan(0)
  })

  it('offers the sample once: a control plane that starts again keeps what was made of it', async () => {
    await konnect.client.resources('subscription', { parent: 'first-application' }).remove('api-echo')
    await konnect.client.resources('api').remove('echo')
    const [control] = await konnect.pids('control')
    process.kill(control ?? 0, 'SIGKILL')
    await waitFor('another control plane', async () => {
      const [other] = await konnect.pids('control')
      return other !== undefined && other !== control
    })
    await konnect.ready()
    expect((await konnect.client.resources('api').list()).items).toEqual([])
  })
})
