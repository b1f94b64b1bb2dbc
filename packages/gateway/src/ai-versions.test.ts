import { createTranslator } from '@konnect/ai'
import {
  type Call,
  type Snapshot,
  type SnapshotDeployment,
  type SnapshotModel,
  type StateStore,
  StateUnavailable,
} from '@konnect/contract'
import { afterEach, describe, expect, it } from 'vitest'
import { mobileWith, startTestGateway, TEST_KEY } from './harness.ts'
import {
  AiStage,
  type Answer,
  answering,
  assistantAt,
  chatty,
  failing,
  providerAt,
  streaming,
  streamOf,
} from './harness-ai.ts'

const stage = new AiStage()
afterEach(() => stage.close())

const at = (provider: string): readonly SnapshotDeployment[] => [
  { providerId: `prov_${provider}`, model: `${provider}-model`, price: { input: 1, output: 1 } },
]

/** The model `assistant` with the versions `v1` and `v2` at providers of the same names. */
function versioned(part: Partial<SnapshotModel> = {}): SnapshotModel {
  const { deployments: _deployments, ...model } = assistantAt([])
  const versions = ['v1', 'v2'].map((name) => ({ name, deployments: at(name) }))
  return { ...model, versions, ...part }
}

const REGION = { region: 'eu-west-1' }

const shares = (v1: number, v2: number) => [
  { version: 'v1', percent: v1 },
  { version: 'v2', percent: v2 },
]

async function versionedGateway(
  part: Partial<SnapshotModel> = {},
  answers: { v1?: Answer; v2?: Answer; tenants?: Snapshot['tenants'] } = {},
) {
  const servers = {
    v1: await stage.vendor(answers.v1 ?? answering('One')),
    v2: await stage.vendor(answers.v2 ?? answering('Two')),
  }
  const providers = [providerAt('v1', servers.v1, REGION), providerAt('v2', servers.v2, REGION)]
  const made = await stage.gateway(providers, versioned(part))
  const { tenants } = answers
  const publish = (change: Partial<SnapshotModel>, others: readonly SnapshotModel[] = []) =>
    made.gateway.publish({
      providers,
      models: [versioned({ ...part, ...change }), ...others],
      applications: [mobileWith({})],
      ...(tenants === undefined ? {} : { tenants }),
    })
  if (tenants !== undefined) publish({})
  const versionOf = async (body: object = {}) => {
    const answer = await made.chat(body)
    await answer.arrayBuffer()
    return answer.headers.get('x-konnect-model-version')
  }
  const seen = () => ({ v1: servers.v1.requests.length, v2: servers.v2.requests.length })
  return { ...made, publish, versionOf, seen }
}

const shadowIn = (calls: readonly Call[]) => calls.find(({ ai }) => ai?.shadowOf !== undefined)
const mainIn = (calls: readonly Call[]) => calls.find(({ ai }) => ai?.shadowOf === undefined)

describe('a model with versions', () => {
  it('answers with the first one when nothing shares its traffic, and says so', async () => {
    const { chat, gateway, seen } = await versionedGateway()
    const answer = await chat()
    expect(await answer.json()).toMatchObject({ choices: [{ message: { content: 'One' } }] })
    expect(answer.headers.get('x-konnect-model-version')).toBe('v1')
    expect((await gateway.recorded(1))[0]?.ai).toMatchObject({ model: 'assistant', version: 'v1' })
    expect(seen()).toEqual({ v1: 1, v2: 0 })
  })

  it('answers under its aliases, and with the version that a request names', async () => {
    const { versionOf, gateway } = await versionedGateway({ aliases: ['helper'], traffic: { shares: shares(100, 0) } })
    expect(await versionOf({ model: 'helper' })).toBe('v1')
    expect(await versionOf({ model: 'assistant@v2' })).toBe('v2')
    expect(await versionOf({ model: 'helper@v2' })).toBe('v2')
    const calls = await gateway.recorded(3)
    expect(calls.map(({ ai }) => [ai?.model, ai?.version])).toEqual([
      ['assistant', 'v1'],
      ['assistant', 'v2'],
      ['assistant', 'v2'],
    ])
  })

  it('does not exist under a version that it does not have', async () => {
    const { chat } = await versionedGateway()
    for (const model of ['assistant@v3', 'assistant@', '@v1', 'v1']) expect((await chat({ model })).status).toBe(404)
  })

  it('gives each version its share, and none to one whose share is 0', async () => {
    const { versionOf, publish } = await versionedGateway({ traffic: { shares: shares(50, 50) } })
    const drawn = await Promise.all(Array.from({ length: 60 }, () => versionOf()))
    expect(new Set(drawn)).toEqual(new Set(['v1', 'v2']))
    publish({ traffic: { shares: shares(0, 100) } })
    expect(new Set(await Promise.all(Array.from({ length: 20 }, () => versionOf())))).toEqual(new Set(['v2']))
  })

  it('keeps an application at its version where traffic is sticky by application', async () => {
    const { versionOf } = await versionedGateway({ traffic: { shares: shares(50, 50), stickyBy: 'application' } })
    const drawn = await Promise.all(Array.from({ length: 30 }, (_, i) => versionOf({ user: `u${i}` })))
    expect(new Set(drawn).size).toBe(1)
  })

  it('keeps a user at its version where traffic is sticky by user, and users apart', async () => {
    const { versionOf } = await versionedGateway({ traffic: { shares: shares(50, 50), stickyBy: 'user' } })
    const users = Array.from({ length: 30 }, (_, i) => `u${i}`)
    const drawn = await Promise.all(users.map((user) => versionOf({ user })))
    expect(new Set(drawn).size).toBe(2)
    expect(await Promise.all(users.map((user) => versionOf({ safety_identifier: user, stream: false })))).toEqual(drawn)
  })

  it('is listed by its names and aliases, and not by its versions', async () => {
    const { gateway } = await versionedGateway({ aliases: ['helper'] })
    const list = await fetch(`${gateway.url}/v1/models`, { headers: { 'x-api-key': 'secret-key-0000001' } })
    const { data } = (await list.json()) as { data: { id: string }[] }
    expect(data.map(({ id }) => id)).toEqual(['assistant', 'helper'])
  })

  it('does not hide another model whose own name is its alias', async () => {
    const { publish, chat } = await versionedGateway({ aliases: ['other'] })
    publish({}, [{ ...versioned(), id: 'mod_other', name: 'other', traffic: { shares: shares(0, 100) } }])
    expect(await (await chat({ model: 'other' })).json()).toMatchObject({ choices: [{ message: { content: 'Two' } }] })
  })
})

describe('a shadow', () => {
  const traffic = { shares: shares(100, 0), shadow: { version: 'v2' } }

  it('is asked the same, and leaves a Call of its own that belongs to no application', async () => {
    const { chat, gateway, seen } = await versionedGateway({ traffic })
    const answer = await chat()
    expect(await answer.json()).toMatchObject({ choices: [{ message: { content: 'One' } }] })
    const calls = await gateway.recorded(2)
    const [main, shadow] = [mainIn(calls), shadowIn(calls)]
    expect(main).toMatchObject({ applicationId: 'app_mobile', ai: { version: 'v1' }, content: { answer: 'One' } })
    expect(main?.id).toBe(answer.headers.get('x-request-id'))
    expect(shadow).toMatchObject({
      kind: 'ai',
      status: 200,
      applicationId: null,
      application: null,
      keyId: null,
      content: { answer: 'Two' },
      attempts: [{ target: 'v2', status: 200 }],
      ai: { version: 'v2', shadowOf: main?.id, costUsd: '0.000011', usage: { inputTokens: 10, outputTokens: 1 } },
    })
    expect(shadow?.content).not.toHaveProperty('requestBody')
    expect(seen()).toEqual({ v1: 1, v2: 1 })
  })

  it('is compared by the text of streams too', async () => {
    const answers = { v1: streaming(streamOf('One')), v2: streaming(streamOf('Two')) }
    const { chat, gateway } = await versionedGateway({ traffic }, answers)
    expect(await (await chat({ stream: true })).text()).toContain('One')
    const calls = await gateway.recorded(2)
    expect(mainIn(calls)?.content?.answer).toBe('One')
    expect(shadowIn(calls)).toMatchObject({ content: { answer: 'Two' }, ai: { isStream: true, isTruncated: false } })
    expect(shadowIn(calls)?.ai?.firstTokenMs).toBeGreaterThan(0)
  })

  it('that fails changes nothing for the client', async () => {
    const { chat, gateway } = await versionedGateway({ traffic }, { v2: failing(500) })
    expect((await chat()).status).toBe(200)
    const calls = await gateway.recorded(2)
    expect(mainIn(calls)).toMatchObject({ status: 200, errorCode: null })
    expect(shadowIn(calls)?.status).toBeGreaterThanOrEqual(500)
    expect(shadowIn(calls)?.errorCode).not.toBeNull()
    expect(shadowIn(calls)?.content).toEqual({})
  })

  it('that never answers delays nobody, and at most 64 wait at a time', async () => {
    const waiting = await stage.waitingVendor()
    const one = await stage.vendor(answering('One'))
    const providers = [providerAt('v1', one), providerAt('v2', waiting.server)]
    const { chat, gateway } = await stage.gateway(providers, versioned({ traffic }))
    for (let i = 0; i < 70; i++) expect((await chat()).status).toBe(200)
    await waiting.reached(64)
    expect(await gateway.recorded(70)).toHaveLength(70)
    expect(waiting.server.requests).toHaveLength(64)
    await waiting.release(answering('Two'))
    expect((await gateway.recorded(134)).filter(({ ai }) => ai?.shadowOf !== undefined)).toHaveLength(64)
  })

  it('never stands in the line of clients who wait for a deployment with room', async () => {
    const waiting = await stage.waitingVendor()
    const one = await stage.vendor(answering('One'))
    const providers = [providerAt('v1', one), providerAt('v2', waiting.server)]
    const [v2] = at('v2').map((deployment) => ({ ...deployment, capacity: { concurrent: 1 } }))
    const versions = [
      { name: 'v1', deployments: at('v1') },
      { name: 'v2', deployments: v2 === undefined ? [] : [v2] },
    ]
    const strategy = { mode: 'fallback' as const, queue: { length: 10 } }
    const state = { lease: () => Promise.reject(new StateUnavailable('away')) } as unknown as StateStore
    const gateway = await startTestGateway({ vendors: [chatty], translator: createTranslator(), state })
    gateway.publish({ providers, models: [versioned({ versions, strategy, traffic })], applications: [mobileWith({})] })
    const body = JSON.stringify({ model: 'assistant', messages: [] })
    const init = { method: 'POST', headers: { 'x-api-key': TEST_KEY }, body }
    const chat = () => fetch(`${gateway.url}/v1/chat/completions`, init)
    await (await chat()).arrayBuffer()
    await waiting.reached(1)
    await (await chat()).arrayBuffer()
    const calls = await gateway.recorded(3)
    expect(shadowIn(calls)).toMatchObject({ errorCode: 'rate_limited', attempts: [] })
    expect(shadowIn(calls)?.ai).not.toHaveProperty('queuedMs')
    await waiting.release(answering('Two'))
    expect(await gateway.recorded(4)).toHaveLength(4)
    await gateway.close()
  })

  it('goes on when the client of the request goes away', async () => {
    const waiting = await stage.waitingVendor()
    const two = await stage.vendor(answering('Two'))
    const providers = [providerAt('v1', waiting.server), providerAt('v2', two)]
    const { chat, gateway } = await stage.gateway(providers, versioned({ traffic }))
    const abort = new AbortController()
    const asked = chat({}, { signal: abort.signal })
    await waiting.reached(1)
    abort.abort()
    await expect(asked).rejects.toThrow()
    const calls = await gateway.recorded(2)
    expect(mainIn(calls)).toMatchObject({ status: 499 })
    expect(shadowIn(calls)).toMatchObject({ status: 200, ai: { shadowOf: mainIn(calls)?.id } })
  })

  it('is left out where the version itself answers, and where a request names its version', async () => {
    const { versionOf, seen } = await versionedGateway({ traffic: { ...traffic, shares: shares(0, 100) } })
    expect(await versionOf()).toBe('v2')
    expect(await versionOf({ model: 'assistant@v1' })).toBe('v1')
    expect(await versionOf()).toBe('v2')
    expect(seen()).toEqual({ v1: 1, v2: 2 })
  })

  it('keeps no answers where rules of the model or its tenant say where content may be', async () => {
    const residency = { regions: ['eu'] }
    const ofModel = await versionedGateway({ traffic, residency })
    await (await ofModel.chat()).arrayBuffer()
    const tenants = [{ id: 'default', name: 'default', policies: [], residency }]
    const ofTenant = await versionedGateway({ traffic }, { tenants })
    await (await ofTenant.chat()).arrayBuffer()
    for (const { gateway } of [ofModel, ofTenant])
      for (const call of await gateway.recorded(2)) expect(call).not.toHaveProperty('content')
  })
})

describe('a model on its way out', () => {
  const deprecation = { sunset: '2027-03-01T00:00:00Z', replacement: 'newer' }

  it('answers with the dates and its successor', async () => {
    const { chat } = await versionedGateway({ state: 'deprecated', deprecation })
    const answer = await chat()
    expect(answer.status).toBe(200)
    expect(answer.headers.get('deprecation')).toBe('@1798761600')
    expect(answer.headers.get('sunset')).toBe('Mon, 01 Mar 2027 00:00:00 GMT')
    expect(answer.headers.get('link')).toBe('</v1/models/newer>; rel="successor-version"; title="newer"')
  })

  it('is gone after its sunset without another publish, in every format, and is listed no more', async () => {
    const { chat, gateway, seen } = await versionedGateway({ state: 'deprecated', deprecation })
    stage.nowMs = Date.parse('2027-03-01T00:00:00Z')
    const gone = await chat()
    expect(gone.status).toBe(410)
    expect(await gone.json()).toMatchObject({
      error: { code: 'model_retired', message: 'The model "assistant" is no longer served. Use "newer" instead.' },
    })
    expect(gone.headers.get('link')).toContain('newer')
    const headers = { 'x-api-key': 'secret-key-0000001', 'anthropic-version': '2023-06-01' }
    const body = JSON.stringify({ model: 'assistant@v1', max_tokens: 1, messages: [] })
    const messages = await fetch(`${gateway.url}/v1/messages`, { method: 'POST', headers, body })
    expect(messages.status).toBe(410)
    expect(await messages.json()).toMatchObject({ type: 'error', error: { type: 'not_found_error' } })
    const list = await fetch(`${gateway.url}/v1/models`, { headers: { 'x-api-key': 'secret-key-0000001' } })
    expect(await list.json()).toMatchObject({ data: [] })
    expect(seen()).toEqual({ v1: 0, v2: 0 })
    stage.nowMs = Date.UTC(2027, 0, 1)
  })

  it('is gone at once when it is retired', async () => {
    const { chat } = await versionedGateway({ state: 'retired' })
    const gone = await chat()
    expect(gone.status).toBe(410)
    expect(await gone.json()).toMatchObject({ error: { message: 'The model "assistant" is no longer served.' } })
  })
})
