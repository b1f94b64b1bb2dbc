import { once } from 'node:events'
import { GatewayError } from '@konnect/contract'
import { definePolicy, type Policy } from '@konnect/sdk'
import { Type } from 'typebox'
import { afterEach, describe, expect, it } from 'vitest'
import { TEST_KEY } from '../harness.ts'
import {
  type ConnectOptions,
  closeOf,
  messageOf,
  messagesOf,
  RealtimeStage,
  refusalOf,
  refusing,
} from './testing/realtime-stage.ts'

const stage = new RealtimeStage()
afterEach(() => stage.close())

const PATH = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent'
const setup = (model = 'models/assistant') => JSON.stringify({ setup: { model, generationConfig: { n: 1 } } })

function connect(gateway: { readonly port: number }, options: ConnectOptions = {}) {
  return stage.connect(gateway, { path: PATH, query: `?key=${TEST_KEY}`, headers: {}, ...options })
}

/** A client that has said what it wants. */
async function asking(gateway: { readonly port: number }, first: string | Buffer = setup()) {
  const client = connect(gateway)
  await once(client, 'open')
  client.send(first)
  return client
}

describe('a session whose first message names the model', () => {
  it('is opened with the name of the vendor in that message, and everything after it passes', async () => {
    const vendor = await stage.vendor()
    const gateway = await stage.gateway([vendor])
    const client = await asking(gateway)
    client.send('{"realtimeInput":{}}')
    const server = await vendor.session()
    expect(await messagesOf(server, 2)).toEqual([setup('models/v0-model'), '{"realtimeInput":{}}'])
    expect(vendor.requests[0]?.url).toBe('/live?api-version=1')
    expect(vendor.requests[0]?.headers).toMatchObject({ authorization: 'Bearer vendor-secret' })
    expect(JSON.stringify(vendor.requests[0]?.rawHeaders)).not.toContain(TEST_KEY)
    server.send(Buffer.from('{"setupComplete":{}}'))
    const usage = { promptTokenCount: 7, responseTokenCount: 3 }
    server.send(Buffer.from(JSON.stringify({ serverContent: { modelTurn: {} }, usageMetadata: usage })))
    expect((await messagesOf(client, 2))[0]).toBe('{"setupComplete":{}}')
    client.close()
    const [call] = await gateway.recorded(1)
    expect(call).toMatchObject({ kind: 'ai', status: 101, errorCode: null, application: 'mobile', path: PATH })
    expect(call?.ai).toMatchObject({
      dialect: 'gemini-live',
      model: 'assistant',
      usage: { inputTokens: 7, outputTokens: 3 },
    })
  })

  it('tries the next deployment until one opens it, and tells each its own name of the model', async () => {
    const vendors = [await stage.vendor(refusing(503, 'no')), await stage.vendor()]
    const gateway = await stage.gateway(vendors)
    await asking(gateway)
    expect(await messageOf((await vendors[1]?.session()) as never)).toBe(setup('models/v1-model'))
  })

  it('takes a first message in fragments, with a ping between them', async () => {
    const vendor = await stage.vendor()
    const gateway = await stage.gateway([vendor])
    const client = connect(gateway)
    await once(client, 'open')
    client.send(setup().slice(0, 10), { fin: false })
    client.ping()
    client.send(setup().slice(10), { fin: true })
    expect(await messageOf(await vendor.session())).toBe(setup('models/v0-model'))
  })

  it('is refused before it opens in the words of the format without a credential', async () => {
    const gateway = await stage.gateway([await stage.vendor()])
    const { status, body } = await refusalOf(connect(gateway, { query: '' }))
    expect([status, body]).toMatchObject([401, { error: { status: 'UNAUTHENTICATED' } }])
  })

  it.each([
    ['names a model that does not exist', setup('models/other'), 1008, 'model_not_found'],
    ['names none', '{"setup":{}}', 1008, 'invalid_request'],
    ['is no JSON', 'hello', 1008, 'malformed_json'],
    ['is longer than 1 MB', setup(`models/${'x'.repeat(1024 * 1024)}`), 1008, 'invalid_request'],
  ])('is closed when the first message %s', async (_what, first, code, error) => {
    const vendor = await stage.vendor()
    const gateway = await stage.gateway([vendor])
    const close = await closeOf(await asking(gateway, first))
    expect([close.code, close.reason.length > 0]).toEqual([code, true])
    expect((await gateway.recorded(1))[0]).toMatchObject({ kind: 'ai', status: 101, errorCode: error })
    expect([vendor.requests, gateway.gateway.active]).toEqual([[], 0])
  })

  it('is closed without a subscription, over a limit, and when no vendor opens one', async () => {
    const vendor = await stage.vendor(refusing(500, 'down'))
    const closed = async (options: Parameters<RealtimeStage['gateway']>[1]) => {
      const gateway = await stage.gateway([vendor], options)
      const { code } = await closeOf(await asking(gateway))
      return [code, (await gateway.recorded(1))[0]?.errorCode]
    }
    expect(await closed({ model: { access: 'subscription' } })).toEqual([1008, 'subscription_required'])
    const policies = [limited] as unknown as Policy[]
    const use = [{ id: 'pol_1', use: 'limited', with: {} }] as never
    expect(await closed({ policies, model: { policies: use } })).toEqual([1013, 'rate_limited'])
    expect(vendor.requests).toEqual([])
    expect(await closed({})).toEqual([1014, 'upstream_error'])
  })

  it('leaves a Call when the client goes before it has said what it wants', async () => {
    const gateway = await stage.gateway([await stage.vendor()])
    const client = connect(gateway)
    await once(client, 'open')
    client.terminate()
    const [call] = await gateway.recorded(1)
    expect(call).toMatchObject({ status: 101, errorCode: 'client_closed', ai: null })
  })

  it('is not left waiting when the client closes it first', async () => {
    const gateway = await stage.gateway([await stage.vendor()])
    const client = connect(gateway)
    await once(client, 'open')
    client.close(1000)
    await closeOf(client)
    expect((await gateway.recorded(1))[0]).toMatchObject({ errorCode: 'client_closed' })
  })
})

const limited = definePolicy({
  id: 'limited',
  title: 'Limited',
  description: 'Refuses everything.',
  settings: Type.Object({}),
  phases: ['admit'],
  failure: 'none',
  compile: () => ({
    admit() {
      throw new GatewayError('rate_limited')
    },
  }),
})
