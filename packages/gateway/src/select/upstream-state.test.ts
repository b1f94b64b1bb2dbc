import { type Logger, type SnapshotUpstream, silentLogger } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { scheduleTimer } from './health-probe.ts'
import { createUpstreamRegistry } from './upstream-state.ts'

/** A clock whose timers run when it is moved. */
class ManualTime {
  ms = 0
  readonly #timers = new Set<{ readonly at: number; readonly run: () => void }>()

  get pending(): number {
    return this.#timers.size
  }

  readonly schedule = (run: () => void, delayMs: number) => {
    const timer = { at: this.ms + delayMs, run }
    this.#timers.add(timer)
    return () => {
      this.#timers.delete(timer)
    }
  }

  /** Moves on, running what falls due, and lets promises settle in between. */
  async advance(byMs: number): Promise<void> {
    const until = this.ms + byMs
    for (;;) {
      await settled()
      const due = [...this.#timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
      if (due === undefined) break
      this.#timers.delete(due)
      this.ms = Math.max(this.ms, due.at)
      due.run()
    }
    this.ms = until
  }
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

/** A registry over upstreams whose answers to probes the test decides: a status, or undefined for no answer at all. */
function registryWith() {
  const time = new ManualTime()
  const answers = new Map<string, number | undefined | 'broken' | 'silent'>()
  const probes: { url: string; path: string; timeoutMs: number; at: number; signal: AbortSignal }[] = []
  const logged: string[] = []
  const logger: Logger = { ...silentLogger, warn: (_, text) => logged.push(text), info: (_, text) => logged.push(text) }
  const registry = createUpstreamRegistry({
    now: () => time.ms,
    schedule: time.schedule,
    random: () => 0.5,
    logger,
    probe: (url, path, timeoutMs, signal) => {
      probes.push({ url, path, timeoutMs, at: time.ms, signal })
      const answer = answers.get(url) ?? 200
      if (answer === 'broken') throw new Error('broken probe')
      if (answer === 'silent') return new Promise(() => {})
      return answer === 0 ? Promise.reject(new Error('connection refused')) : Promise.resolve(answer)
    },
  })
  const health = () => Object.fromEntries(registry.snapshot().map(({ url, isHealthy }) => [url, isHealthy]))
  return { time, answers, probes, logged, registry, health }
}

const A = 'http://a:1'
const B = 'http://b:1'
const active = { path: '/up', interval: '10s', timeout: '2s', healthyAfter: 2, unhealthyAfter: 3 }
const upstream = (more: Partial<SnapshotUpstream> = {}): SnapshotUpstream => ({
  id: 'up',
  targets: [{ url: A }, { url: B }],
  ...more,
})

describe('reconcile', () => {
  it('keeps balancer, target, health and requests in flight of what stays', () => {
    const { registry, health } = registryWith()
    registry.reconcile([upstream()])
    const balancer = registry.upstream('up')
    const a = balancer.targets[0]
    a?.begin()
    for (let i = 0; i < 5; i++) a?.report('failure')
    registry.reconcile([upstream({ targets: [{ url: B }, { url: 'http://c:1' }, { url: A, weight: 3 }] })])
    expect(registry.upstream('up')).toBe(balancer)
    expect(balancer.targets[2]).toBe(a)
    expect(a).toMatchObject({ weight: 3, active: 1, isHealthy: false })
    expect(health()).toEqual({ [A]: false, [B]: true, 'http://c:1': true })
  })

  it('gives a target that comes back after its removal a new start', () => {
    const { registry, health } = registryWith()
    registry.reconcile([upstream()])
    for (let i = 0; i < 5; i++) registry.upstream('up').targets[0]?.report('failure')
    registry.reconcile([upstream({ targets: [{ url: B }] })])
    registry.reconcile([upstream()])
    expect(health()).toEqual({ [A]: true, [B]: true })
  })

  it('applies changed weights and balancing at once', () => {
    const { registry } = registryWith()
    registry.reconcile([upstream({ targets: [{ url: A, weight: 1000 }, { url: B }] })])
    const balancer = registry.upstream('up')
    for (let i = 0; i < 500; i++) balancer.pick()
    registry.reconcile([
      upstream({
        targets: [
          { url: A, weight: 1 },
          { url: B, weight: 2 },
        ],
      }),
    ])
    expect([1, 2, 3].map(() => balancer.pick()?.url).sort()).toEqual([A, B, B])
    registry.reconcile([upstream({ targets: [{ url: A, weight: 0 }, { url: B }] })])
    expect([1, 2].map(() => balancer.pick()?.url)).toEqual([B, B])
    registry.reconcile([upstream({ balance: 'least-connections' })])
    balancer.targets[0]?.begin()
    expect([1, 2].map(() => balancer.pick()?.url)).toEqual([B, B])
  })

  it('goes on with the rotation through a publish that leaves it alone', () => {
    const { registry } = registryWith()
    const urls: (string | undefined)[] = []
    for (let publish = 0; publish < 4; publish++) {
      registry.reconcile([upstream({ retries: publish })])
      urls.push(registry.upstream('up').pick()?.url)
    }
    expect(urls).toEqual([A, B, A, B])
  })

  it('keeps what the retry budget has counted and applies its new share', () => {
    const { registry } = registryWith()
    registry.reconcile([upstream({ retryBudget: 0 })])
    const { retryBudget } = registry.upstream('up')
    for (let i = 0; i < 100; i++) retryBudget.recordRequest()
    registry.reconcile([upstream({ retryBudget: 0.5 })])
    expect(registry.upstream('up').retryBudget).toBe(retryBudget)
    expect(Array.from({ length: 100 }, () => retryBudget.canRetry()).filter(Boolean)).toHaveLength(50)
  })

  it('tells targets of the same address apart by upstream', () => {
    const { registry } = registryWith()
    registry.reconcile([upstream(), upstream({ id: 'other' })])
    for (let i = 0; i < 5; i++) registry.upstream('up').targets[0]?.report('failure')
    expect(registry.snapshot().filter(({ isHealthy }) => !isHealthy)).toEqual([
      { upstreamId: 'up', url: A, isHealthy: false, active: 0 },
    ])
  })

  it('takes an upstream that is named twice once, and an address that is listed twice as one target', () => {
    const { registry } = registryWith()
    registry.reconcile([upstream({ targets: [{ url: A }, { url: B }, { url: A, weight: 2 }] }), upstream()])
    expect(registry.snapshot()).toHaveLength(2)
    expect(registry.upstream('up').targets.map(({ url, weight }) => [url, weight])).toEqual([
      [A, 3],
      [B, 1],
    ])
  })

  it('lets requests finish on an upstream that is gone', () => {
    const { registry } = registryWith()
    registry.reconcile([upstream()])
    const balancer = registry.upstream('up')
    const target = balancer.pick()
    target?.begin()
    registry.reconcile([])
    expect(balancer.pick()).toBeDefined()
    target?.finish('success')
    expect(target?.active).toBe(0)
    expect(registry.snapshot()).toEqual([])
  })

  it('hands out a balancer before its upstream takes effect, empty until then', () => {
    const { registry } = registryWith()
    const balancer = registry.upstream('up')
    expect(balancer.pick()).toBeUndefined()
    registry.reconcile([upstream()])
    expect(balancer.pick()?.url).toBe(A)
    registry.upstream('never published')
    registry.reconcile([upstream()])
    expect(registry.snapshot()).toHaveLength(2)
  })

  it('changes nothing when one of the upstreams cannot be used', () => {
    const { registry, time } = registryWith()
    registry.reconcile([upstream({ health: { active } })])
    const before = registry.snapshot()
    const broken = { active: { ...active, interval: 'soon' } }
    expect(() =>
      registry.reconcile([upstream({ targets: [{ url: B }] }), upstream({ id: 'x', health: broken })]),
    ).toThrow(RangeError)
    expect(registry.snapshot()).toEqual(before)
    expect(time.pending).toBe(2)
  })
})

describe('active health', () => {
  it('probes each target by its interval, the first time after a random part of it', async () => {
    const { time, probes, registry } = registryWith()
    registry.reconcile([upstream({ health: { active } })])
    await time.advance(25_000)
    expect(probes.filter(({ url }) => url === A).map(({ at }) => at)).toEqual([5_000, 15_000, 25_000])
    expect(probes[0]).toMatchObject({ path: '/up', timeoutMs: 2_000 })
  })

  it('takes a target out after so many failed probes in a row, and back after so many good ones', async () => {
    const { time, answers, logged, registry, health } = registryWith()
    registry.reconcile([upstream({ health: { active } })])
    answers.set(A, 500)
    await time.advance(15_000)
    expect(health()).toEqual({ [A]: true, [B]: true })
    await time.advance(10_000)
    expect(health()).toEqual({ [A]: false, [B]: true })
    expect([1, 2].map(() => registry.upstream('up').pick()?.url)).toEqual([B, B])
    answers.set(A, 302)
    await time.advance(10_000)
    expect(health()[A]).toBe(false)
    await time.advance(10_000)
    expect(health()[A]).toBe(true)
    expect(logged).toEqual(['Target fails health checks', 'Target passes health checks again'])
  })

  it('starts counting again after a probe that agrees with the state', async () => {
    const { time, answers, registry, health } = registryWith()
    registry.reconcile([upstream({ health: { active } })])
    for (const status of [500, 500, 200, 500, 500]) {
      answers.set(A, status)
      await time.advance(10_000)
    }
    expect(health()[A]).toBe(true)
  })

  it('has no target when probes call all of them down', async () => {
    const { time, answers, registry } = registryWith()
    registry.reconcile([upstream({ health: { active } })])
    answers.set(A, 0).set(B, 'broken')
    await time.advance(30_000)
    expect(registry.upstream('up').pick()).toBeUndefined()
    expect(registry.upstream('up').pick(new Set())).toBeUndefined()
  })

  it('counts a probe that never settles as failed, aborts it, and goes on', async () => {
    const { time, answers, probes, registry, health } = registryWith()
    registry.reconcile([upstream({ health: { active } })])
    answers.set(A, 'silent')
    await time.advance(30_000)
    expect(health()[A]).toBe(false)
    const toA = probes.filter(({ url }) => url === A)
    expect(toA.map(({ at }) => at)).toEqual([5_000, 15_000, 25_000])
    expect(toA[0]?.signal.aborted).toBe(true)
  })

  it('accepts only the listed statuses where they are listed', async () => {
    const { time, answers, registry, health } = registryWith()
    registry.reconcile([upstream({ health: { active: { ...active, statuses: [204] } } })])
    answers.set(A, 204)
    await time.advance(30_000)
    expect(health()).toEqual({ [A]: true, [B]: false })
  })

  it('pauses between probes whatever the interval says', async () => {
    const { time, probes, registry } = registryWith()
    registry.reconcile([upstream({ targets: [{ url: A }], health: { active: { ...active, interval: '0s' } } })])
    await time.advance(1_000)
    expect(probes.length).toBeLessThanOrEqual(11)
  })

  it('goes on in its rhythm through a publish that changes something else', async () => {
    const { time, answers, probes, registry, health } = registryWith()
    registry.reconcile([upstream({ health: { active } })])
    answers.set(A, 500)
    for (let publish = 0; publish < 7; publish++) {
      await time.advance(4_000)
      registry.reconcile([upstream({ retries: publish, health: { active: { ...active } } })])
    }
    expect(probes.filter(({ url }) => url === A).map(({ at }) => at)).toEqual([5_000, 15_000, 25_000])
    expect(health()[A]).toBe(false)
  })

  it('keeps what is known when the probe settings change, and forgets it when probing is switched off', async () => {
    const { time, answers, probes, registry, health } = registryWith()
    registry.reconcile([upstream({ health: { active } })])
    answers.set(A, 500)
    await time.advance(30_000)
    registry.reconcile([upstream({ health: { active: { ...active, path: '/other' } } })])
    expect(health()[A]).toBe(false)
    await time.advance(10_000)
    expect(probes.at(-1)?.path).toBe('/other')
    registry.reconcile([upstream()])
    expect(health()[A]).toBe(true)
    expect(time.pending).toBe(0)
  })

  it('stops probing removed targets, one in flight included', async () => {
    const { time, answers, probes, logged, registry } = registryWith()
    registry.reconcile([upstream({ health: { active: { ...active, unhealthyAfter: 1 } } })])
    answers.set(A, 'silent')
    await time.advance(6_000)
    registry.reconcile([upstream({ targets: [{ url: B }], health: { active } })])
    const toA = () => probes.filter(({ url }) => url === A)
    expect(toA()).toHaveLength(1)
    expect(toA()[0]?.signal.aborted).toBe(true)
    await time.advance(60_000)
    expect(toA()).toHaveLength(1)
    expect(logged).toEqual([])
  })

  it('stops probing the targets of a removed upstream, and everything on close', async () => {
    const { time, probes, registry } = registryWith()
    registry.reconcile([upstream({ health: { active } }), upstream({ id: 'other', health: { active } })])
    registry.reconcile([upstream({ health: { active } })])
    await time.advance(10_000)
    expect(probes).toHaveLength(2)
    registry.close()
    await time.advance(60_000)
    expect(probes).toHaveLength(2)
    expect(time.pending).toBe(0)
  })
})

describe('passive health', () => {
  it('is on with five failures and ten seconds when nothing is configured', () => {
    const { time, logged, registry, health } = registryWith()
    registry.reconcile([upstream()])
    const a = registry.upstream('up').targets[0]
    for (let i = 0; i < 4; i++) a?.report('failure')
    expect(health()[A]).toBe(true)
    a?.report('failure')
    expect(health()[A]).toBe(false)
    time.ms = 9_999
    expect(a?.isAvailable).toBe(false)
    time.ms = 10_000
    expect(a?.isAvailable).toBe(true)
    a?.begin()
    a?.finish('success')
    expect(health()[A]).toBe(true)
    expect(logged).toEqual(['Target fails requests, cooling down', 'Target serves requests again'])
  })
})

describe('scheduleTimer', () => {
  it('runs what was not called off', async () => {
    const ran: string[] = []
    scheduleTimer(() => ran.push('cancelled'), 1)()
    await new Promise<void>((resolve) => scheduleTimer(resolve, 1))
    expect(ran).toEqual([])
  })

  it('does not keep the process alive', () => {
    const before = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    const cancel = scheduleTimer(() => {}, 60_000)
    expect(process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout')).toHaveLength(before)
    cancel()
  })
})
