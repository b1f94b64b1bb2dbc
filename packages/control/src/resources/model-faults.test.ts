import { describe, expect, it } from 'vitest'
import { modelFaults } from './model-faults.ts'
import { ResourceTree } from './tree.ts'

const version = (name: string) => ({ name, deployments: [] })
const share = (of: string, percent: number) => ({ version: of, percent })

function faultsOf(...specs: ({ name: string; tenantId?: string } & Record<string, unknown>)[]) {
  const tree = new ResourceTree(
    specs.map(({ tenantId = 'default', ...spec }, at) => {
      const resource = { id: `mod_${at}`, tenantId, kind: 'model' as const, parentId: null, name: spec.name }
      return { ...resource, spec: JSON.parse(JSON.stringify(spec)) }
    }),
  )
  return modelFaults(tree).map(({ resource, fault }) => `${resource.name}${fault.path}: ${fault.message}`)
}

const withTraffic = (traffic: object) => ({ name: 'm', versions: [version('v1'), version('v2')], traffic })

describe('what models say of their versions', () => {
  it('may share traffic, name a shadow and remember former shares', () => {
    const shares = [share('v1', 40), share('v2', 60)]
    expect(faultsOf(withTraffic({ shares, shadow: { version: 'v2' }, previous: [share('v1', 100)] }))).toEqual([])
    expect(faultsOf({ name: 'plain', deployments: [] })).toEqual([])
  })

  it.each([
    [{ shares: [share('v1', 90)] }, 'm/traffic/shares: The percentages add up to 90; expected 100.'],
    [{ shares: [share('v3', 100)] }, 'm/traffic/shares/0/version: There is no version "v3"; expected one of: v1, v2.'],
    [{ shares: [share('v1', 50), share('v1', 50)] }, 'm/traffic/shares/1/version: "v1" has a share already.'],
    [
      { shares: [share('v1', 100)], previous: [share('v0', 100)] },
      'm/traffic/previous/0/version: There is no version "v0"; expected one of: v1, v2.',
    ],
    [
      { shares: [share('v1', 100)], shadow: { version: 'v0' } },
      'm/traffic/shadow/version: There is no version "v0"; expected one of: v1, v2.',
    ],
    [
      { shares: [share('v1', 100)], shadow: { version: 'v1' } },
      'm/traffic/shadow/version: "v1" answers every request itself.',
    ],
  ])('is refused where it is wrong: %j', (traffic, fault) => {
    expect(faultsOf(withTraffic(traffic))).toEqual([fault])
  })

  it('is refused without versions', () => {
    expect(faultsOf({ name: 'm', deployments: [], traffic: { shares: [share('v1', 100)] } })).toEqual([
      'm/traffic: Only versions share traffic; list versions in place of deployments.',
    ])
  })

  it('tells versions apart', () => {
    expect(faultsOf({ name: 'm', versions: [version('v1'), version('v1')] })).toContain(
      'm/versions/1/name: Another version of this model is called "v1".',
    )
  })

  it('names another model as the replacement', () => {
    expect(faultsOf({ name: 'm', deprecation: { replacement: 'm' } })).toEqual([
      'm/deprecation/replacement: A model cannot replace itself.',
    ])
  })
})

describe('names of models', () => {
  it('lead to one model of a tenant each, and each model concerned is told', () => {
    expect(faultsOf({ name: 'a', aliases: ['x', 'b'] }, { name: 'b' }, { name: 'c', aliases: ['x'] }).sort()).toEqual([
      'a/aliases/0: "x" leads to the model "c" already.',
      'a/aliases/1: "b" leads to the model "b" already.',
      'b/name: "b" leads to the model "a" already.',
      'c/aliases/0: "x" leads to the model "a" already.',
    ])
  })

  it('do not hide the version of another model', () => {
    expect(faultsOf({ name: 'a', versions: [version('v1')] }, { name: 'b', aliases: ['a@v1'] })).toContain(
      'b/aliases/0: "a@v1" leads to the model "a" already.',
    )
  })

  it('are not repeated within a model', () => {
    expect(faultsOf({ name: 'a', aliases: ['x', 'a', 'x'] })).toEqual(
      expect.arrayContaining([
        'a/aliases/1: "a" leads to this model already.',
        'a/aliases/2: "x" leads to this model already.',
      ]),
    )
  })

  it('may be the same in two tenants', () => {
    expect(faultsOf({ name: 'a', aliases: ['x'] }, { name: 'b', aliases: ['x'], tenantId: 'other' })).toEqual([])
  })
})
