import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DeploymentChoice, deploymentOrder, type StrategyMode } from './deployment-order.ts'

type Named = DeploymentChoice & { readonly name: string }

interface Figures {
  readonly inFlight?: number
  readonly streamMs?: number
  readonly wholeMs?: number
  readonly price?: number
  readonly usedShare?: number
}
const deployment = (name: string, weight?: number, isHealthy = true, figures: Figures = {}): Named => ({
  name,
  health: { isHealthy },
  load: {
    inFlight: figures.inFlight ?? 0,
    latencyMs: (isStream) => (isStream ? figures.streamMs : figures.wholeMs),
  },
  inputPrice: () => figures.price,
  capacity: { usedShare: figures.usedShare },
  ...(weight === undefined ? {} : { weight }),
})
const names = (mode: StrategyMode, deployments: readonly Named[], random = 0) =>
  deploymentOrder({ mode }, deployments, () => random).map(({ name }) => name)

const MODES = ['fallback', 'weighted', 'least-busy', 'lowest-latency', 'cheapest', 'usage-paced'] as const
const usesWeights = (mode: StrategyMode) => mode === 'weighted' || mode === 'least-busy'
const maybe = fc.option(fc.nat({ max: 3 }), { nil: undefined })
const anyFigures = fc.record({
  inFlight: fc.nat({ max: 3 }),
  streamMs: maybe,
  wholeMs: maybe,
  price: maybe,
  usedShare: maybe,
})
const anyDeployments = fc
  .array(fc.tuple(fc.nat({ max: 5 }), fc.boolean(), anyFigures), { maxLength: 8 })
  .map((drafts) =>
    drafts.map(([weight, isHealthy, figures], index) =>
      deployment(`d${index}`, weight, isHealthy, JSON.parse(JSON.stringify(figures)) as Figures),
    ),
  )
const anyDraw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

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
    fc.assert(
      fc.property(fc.constantFrom(...MODES), anyDeployments, anyDraw, (mode, list, draw) => {
        const order = deploymentOrder({ mode }, list, () => draw)
        const eligible = list.filter(({ weight }) => !usesWeights(mode) || weight !== 0)
        expect([...order].map(({ name }) => name).sort()).toEqual(eligible.map(({ name }) => name).sort())
        const health = order.map((one) => one.health.isHealthy)
        expect(health).toEqual([...health].sort((a, b) => Number(b) - Number(a)))
      }),
    )
  })

  const healthyOf = (order: readonly Named[]) => order.filter(({ health }) => health.isHealthy)
  const isAscending = (figures: readonly number[]) =>
    figures.every((figure, i) => i === 0 || figure >= (figures[i - 1] ?? 0))

  it('goes from the least to the most requests in flight per weight', () => {
    fc.assert(
      fc.property(anyDeployments, anyDraw, (list, draw) => {
        const order = healthyOf(deploymentOrder({ mode: 'least-busy' }, list, () => draw))
        expect(isAscending(order.map(({ load, weight = 1 }) => load.inFlight / weight))).toBe(true)
      }),
    )
    const idle = [deployment('a', 1), deployment('b', 3)]
    const firsts = Array.from({ length: 4 }, (_, i) => names('least-busy', idle, i / 4)[0])
    expect(firsts.filter((name) => name === 'b')).toHaveLength(3)
    expect(
      names('least-busy', [deployment('a', 1, true, { inFlight: 2 }), deployment('b', 4, true, { inFlight: 7 })]),
    ).toEqual(['b', 'a'])
  })

  it('goes from the fastest to the slowest of the same kind, the unknown first', () => {
    fc.assert(
      fc.property(
        anyDeployments,
        fc.boolean(),
        fc.double({ min: 0.05, max: 1, maxExcluded: true, noNaN: true }),
        (list, isStream, draw) => {
          const order = healthyOf(deploymentOrder({ mode: 'lowest-latency', isStream }, list, () => draw))
          expect(isAscending(order.map(({ load }) => load.latencyMs(isStream) ?? 0))).toBe(true)
        },
      ),
    )
  })

  it('tries each of the slower ones first now and then, and the fastest nineteen times in twenty', () => {
    const list = [10, 20, 30].map((wholeMs, i) => deployment('abc'.charAt(i), 1, true, { wholeMs }))
    const firsts = Array.from({ length: 1000 }, (_, i) => names('lowest-latency', list, i / 1000)[0])
    expect(['a', 'b', 'c'].map((name) => firsts.filter((first) => first === name).length)).toEqual([950, 25, 25])
    expect(names('lowest-latency', list, 0.049)).toEqual(['c', 'a', 'b'])
    expect(names('lowest-latency', list.slice(0, 1), 0)).toEqual(['a'])
  })

  it('goes from the cheapest to the dearest input, unknown prices last, equal ones as configured', () => {
    fc.assert(
      fc.property(anyDeployments, (list) => {
        const order = healthyOf(deploymentOrder({ mode: 'cheapest' }, list, () => 0))
        expect(isAscending(order.map((one) => one.inputPrice() ?? Number.POSITIVE_INFINITY))).toBe(true)
      }),
    )
    const priced = (name: string, price?: number) => deployment(name, 1, true, price === undefined ? {} : { price })
    const list = [priced('a'), priced('b', 2), priced('c', 0), priced('d', 2), priced('e')]
    expect(names('cheapest', list)).toEqual(['c', 'b', 'd', 'a', 'e'])
  })

  it('goes from the least to the most used part of capacity, those without a limit last', () => {
    fc.assert(
      fc.property(anyDeployments, (list) => {
        const order = healthyOf(deploymentOrder({ mode: 'usage-paced' }, list, () => 0))
        expect(isAscending(order.map(({ capacity }) => capacity?.usedShare ?? Number.POSITIVE_INFINITY))).toBe(true)
      }),
    )
    const used = (name: string, usedShare?: number) =>
      deployment(name, 1, true, usedShare === undefined ? {} : { usedShare })
    const list = [used('a'), used('b', 0.5), used('c', 0), used('d', 0.5), used('e')]
    expect(names('usage-paced', list)).toEqual(['c', 'b', 'd', 'a', 'e'])
  })
})
