import { type SnapshotUpstream, silentLogger } from '@konnect/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UpstreamBalancer } from './balancer.ts'
import { createUpstreamRegistry } from './upstream-state.ts'

type Balance = NonNullable<SnapshotUpstream['balance']>

/** A balancer over targets named by their place (`t0`, `t1`, …), and its clock. */
function balancerOver(weights: readonly number[], balance: Balance = 'round-robin') {
  const clock = { ms: 0 }
  const registry = createUpstreamRegistry({
    probe: () => Promise.reject(new Error('nothing to probe here')),
    logger: silentLogger,
    now: () => clock.ms,
  })
  const targets = weights.map((weight, index) => ({ url: `http://t${index}`, weight }))
  const health = { passive: { failures: 1, cooldown: '10s' } }
  registry.reconcile([{ id: 'up', targets, balance, health }])
  return { clock, balancer: registry.upstream('up') }
}

function targetAt(balancer: UpstreamBalancer, index: number) {
  const target = balancer.targets[index]
  if (target === undefined) throw new Error(`no target ${index}`)
  return target
}

const picks = (balancer: UpstreamBalancer, count: number) =>
  Array.from({ length: count }, () => balancer.pick()?.url.slice('http://'.length))

const weightsArbitrary = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 8 })

describe('round-robin', () => {
  it('spreads picks smoothly', () => {
    expect(picks(balancerOver([5, 1, 1]).balancer, 7)).toEqual(['t0', 't0', 't1', 't0', 't2', 't0', 't0'])
    expect(picks(balancerOver([1, 1, 1]).balancer, 6)).toEqual(['t0', 't1', 't2', 't0', 't1', 't2'])
  })

  it('gives each target exactly its weight in every run as long as the sum of weights', () => {
    fc.assert(
      fc.property(weightsArbitrary, fc.nat({ max: 200 }), (weights, skipped) => {
        const { balancer } = balancerOver(weights)
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        fc.pre(total > 0)
        picks(balancer, skipped)
        const run = picks(balancer, total)
        expect(weights.map((_, index) => run.filter((name) => name === `t${index}`).length)).toEqual(weights)
      }),
    )
  })

  it('never lets a target fall behind its share by a whole round', () => {
    fc.assert(
      fc.property(weightsArbitrary, (weights) => {
        const { balancer } = balancerOver(weights)
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        fc.pre(total > 0)
        const counts = weights.map(() => 0)
        for (let n = 1; n <= total; n++) {
          const index = balancer.targets.indexOf(balancer.pick() ?? targetAt(balancer, 0))
          counts[index] = (counts[index] ?? 0) + 1
          weights.forEach((weight, i) => {
            expect(Math.abs((counts[i] ?? 0) - (n * weight) / total)).toBeLessThan(weights.length)
          })
        }
      }),
    )
  })

  it('gives nothing to weight 0, and nothing at all when all weights are 0', () => {
    expect(picks(balancerOver([0, 1]).balancer, 2)).toEqual(['t1', 't1'])
    expect(balancerOver([0, 0]).balancer.pick()).toBeUndefined()
  })
})

describe('least-connections', () => {
  it('picks the target with the fewest requests for its weight', () => {
    const { balancer } = balancerOver([1, 2], 'least-connections')
    for (let i = 0; i < 30; i++) balancer.pick()?.begin()
    expect(balancer.targets.map(({ active }) => active)).toEqual([10, 20])
  })

  it('rotates by weight while nothing is in flight', () => {
    const { balancer } = balancerOver([1, 2], 'least-connections')
    expect(picks(balancer, 6).filter((name) => name === 't1')).toHaveLength(4)
  })

  it('sends a target that is four times as slow a quarter of the requests', () => {
    const { balancer } = balancerOver([1, 1], 'least-connections')
    const latency = [4, 1]
    const served = [0, 0]
    const inFlight: { endsAt: number; index: number }[] = []
    for (let tick = 0; tick < 4_000; tick++) {
      for (const request of inFlight.filter(({ endsAt }) => endsAt === tick))
        targetAt(balancer, request.index).finish('success')
      while (targetAt(balancer, 0).active + targetAt(balancer, 1).active < 20) {
        const index = balancer.targets.indexOf(balancer.pick() ?? targetAt(balancer, 0))
        targetAt(balancer, index).begin()
        served[index] = (served[index] ?? 0) + 1
        inFlight.push({ index, endsAt: tick + (latency[index] ?? 1) })
      }
      inFlight.splice(0, inFlight.length, ...inFlight.filter(({ endsAt }) => endsAt > tick))
    }
    expect((served[1] ?? 0) / (served[0] ?? 1)).toBeGreaterThan(3.5)
    expect((served[1] ?? 0) / (served[0] ?? 1)).toBeLessThan(4.5)
  })

  it('always picks a target that no other beats', () => {
    const busy = fc.array(fc.record({ weight: fc.integer({ min: 0, max: 9 }), active: fc.nat({ max: 50 }) }), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(busy, (drafts) => {
        const { balancer } = balancerOver(
          drafts.map(({ weight }) => weight),
          'least-connections',
        )
        drafts.forEach(({ active }, i) => {
          for (let n = 0; n < active; n++) targetAt(balancer, i).begin()
        })
        const picked = balancer.pick()
        const shares = balancer.targets.filter(({ weight }) => weight > 0).map(({ active, weight }) => active / weight)
        expect(picked === undefined ? undefined : picked.active / picked.weight).toBe(
          shares.length === 0 ? undefined : Math.min(...shares),
        )
      }),
    )
  })
})

describe('failing targets', () => {
  it('leaves out a target that cools down, and gives it one trial afterwards', () => {
    const { clock, balancer } = balancerOver([1, 1])
    const bad = targetAt(balancer, 0)
    bad.finish('failure')
    expect(picks(balancer, 4)).toEqual(['t1', 't1', 't1', 't1'])
    clock.ms = 10_000
    expect(picks(balancer, 2)).toContain('t0')
    bad.begin()
    expect(picks(balancer, 4)).toEqual(['t1', 't1', 't1', 't1'])
    bad.finish('success')
    expect(picks(balancer, 2).sort()).toEqual(['t0', 't1'])
  })

  it('shares the load among all that cool down when nothing else is left, and returns to the first that works', () => {
    const { balancer } = balancerOver([1, 1, 0])
    for (const target of balancer.targets) target.finish('failure')
    expect(picks(balancer, 2).sort()).toEqual(['t0', 't1'])
    targetAt(balancer, 1).report('success')
    expect(picks(balancer, 3)).toEqual(['t1', 't1', 't1'])
  })

  it('keeps serving a single target through cool-down and trial', () => {
    const { clock, balancer } = balancerOver([1])
    const only = targetAt(balancer, 0)
    only.finish('failure')
    expect(balancer.pick()).toBe(only)
    clock.ms = 10_000
    only.begin()
    expect(balancer.pick()).toBe(only)
  })

  it('avoids what was tried while another target is available', () => {
    const { balancer } = balancerOver([1, 1, 1])
    const [a, b, c] = [targetAt(balancer, 0), targetAt(balancer, 1), targetAt(balancer, 2)]
    for (let i = 0; i < 6; i++) expect(balancer.pick(new Set([a, b]))).toBe(c)
    c.finish('failure')
    expect([a, b]).toContain(balancer.pick(new Set([a, b])))
    a.finish('failure')
    b.finish('failure')
    expect(balancer.pick(new Set([a, b]))).toBe(c)
    expect(balancer.pick(new Set([a, b, c]))).toBeDefined()
  })

  it('counts requests in flight and never less than none', () => {
    const target = targetAt(balancerOver([1]).balancer, 0)
    target.begin()
    target.begin()
    target.report('success')
    expect(target.active).toBe(2)
    target.finish('neutral')
    target.finish('success')
    target.finish('success')
    expect(target.active).toBe(0)
  })
})
