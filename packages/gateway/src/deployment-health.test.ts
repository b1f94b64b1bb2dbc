import { type DeploymentStatus, MAX_TOLD_DEPLOYMENTS } from '@konnect/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AiStage, answering, assistantAt, failing, providerAt } from './harness-ai.ts'

let stage: AiStage
beforeEach(() => {
  stage = new AiStage()
})
afterEach(() => stage.close())

const byModel = (statuses: readonly DeploymentStatus[], model: string) =>
  statuses.find((status) => status.model === model)

describe('what a gateway tells of its deployments', () => {
  it('names each once, in good health, before anything was asked', async () => {
    const vendor = await stage.vendor(answering('Hello'))
    const model = assistantAt(['a', 'b'], { aliases: ['other'] } as object)
    const { gateway } = await stage.gateway([providerAt('a', vendor), providerAt('b', vendor)], model)
    expect(gateway.gateway.health().deployments).toEqual(
      ['a', 'b'].map((name) => ({
        providerId: `prov_${name}`,
        model: `${name}-model`,
        isHealthy: true,
        coolingMs: 0,
        inFlight: 0,
        firstTokenMs: null,
        answerMs: null,
        restingKeys: [],
      })),
    )
  })

  it('holds the names of keys that rest, why and for how long, and no value', async () => {
    const vendor = await stage.vendor((request, response) =>
      request.headers.authorization?.endsWith('value-bad')
        ? failing(401)(request, response)
        : answering('Hello')(request, response),
    )
    const apiKeys = [
      { name: 'bad', value: 'value-bad', weight: 1000 },
      { name: 'good', value: 'value-good' },
    ]
    const { gateway, chat } = await stage.gateway([providerAt('a', vendor, { apiKeys })], assistantAt(['a']))
    while (!vendor.requests.some(({ headers }) => headers.authorization?.endsWith('value-bad')))
      await (await chat()).text()
    const { deployments } = gateway.gateway.health()
    const [status] = deployments
    expect(status).toMatchObject({ isHealthy: true, restingKeys: [{ name: 'bad', cause: 'refused' }] })
    expect(status?.restingKeys[0]?.leftMs).toBeGreaterThanOrEqual(60_000)
    expect(status?.answerMs).toBeGreaterThanOrEqual(0)
    expect(JSON.stringify(deployments)).not.toContain('value-')
    stage.nowMs += 70_000
    expect(gateway.gateway.health().deployments[0]?.restingKeys).toEqual([])
  })

  it('says how long one that keeps failing is left alone', async () => {
    const [bad, good] = [await stage.vendor(failing(500)), await stage.vendor(answering('Hello'))]
    const { gateway, chat } = await stage.gateway(
      [providerAt('a', bad), providerAt('b', good)],
      assistantAt(['a', 'b']),
    )
    for (let i = 0; i < 3; i++) await (await chat()).text()
    const told = () => byModel(gateway.gateway.health().deployments, 'a-model')
    expect(told()).toMatchObject({ isHealthy: false, coolingMs: 10_000 })
    stage.nowMs += 4_000
    expect(told()).toMatchObject({ isHealthy: false, coolingMs: 6_000 })
    stage.nowMs += 6_000
    expect(told()).toMatchObject({ isHealthy: true, coolingMs: 0 })
  })

  it('counts what is under way', async () => {
    const { server, reached, release } = await stage.waitingVendor()
    const { gateway, chat } = await stage.gateway([providerAt('a', server)], assistantAt(['a']))
    const answers = [chat(), chat()]
    await reached(2)
    expect(gateway.gateway.health().deployments[0]?.inFlight).toBe(2)
    await release(answering('Hello'))
    await Promise.all(answers.map(async (answer) => (await answer).text()))
    expect(gateway.gateway.health().deployments[0]?.inFlight).toBe(0)
  })

  it('has an end, and those in use come before it', async () => {
    const vendor = await stage.vendor(answering('Hello'))
    const count = MAX_TOLD_DEPLOYMENTS + 10
    const deployments = Array.from({ length: count }, (_, i) => ({ providerId: 'prov_a', model: `m${i}` }))
    const { server, reached, release } = await stage.waitingVendor()
    deployments.push({ providerId: 'prov_b', model: 'busy' })
    const { gateway, chat } = await stage.gateway(
      [providerAt('a', vendor), providerAt('b', server)],
      assistantAt([], { deployments: [...deployments].reverse() }),
    )
    const answer = chat()
    await reached(1)
    const told = gateway.gateway.health().deployments
    expect(told).toHaveLength(MAX_TOLD_DEPLOYMENTS)
    expect(told[0]).toMatchObject({ model: 'busy', inFlight: 1 })
    await release(answering('Hello'))
    await (await answer).text()
  })
})
