import { silentLogger } from '@konnect/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BalancedTarget } from './balanced-target.ts'
import { createUpstreamRegistry } from './upstream-state.ts'

const URLS = ['http://a', 'http://b', 'http://c'] as const

const publish = fc.record({
  act: fc.constant('publish' as const),
  targets: fc.uniqueArray(fc.record({ url: fc.constantFrom(...URLS), weight: fc.nat({ max: 3 }) }), {
    minLength: 1,
    selector: ({ url }) => url,
  }),
  balance: fc.constantFrom('round-robin', 'least-connections'),
})
const start = fc.record({ act: fc.constant('start' as const), avoids: fc.boolean() })
const end = fc.record({
  act: fc.constant('end' as const),
  which: fc.nat(),
  outcome: fc.constantFrom('success', 'failure', 'neutral'),
})
const wait = fc.record({ act: fc.constant('wait' as const), ms: fc.nat({ max: 20_000 }) })

describe('whatever is published, sent and failed', () => {
  it('picks a published target with weight whenever there is one, a working one if any, and counts exactly', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(publish, start, start, end, end, wait), { maxLength: 80 }), (steps) => {
        let ms = 0
        let published: { url: string; weight: number }[] = []
        const inFlight: BalancedTarget[] = []
        const registry = createUpstreamRegistry({
          probe: () => Promise.resolve(200),
          logger: silentLogger,
          now: () => ms,
        })
        const balancer = registry.upstream('up')
        for (const step of steps) {
          if (step.act === 'wait') ms += step.ms
          if (step.act === 'end') inFlight.splice(step.which % (inFlight.length || 1), 1)[0]?.finish(step.outcome)
          if (step.act === 'publish') {
            published = step.targets
            const health = { passive: { failures: 2, cooldown: '5s' } }
            registry.reconcile([{ id: 'up', targets: published, balance: step.balance, health }])
          }
          if (step.act === 'start') {
            const picked = balancer.pick(step.avoids ? new Set(inFlight) : undefined)
            const weighted = published.filter(({ weight }) => weight > 0).map(({ url }) => url)
            expect(picked === undefined).toBe(weighted.length === 0)
            if (picked === undefined) continue
            expect(weighted).toContain(picked.url)
            const isAnyAvailable = balancer.targets.some(({ weight, isAvailable }) => weight > 0 && isAvailable)
            expect(picked.isAvailable).toBe(isAnyAvailable)
            picked.begin()
            inFlight.push(picked)
          }
          for (const target of balancer.targets) {
            expect(target.active).toBe(inFlight.filter((one) => one === target).length)
          }
        }
      }),
      { numRuns: 300 },
    )
  })
})
