import { type DeploymentCapacity, silentLogger } from '@konnect/contract'
import { createMemoryState } from '@konnect/state'
import { describe, expect, it } from 'vitest'
import { Capacity, CapacityUse } from './capacity.ts'
import { LeaseKeeper } from './held-places.ts'

function capacitiesOf(...limits: readonly DeploymentCapacity[]) {
  const clock = { ms: 1_800_000_000_000 }
  const tools = { state: createMemoryState({ now: () => clock.ms }), now: () => clock.ms, logger: silentLogger }
  // Each has a process of its own.
  const capacities = limits.map(
    (one) => new Capacity(one, new CapacityUse('prov:model', tools, new LeaseKeeper(), () => {})),
  )
  return { clock, capacities }
}

function capacityOf(limits: DeploymentCapacity) {
  const { clock, capacities } = capacitiesOf(limits)
  return { clock, capacity: capacities[0] as Capacity }
}

describe('Capacity', () => {
  it('holds a place until the request is over', async () => {
    const { capacity } = capacityOf({ concurrent: 1 })
    const slot = await capacity.take(1)
    expect(capacity.isFull).toBe(true)
    expect(await capacity.take(1)).toBeNull()
    slot?.end()
    expect(capacity.isFull).toBe(false)
    expect(await capacity.take(1)).not.toBeNull()
  })

  it('counts a request for a minute, whatever became of it', async () => {
    const { clock, capacity } = capacityOf({ requestsPerMinute: 1 })
    const slot = await capacity.take(1)
    slot?.end(0)
    expect(await capacity.take(1)).toBeNull()
    expect(capacity.waitMs).toBeGreaterThan(59_000)
    clock.ms += 62_000
    expect(await capacity.take(1)).not.toBeNull()
  })

  it('counts the estimate at once, and what was reported when the request is over', async () => {
    const { capacity } = capacityOf({ tokensPerMinute: 1_000 })
    const slot = await capacity.take(100)
    expect(capacity.usedShare).toBe(0.1)
    slot?.end(700)
    slot?.end(900)
    expect(capacity.usedShare).toBe(0.7)
    expect(await capacity.take(301)).toBeNull()
    expect(await capacity.take(300)).not.toBeNull()
  })

  it('lets the next request have what was estimated too high or never used', async () => {
    const { capacity } = capacityOf({ tokensPerMinute: 100 })
    const slot = await capacity.take(100)
    slot?.end(10)
    expect(await capacity.take(91)).toBeNull()
    expect(await capacity.take(90)).not.toBeNull()
  })

  it('lets the estimate stand where nothing was reported', async () => {
    const { capacity } = capacityOf({ tokensPerMinute: 100 })
    const slot = await capacity.take(60)
    slot?.end()
    expect(capacity.usedShare).toBe(0.6)
  })

  it('keeps neither place nor request when another limit refuses', async () => {
    const { capacities } = capacitiesOf({ concurrent: 1, requestsPerMinute: 2, tokensPerMinute: 10 })
    const [capacity] = capacities as [Capacity]
    const first = await capacity.take(8)
    first?.end(8)
    expect(await capacity.take(5)).toBeNull()
    expect(await capacity.take(5)).toBeNull()
    expect(await capacity.take(2)).not.toBeNull()
  })

  it('is one for all processes, each with its own limit', async () => {
    const { capacities } = capacitiesOf({ requestsPerMinute: 3 }, { requestsPerMinute: 5 })
    const [small, large] = capacities as [Capacity, Capacity]
    for (let i = 0; i < 4; i++) expect(await large.take(1)).not.toBeNull()
    expect(await small.take(1)).toBeNull()
    expect(await large.take(1)).not.toBeNull()
    expect(await large.take(1)).toBeNull()
  })

  it('has used the larger part of its limits per minute, and none where there are none', async () => {
    expect(capacityOf({ concurrent: 5 }).capacity.usedShare).toBeUndefined()
    const { capacity } = capacityOf({ requestsPerMinute: 10, tokensPerMinute: 100 })
    expect(capacity.usedShare).toBe(0)
    await capacity.take(5)
    expect(capacity.usedShare).toBe(0.1)
    await capacity.take(25)
    expect(capacity.usedShare).toBe(0.3)
  })
})
