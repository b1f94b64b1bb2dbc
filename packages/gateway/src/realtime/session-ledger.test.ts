import { once } from 'node:events'
import { definePolicy, type Policy } from '@konnect/sdk'
import { Type } from 'typebox'
import { afterEach, describe, expect, it } from 'vitest'
import { closeOf, messageOf, messagesOf, RealtimeStage } from './testing/realtime-stage.ts'

const stage = new RealtimeStage()
afterEach(() => stage.close())

const done = (usage: object) => JSON.stringify({ type: 'response.done', response: { status: 'completed', usage } })
const spoken = {
  total_tokens: 160,
  input_tokens: 100,
  output_tokens: 60,
  input_token_details: { text_tokens: 20, audio_tokens: 80, cached_tokens: 0 },
  output_token_details: { text_tokens: 10, audio_tokens: 50 },
}

describe('the account of a session', () => {
  const price = { input: 4, output: 16, inputAudio: 32, outputAudio: 64 }

  it('sums up what the vendor reported and prices sound and text apart', async () => {
    const deployments = [{ providerId: 'prov_v0', model: 'gpt-realtime', price }]
    const { client, server, gateway } = await stage.joined({ model: { deployments } })
    for (let turn = 0; turn < 2; turn++) server.send(done(spoken))
    await messagesOf(client, 2)
    client.close()
    const [call] = await gateway.recorded(1)
    expect(call?.ai).toMatchObject({
      usage: { inputTokens: 200, inputAudioTokens: 160, outputTokens: 120, outputAudioTokens: 100 },
      // 2 × (20 × 4 + 80 × 32 + 10 × 16 + 50 × 64), in millionths
      costUsd: '0.012',
      priceSource: 'operator',
      isStream: true,
    })
    expect(call?.ai).not.toHaveProperty('isEstimated')
  })

  it('prices what another model transcribed at its own price', async () => {
    const deployments = [{ providerId: 'prov_v0', model: 'gpt-realtime', price }]
    const { client, server, gateway } = await stage.joined({ model: { deployments } })
    const session = { audio: { input: { transcription: { model: 'gpt-4o-transcribe' } } } }
    server.send(JSON.stringify({ type: 'session.updated', session }))
    const usage = { type: 'tokens', input_tokens: 1000, output_tokens: 0, input_token_details: { audio_tokens: 1000 } }
    server.send(JSON.stringify({ type: 'conversation.item.input_audio_transcription.completed', usage }))
    await messagesOf(client, 2)
    client.close()
    const [call] = await gateway.recorded(1)
    expect(call?.ai).toMatchObject({ costUsd: '0.006', usage: { inputTokens: 1000, inputAudioTokens: 1000 } })
    expect(call?.ai).not.toHaveProperty('isEstimated')
  })

  it('is written with what was counted when the client vanishes', async () => {
    const { client, server, gateway } = await stage.joined()
    server.send(done(spoken))
    await once(client, 'message')
    server.send(JSON.stringify({ type: 'response.created' }))
    await once(client, 'message')
    const closed = closeOf(server)
    client.terminate()
    expect((await closed).code).toBe(1001)
    const [call] = await gateway.recorded(1)
    expect(call).toMatchObject({ errorCode: 'client_closed' })
    expect(call?.ai).toMatchObject({ usage: { inputTokens: 100 }, isEstimated: true, isTruncated: true })
  })

  it('is written with what was counted when the vendor vanishes, and the client is told', async () => {
    const { client, server, gateway } = await stage.joined()
    server.send(done(spoken))
    await once(client, 'message')
    const closed = closeOf(client)
    server.terminate()
    expect(await closed).toEqual({ code: 1014, reason: 'The connection to the model was lost.' })
    const [call] = await gateway.recorded(1)
    expect(call).toMatchObject({ status: 101, errorCode: 'upstream_truncated' })
    expect(call?.ai).toMatchObject({ usage: { inputTokens: 100 }, isTruncated: true })
    expect(call?.attempts).toMatchObject([{ status: 101, error: 'upstream_truncated' }])
  })

  it('does not look into a message of more than 16 MB, which passes, and says that it is incomplete', async () => {
    const { client, server, gateway } = await stage.joined()
    const filler = 'x'.repeat(16 * 1024 * 1024)
    server.send(JSON.stringify({ type: 'response.done', filler, response: { usage: spoken } }))
    const [large] = (await once(client, 'message')) as [Buffer]
    expect(large.length).toBeGreaterThan(filler.length)
    server.send(done(spoken))
    await once(client, 'message')
    client.close()
    expect((await gateway.recorded(1))[0]?.ai).toMatchObject({ usage: { inputTokens: 100 }, isEstimated: true })
  })

  it('holds messages where a policy asks for content', async () => {
    const policies = { policies: [{ id: 'pol_keep', use: 'keep-all', with: {} }] } as never
    const { client, server, gateway } = await stage.joined({
      policies: [keepAll] as unknown as Policy[],
      snapshot: policies,
    })
    client.send('{"type":"response.create"}')
    await messageOf(server)
    server.send('{"type":"response.created"}')
    await messageOf(client)
    client.close()
    expect((await gateway.recorded(1))[0]?.content).toMatchObject({
      requestBody: '{"type":"response.create"}\n',
      responseBody: '{"type":"response.created"}\n',
    })
  })
})

const keepAll = definePolicy({
  id: 'keep-all',
  title: 'Keep all',
  description: 'Keeps content.',
  settings: Type.Object({}),
  phases: ['match'],
  failure: 'none',
  compile: () => ({
    match(exchange) {
      const all = { requestHeaders: true, responseHeaders: true, requestBody: true, responseBody: true }
      exchange.captureContent({ ...all, maxBytes: 1000, redact: [] })
    },
  }),
})
