import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { type Outcome, promoted, rolledBack } from './promotion.ts'

const listed = (percents: Record<string, number>) =>
  Object.entries(percents).map(([version, percent]) => ({ version, percent }))

const modelWith = (percents?: Record<string, number>, traffic: JsonObject = {}): JsonObject => ({
  name: 'assistant',
  versions: ['v1', 'v2', 'v3'].map((name) => ({ name, deployments: [{ provider: 'p', model: name }] })),
  ...(percents === undefined ? {} : { traffic: { shares: listed(percents), stickyBy: 'user', ...traffic } }),
})

const trafficOf = (outcome: Outcome) => ('spec' in outcome ? outcome.spec.traffic : outcome.fault)

describe('promoting a version', () => {
  it('gives it everything, and remembers what was', () => {
    expect(trafficOf(promoted(modelWith({ v1: 90, v2: 10 }), { version: 'v2', percent: 100 }))).toEqual({
      stickyBy: 'user',
      shares: listed({ v2: 100 }),
      previous: listed({ v1: 90, v2: 10 }),
    })
  })

  it('takes from the others in proportion, in whole percentages that add up to 100', () => {
    const shares = (given: Record<string, number>, percent: number) =>
      trafficOf(promoted(modelWith(given), { version: 'v3', percent })) as JsonObject
    expect(shares({ v1: 90, v2: 10 }, 50).shares).toEqual(listed({ v1: 45, v2: 5, v3: 50 }))
    expect(shares({ v1: 50, v2: 50 }, 33).shares).toEqual(listed({ v1: 34, v2: 33, v3: 33 }))
    expect(shares({ v1: 99, v2: 1 }, 98).shares).toEqual(listed({ v1: 2, v3: 98 }))
  })

  it('takes from the first version where traffic was never shared', () => {
    expect(trafficOf(promoted(modelWith(), { version: 'v2', percent: 5 }))).toEqual({
      shares: listed({ v1: 95, v2: 5 }),
      previous: listed({ v1: 100 }),
    })
  })

  it('ends the shadow of a version that answers everything then, and no other', () => {
    const shadowed = (version: string) => modelWith({ v1: 100 }, { shadow: { version } })
    expect(trafficOf(promoted(shadowed('v2'), { version: 'v2', percent: 100 }))).not.toHaveProperty('shadow')
    expect(trafficOf(promoted(shadowed('v2'), { version: 'v2', percent: 99 }))).toHaveProperty('shadow')
    expect(trafficOf(promoted(shadowed('v3'), { version: 'v2', percent: 100 }))).toHaveProperty('shadow')
  })

  it('refuses a version that the model does not have', () => {
    expect(trafficOf(promoted(modelWith(), { version: 'v9', percent: 5 }))).toEqual({
      path: '/version',
      message: 'There is no version "v9"; expected one of: v1, v2, v3.',
    })
    const plain = { name: 'plain', deployments: [] }
    expect(trafficOf(promoted(plain, { version: 'v1', percent: 5 }))).toMatchObject({
      message: 'This model has no versions.',
    })
  })

  it('refuses to leave a part of the requests without a version', () => {
    const outcome = promoted(modelWith({ v1: 100, v2: 0 }), { version: 'v1', percent: 60 })
    expect(trafficOf(outcome)).toMatchObject({ path: '/percent' })
  })
})

describe('a rollback', () => {
  it('puts the previous shares back, and can be undone', () => {
    const canary = promoted(modelWith({ v1: 100 }), { version: 'v2', percent: 20 })
    const back = rolledBack('spec' in canary ? canary.spec : {})
    expect(trafficOf(back)).toMatchObject({ shares: listed({ v1: 100 }), previous: listed({ v1: 80, v2: 20 }) })
    expect(trafficOf(rolledBack('spec' in back ? back.spec : {}))).toMatchObject({ shares: listed({ v1: 80, v2: 20 }) })
  })

  it('is refused where nothing was promoted', () => {
    expect(trafficOf(rolledBack(modelWith({ v1: 100 })))).toMatchObject({
      message: 'There are no previous shares to go back to.',
    })
  })
})
