import type { ResidencyRules, SnapshotModel, SnapshotProvider } from '@konnect/contract'
import { definePolicy, type Policy } from '@konnect/sdk'
import { Type } from 'typebox'
import { afterEach, describe, expect, it } from 'vitest'
import { apiOf, mobileWith, TEST_KEY } from './harness.ts'
import { AiStage, answering, assistantAt, failing, providerAt } from './harness-ai.ts'

const stage = new AiStage()
afterEach(() => stage.close())

/** Keeps whole answers. */
const keepsAnswers = definePolicy({
  id: 'keep',
  title: 'Keep',
  description: 'For a test.',
  settings: Type.Object({}),
  phases: ['match'],
  failure: 'none',
  compile: () => ({
    match: (exchange) =>
      exchange.captureContent({
        requestHeaders: false,
        responseHeaders: false,
        requestBody: true,
        responseBody: true,
        maxBytes: 10_000,
        redact: [],
      }),
  }),
}) as Policy

const EU: ResidencyRules = { regions: ['eu'] }
const tenantWith = (residency?: ResidencyRules) => [
  { id: 'default', name: 'default', policies: [], ...(residency === undefined ? {} : { residency }) },
]

async function twoRegions(part: { eu?: Partial<SnapshotProvider>; region?: string } = {}) {
  const eu = await stage.vendor(answering('From the EU'))
  const us = await stage.vendor(answering('From the US'))
  const providers = [
    providerAt('us', us, { region: 'us-east-1' }),
    providerAt('eu', eu, { region: 'eu-west-1', ...part.eu }),
  ]
  const { region } = part
  const options = { policies: [keepsAnswers], ...(region === undefined ? {} : { region }) }
  const made = await stage.gateway(providers, assistantAt(['us', 'eu']), options)
  const publish = (model: Partial<SnapshotModel>, residency?: ResidencyRules) =>
    made.gateway.publish({
      providers,
      models: [assistantAt(['us', 'eu'], model)],
      applications: [mobileWith({})],
      tenants: tenantWith(residency),
      policies: [{ use: 'keep', with: {} }],
    })
  return { ...made, publish, eu, us }
}

const bodyOf = async (response: Response) => JSON.parse(await response.text())
const answerOf = async (response: Response) => (await bodyOf(response)).choices?.[0]?.message.content

describe('the rules on where content may go', () => {
  it.each([
    ['of the model', { residency: EU }, undefined],
    ['of the tenant', {}, EU],
    ['of both, together', { residency: { regions: ['eu', 'us'] } }, EU],
  ] as const)('%s keep requests from other regions, and the Call proves it', async (_name, model, tenant) => {
    const { gateway, chat, publish, us } = await twoRegions()
    expect(await answerOf(await chat())).toBe('From the US')
    publish(model as Partial<SnapshotModel>, tenant)
    expect(await answerOf(await chat())).toBe('From the EU')
    const [, call] = await gateway.recorded(2)
    expect(call?.ai).toMatchObject({ provider: 'eu', region: 'eu-west-1', residency: 'regions=eu' })
    expect(us.requests).toHaveLength(1)
  })

  it('hold for fallbacks: what fails in the region fails', async () => {
    const { chat, publish, us } = await twoRegions({ eu: { baseUrl: (await stage.vendor(failing(500))).url } })
    publish({ residency: EU })
    expect((await chat()).status).toBe(500)
    expect(us.requests).toHaveLength(0)
  })

  it.each([
    ['no provider lies where they want it', { regions: ['ap'] }, 'it is in us-east-1'],
    ['nobody has stated what they ask for', { noTraining: true }, 'nobody has stated that it does not train'],
  ])('refuse requests when %s, and tell the operator why', async (_name, residency, reason) => {
    const { gateway, chat, publish } = await twoRegions()
    publish({ residency })
    const response = await chat()
    expect(response.status).toBe(403)
    expect((await bodyOf(response)).error).toMatchObject({ code: 'residency_unmet' })
    const [call] = await gateway.recorded(1)
    expect(call?.errorReason).toContain(`us with us-model: ${reason}`)
    expect(call?.attempts).toEqual([])
  })

  it('take the word of the deployment before that of its provider', async () => {
    const { gateway, chat, publish } = await twoRegions()
    const deployments = [{ providerId: 'prov_us', model: 'us-model', region: 'eu-north-1' }]
    publish({ residency: EU, deployments })
    expect(await answerOf(await chat())).toBe('From the US')
    expect((await gateway.recorded(1))[0]?.ai).toMatchObject({ region: 'eu-north-1' })
  })
})

describe('content under rules about regions', () => {
  it('is recorded by an installation in an allowed region', async () => {
    const { gateway, chat, publish } = await twoRegions({ region: 'eu-central' })
    publish({ residency: EU })
    await (await chat()).text()
    expect((await gateway.recorded(1))[0]?.content?.responseBody).toContain('From the EU')
  })

  it.each([
    ['in another region', 'us-east'],
    ['nobody knows where', undefined],
  ])('is not recorded by one %s', async (_name, region) => {
    const { gateway, chat, publish } = await twoRegions(region === undefined ? {} : { region })
    publish({ residency: EU })
    await (await chat()).text()
    const [call] = await gateway.recorded(1)
    expect([call?.status, call?.content]).toEqual([200, undefined])
  })

  it('of APIs is held to the rules of their tenant', async () => {
    const { gateway, us } = await twoRegions()
    const publish = (residency?: ResidencyRules) =>
      gateway.publish({
        apis: [apiOf('orders', [us.url])],
        tenants: tenantWith(residency),
        policies: [{ use: 'keep', with: {} }],
      })
    const order = async () => (await fetch(`${gateway.url}/orders`, { headers: { 'x-api-key': TEST_KEY } })).text()
    publish()
    await order()
    publish(EU)
    await order()
    const [free, ruled] = await gateway.recorded(2)
    expect(free?.content?.responseBody).toContain('From the US')
    expect([ruled?.status, ruled?.content]).toEqual([200, undefined])
  })
})
