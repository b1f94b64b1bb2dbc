import { createTranslator } from '@konnect/ai'
import type { SnapshotProvider } from '@konnect/contract'
import { defineVendor, type TemporaryKeySource, type Vendor } from '@konnect/sdk'
import { startHttpServer } from '@konnect/testkit'
import { Type } from 'typebox'
import { afterEach, describe, expect, it } from 'vitest'
import { mobileWith, startTestGateway, TEST_KEY } from './harness.ts'
import { answering, assistantAt, chatty, failing, providerAt } from './harness-ai.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** What a token server answers: a token that lasts so many seconds, or a refusal. */
type TokenAnswer = { readonly token: string; readonly seconds: number } | { readonly status: number }

/** A vendor's server that takes only tokens which its token server handed out and which hold. */
async function startTokenVendor(answer: (count: number) => TokenAnswer | Promise<TokenAnswer>) {
  const valid = new Map<string, number>()
  const heard: (() => void)[] = []
  let count = 0
  const tokens = await startHttpServer(async (_request, response) => {
    count++
    for (const tell of heard) tell()
    const given = await answer(count)
    if ('status' in given) {
      response.writeHead(given.status).end('{}')
      return
    }
    valid.set(given.token, Date.now() + given.seconds * 1000)
    response.end(JSON.stringify(given))
  })
  const models = await startHttpServer((request, response) => {
    const token = String(request.headers.authorization).slice('Bearer '.length)
    const holds = (valid.get(token) ?? 0) > Date.now()
    return (holds ? answering('Hi') : failing(401))(request, response)
  })
  closing.push(tokens.close, models.close)
  return {
    tokens,
    models,
    used: () => models.requests.map(({ headers }) => String(headers.authorization).slice('Bearer '.length)),
    /** Resolves once the token server was asked so often. */
    asked: (times: number) =>
      new Promise<void>((resolve) => {
        const check = () => count >= times && resolve()
        heard.push(check)
        check()
      }),
  }
}

/** As `chatty`, but its keys only get tokens. */
function tokenVendor(tokenUrl: string): Vendor {
  return defineVendor({
    ...chatty,
    id: 'renewing',
    settings: Type.Object({}),
    temporaryKeys({ apiKey = '' }): TemporaryKeySource {
      return {
        dependsOn: [apiKey],
        async obtain(fetchText, nowMs) {
          const { status, text } = await fetchText({ method: 'POST', url: tokenUrl, headers: [], body: apiKey })
          if (status !== 200) throw new Error(`tokens: ${status}`)
          const { token, seconds } = JSON.parse(text)
          return { apiKey: token, expiresAtMs: nowMs + seconds * 1000 }
        },
      }
    },
  }) as Vendor
}

interface Served {
  readonly tokens: { readonly url: string }
  readonly models: { readonly url: string }
}

async function gatewayFor(served: Served, part: Partial<SnapshotProvider> = {}, others: SnapshotProvider[] = []) {
  const vendors = [chatty, tokenVendor(served.tokens.url)]
  const gateway = await startTestGateway({ vendors, translator: createTranslator() })
  closing.push(() => gateway.close())
  const publish = (change: Partial<SnapshotProvider> = {}) => {
    const own = providerAt('a', served.models, { vendor: 'renewing', ...part, ...change })
    const providers = [own, ...others]
    const model = assistantAt(providers.map(({ name }) => name))
    gateway.publish({ providers, models: [model], applications: [mobileWith({})] })
  }
  publish()
  const chat = async (init: RequestInit = {}) => {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'x-api-key': TEST_KEY },
      body: JSON.stringify({ model: 'assistant', messages: [{ role: 'user', content: 'Hi' }] }),
      ...init,
    })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
  return { gateway, publish, chat }
}

describe('a provider whose keys are renewed', () => {
  it('is asked for its first token before anyone calls, and answers with it', async () => {
    const served = await startTokenVendor((count) => ({ token: `t${count}`, seconds: 60 }))
    const { chat } = await gatewayFor(served)
    await served.asked(1)
    expect((await chat()).status).toBe(200)
    expect((await chat()).status).toBe(200)
    expect(served.used()).toEqual(['t1', 't1'])
    expect(served.tokens.requests.map(({ body }) => String(body))).toEqual(['vendor-secret'])
  })

  it('lets requests wait for the first token, and none for a later one', async () => {
    let give: (answer: TokenAnswer) => void = () => {}
    const served = await startTokenVendor(() => new Promise((resolve) => (give = resolve)))
    const { chat } = await gatewayFor(served)
    const waiting = [chat(), chat()]
    await served.asked(1)
    give({ token: 'late', seconds: 60 })
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200])
    expect(served.tokens.requests).toHaveLength(1)
  })

  it('refuses not one request under load while tokens expire again and again', async () => {
    const served = await startTokenVendor((count) => ({ token: `t${count}`, seconds: 1 }))
    const { chat } = await gatewayFor(served)
    const statuses: number[] = []
    const isOver = served.asked(5).then(() => 'over' as const)
    const callAndCallAgain = async () => {
      for (let over = false; !over; ) {
        const result = await Promise.race([isOver, chat()])
        over = result === 'over'
        if (result !== 'over') statuses.push(result.status)
      }
    }
    await Promise.all([callAndCallAgain(), callAndCallAgain(), callAndCallAgain(), callAndCallAgain()])
    expect(statuses.length).toBeGreaterThan(50)
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(new Set(served.used()).size).toBeGreaterThanOrEqual(4)
  })

  it('keeps its token over a publish, and gets another one when the key is replaced', async () => {
    const served = await startTokenVendor((count) => ({ token: `t${count}`, seconds: 60 }))
    const { chat, publish } = await gatewayFor(served)
    await chat()
    publish({ timeout: '5s' })
    await chat()
    expect(served.used()).toEqual(['t1', 't1'])
    publish({ apiKey: 'replaced' })
    await chat()
    expect(served.used()).toEqual(['t1', 't1', 't2'])
    expect(served.tokens.requests.map(({ body }) => String(body))).toEqual(['vendor-secret', 'replaced'])
  })

  it('is out of service while its token server refuses, which only the operator hears', async () => {
    const served = await startTokenVendor(() => ({ status: 418 }))
    const { chat, gateway } = await gatewayFor(served)
    const { status, headers, text } = await chat()
    expect(status).toBe(503)
    expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect(text).not.toContain('418')
    const [call] = await gateway.recorded(1)
    expect(call).toMatchObject({ errorCode: 'no_healthy_target', errorReason: expect.stringContaining('tokens: 418') })
    expect(JSON.stringify(call)).not.toContain('vendor-secret')
    expect(served.models.requests).toHaveLength(0)
  })

  it('is passed over for the next deployment while it has no token', async () => {
    const served = await startTokenVendor(() => ({ status: 500 }))
    const other = await startHttpServer(answering('Instead'))
    closing.push(other.close)
    const { chat } = await gatewayFor(served, {}, [providerAt('b', other)])
    const { status, text } = await chat()
    expect(status).toBe(200)
    expect(text).toContain('Instead')
  })

  it('uses the keys of a pool that have a token', async () => {
    const served = await startTokenVendor((count) => (count === 1 ? { status: 403 } : { token: 'good', seconds: 60 }))
    const apiKeys = [
      { name: 'bad', value: 'first-of-the-pool' },
      { name: 'good', value: 'second-of-the-pool' },
    ]
    const { chat } = await gatewayFor(served, { apiKeys })
    for (let i = 0; i < 5; i++) expect((await chat()).status).toBe(200)
    expect(new Set(served.used())).toEqual(new Set(['good']))
  })

  it('lets nobody wait longer for a token than for an answer', async () => {
    const served = await startTokenVendor(() => new Promise(() => {}))
    const { chat } = await gatewayFor(served, { timeout: '100ms' })
    const startedAt = performance.now()
    expect((await chat()).status).toBe(503)
    expect(performance.now() - startedAt).toBeLessThan(3_000)
  })

  it('forgets a request whose client went away while it waited', async () => {
    let give: (answer: TokenAnswer) => void = () => {}
    const served = await startTokenVendor(() => new Promise((resolve) => (give = resolve)))
    const { chat, gateway } = await gatewayFor(served)
    const client = new AbortController()
    const gone = chat({ signal: client.signal })
    await served.asked(1)
    while (gateway.gateway.active === 0) await new Promise((resolve) => setImmediate(resolve))
    client.abort()
    await expect(gone).rejects.toThrow()
    expect((await gateway.recorded(1))[0]?.status).toBe(499)
    give({ token: 'late', seconds: 60 })
    expect((await chat()).status).toBe(200)
    expect(served.models.requests).toHaveLength(1)
  })
})
