import { createHash } from 'node:crypto'
import { createTranslator } from '@konnect/ai'
import type { SnapshotModel, SnapshotProvider } from '@konnect/contract'
import { defineVendor, type UnsignedRequest, type Vendor } from '@konnect/sdk'
import { startHttpServer } from '@konnect/testkit'
import { Type } from 'typebox'
import { afterEach, describe, expect, it } from 'vitest'
import { mobileWith, startTestGateway, TEST_KEY } from '../harness.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const digest = (request: Pick<UnsignedRequest, 'url' | 'body'>): string =>
  createHash('sha256').update(request.url).update(request.body).digest('hex')

/** A vendor whose credential is a digest of address and body, made at a time. */
function signingVendor(times: number[]): Vendor {
  return defineVendor({
    id: 'signing',
    title: 'Signing',
    description: 'For a test.',
    dialects: ['anthropic-messages'],
    needsApiKey: false,
    settings: Type.Object({}),
    target: ({ baseUrl }, { model }) => ({
      url: `${baseUrl}/model/${encodeURIComponent(model)}/whole`,
      streamUrl: `${baseUrl}/model/${encodeURIComponent(model)}/stream`,
      headers: ['x-own', 'kept'],
      sign: (request, nowMs) => {
        times.push(nowMs)
        return [...request.headers, 'x-digest', digest(request)]
      },
    }),
  }) as Vendor
}

const MODEL: SnapshotModel = {
  id: 'mod_assistant',
  tenantId: 'default',
  name: 'assistant',
  state: 'active',
  access: 'public',
  strategy: { mode: 'fallback', on: [503] },
  deployments: [
    { providerId: 'prov_a', model: 'a:1' },
    { providerId: 'prov_a', model: 'b:1' },
  ],
  policies: [],
}

async function exchangeWith(status: (path: string) => number) {
  const server = await startHttpServer((request, response) => {
    response.writeHead(status(request.target), { 'content-type': 'application/json' })
    response.end('{}')
  })
  const times: number[] = []
  const gateway = await startTestGateway({ vendors: [signingVendor(times)], translator: createTranslator() })
  closing.push(
    () => server.close(),
    () => gateway.close(),
  )
  const provider: SnapshotProvider = {
    id: 'prov_a',
    tenantId: 'default',
    name: 'a',
    vendor: 'signing',
    baseUrl: server.url,
  }
  gateway.publish({ providers: [provider], models: [MODEL], applications: [mobileWith({})] })
  const ask = (stream: boolean) =>
    fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'x-api-key': TEST_KEY },
      body: JSON.stringify({ model: 'assistant', stream, messages: [{ role: 'user', content: 'Hé' }] }),
    })
  return { server, times, ask }
}

describe('a vendor that signs', () => {
  it('sees the address and the exact bytes that are sent, and its fields are what goes out', async () => {
    const { server, times, ask } = await exchangeWith(() => 400)
    const before = Date.now()
    for (const isStream of [false, true]) await (await ask(isStream)).arrayBuffer()
    expect(server.requests.map(({ target }) => target)).toEqual(['/model/a%3A1/whole', '/model/a%3A1/stream'])
    for (const { target, body, headers } of server.requests) {
      expect(headers['x-digest']).toBe(digest({ url: server.url + target, body }))
      expect(headers['x-own']).toBe('kept')
    }
    for (const time of times) expect(time).toBeGreaterThanOrEqual(before)
  })

  it('signs every attempt anew', async () => {
    const { server, times, ask } = await exchangeWith((path) => (path.includes('a%3A1') ? 503 : 400))
    await (await ask(false)).arrayBuffer()
    expect(server.requests.map(({ headers }) => headers['x-digest'])).toEqual(
      server.requests.map(({ target, body }) => digest({ url: server.url + target, body })),
    )
    expect(times).toHaveLength(2)
  })
})
