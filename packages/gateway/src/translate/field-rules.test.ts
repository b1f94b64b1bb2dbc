import { createTranslator } from '@konnect/ai'
import type { SnapshotModel } from '@konnect/contract'
import { defineVendor } from '@konnect/sdk'
import { startHttpServer } from '@konnect/testkit'
import { Type } from 'typebox'
import { afterEach, describe, expect, it } from 'vitest'
import { mobileWith, startTestGateway, TEST_KEY } from '../harness.ts'
import { answering, assistantAt, chatty, providerAt } from '../harness-ai.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const choosy = defineVendor({
  ...chatty,
  id: 'choosy',
  settings: Type.Object({}),
  fields: { drop: ['logprobs', 'user'], rename: { max_completion_tokens: 'max_tokens' } },
})

async function choosyGateway(part: Partial<SnapshotModel> = {}) {
  const server = await startHttpServer(answering('Hello'))
  const gateway = await startTestGateway({ vendors: [chatty, choosy], translator: createTranslator() })
  closing.push(
    () => server.close(),
    () => gateway.close(),
  )
  gateway.publish({
    providers: [providerAt('picky', server, { vendor: 'choosy' }), providerAt('easy', server)],
    models: [assistantAt(['picky', 'easy'], part)],
    applications: [mobileWith({})],
  })
  const ask = (path: string, fields: object) =>
    fetch(gateway.url + path, {
      method: 'POST',
      headers: { 'x-api-key': TEST_KEY },
      body: JSON.stringify({ model: 'assistant', messages: [], ...fields }),
    })
  return { ask, sent: () => server.requests.map(({ body }) => JSON.parse(body.toString())) }
}

describe('fields that a vendor refuses or calls differently', () => {
  it('do not reach it, and the client is told which were left out', async () => {
    const { ask, sent } = await choosyGateway()
    const answer = await ask('/v1/chat/completions', { logprobs: true, user: 'u', max_completion_tokens: 7 })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('x-konnect-dropped')).toBe('logprobs, user')
    expect(sent()).toEqual([{ model: 'picky-model', messages: [], max_tokens: 7 }])
  })

  it('do not reach it from clients of another dialect either', async () => {
    const { ask, sent } = await choosyGateway()
    const answer = await ask('/v1/messages', { metadata: { user_id: 'u' }, max_tokens: 7 })
    expect(answer.status).toBe(200)
    expect(sent()[0]).toEqual({ model: 'picky-model', messages: [], max_tokens: 7 })
  })

  it('make strict mode turn to a deployment that takes them, where they matter', async () => {
    const { ask, sent } = await choosyGateway({ strategy: { mode: 'fallback', strict: true } })
    expect((await ask('/v1/chat/completions', { user: 'u' })).headers.get('x-konnect-dropped')).toBe('user')
    expect((await ask('/v1/chat/completions', { logprobs: true })).headers.get('x-konnect-dropped')).toBeNull()
    expect(sent().map(({ model }) => model)).toEqual(['picky-model', 'easy-model'])
  })
})
