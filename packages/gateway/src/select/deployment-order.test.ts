import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DeploymentChoice, deploymentOrder } from './deployment-order.ts'

type Named = DeploymentChoice & { readonly name: string }

const deployment = (name: string, weight?: number, isHealthy = true): Named => ({
  name,
  health: { isHealthy },
  ...(weight === undefined ? {} : { weight }),
})
const names = (mode: 'fallback' | 'weighted', deployments: readonly Named[], random = 0) =>
  deploymentOrder({ mode }, deployments, () => random).map(({ name }) => name)

const anyDeployments = fc
  .array(fc.tuple(fc.nat({ max: 5 }), fc.boolean()), { maxLength: 8 })
  .map((drafts) => drafts.map(([weight, isHealthy], index) => deployment(`d${index}`, weight, isHealthy)))

describe('deploymentOrder', () => {
  it('keeps the configured order in fallback mode, whatever the weights', () => {
    expect(names('fallback', [deployment('a', 1), deployment('b', 0), deployment('c', 9)], 0.99)).toEqual([
      'a',
      'b',
      'c',
    ])
  })

  it('puts unhealthy deployments last, in their order', () => {
    const list = [deployment('a', 1, false), deployment('b'), deployment('c', 1, false), deployment('d')]
    expect(names('fallback', list)).toEqual(['b', 'd', 'a', 'c'])
    expect(names('weighted', [deployment('a', 9, false), deployment('b', 1), deployment('c', 2)])).toEqual([
      'c',
      'b',
      'a',
    ])
  })

  it('still draws by weight when none is healthy', () => {
    expect(names('weighted', [deployment('a', 3, false), deployment('b', 1, false)], 0.8)).toEqual(['b', 'a'])
  })

  it('draws the first by weight exactly and lets the others follow by weight', () => {
    const list = [deployment('a', 1), deployment('b', 2), deployment('c', 7)]
    const firsts = Array.from({ length: 10 }, (_, i) => names('weighted', list, i / 10)[0])
    expect(firsts.filter((name) => name === 'a')).toHaveLength(1)
    expect(firsts.filter((name) => name === 'b')).toHaveLength(2)
    expect(firsts.filter((name) => name === 'c')).toHaveLength(7)
    expect(names('weighted', list, 0.95)).toEqual(['a', 'c', 'b'])
  })

  it('leaves out weight 0 in weighted mode, down to nothing', () => {
    expect(names('weighted', [deployment('a', 0), deployment('b')])).toEqual(['b'])
    expect(names('weighted', [deployment('a', 0)])).toEqual([])
    expect(names('fallback', [])).toEqual([])
  })

  it('holds each eligible deployment once, healthy ones before the others', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(fc.constantFrom('fallback', 'weighted'), anyDeployments, random, (mode, list, draw) => {
        const order = deploymentOrder({ mode }, list, () => draw)
        const eligible = list.filter(({ weight }) => mode === 'fallback' || weight !== 0)
        expect([...order].map(({ name }) => name).sort()).toEqual(eligible.map(({ name }) => name).sort())
        const health = order.map((one) => one.health.isHealthy)
        expect(health).toEqual([...health].sort((a, b) => Number(b) - Number(a)))
      }),
    )
  })
})
