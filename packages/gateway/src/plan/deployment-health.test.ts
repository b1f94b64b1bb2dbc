import { describe, expect, it } from 'vitest'
import { createDeploymentHealthRegistry, type DeploymentHealth } from './deployment-health.ts'

function healthWithClock() {
  const clock = { ms: 0 }
  const registry = createDeploymentHealthRegistry(() => clock.ms)
  return { clock, registry, health: registry.of('a') }
}

/** Sends requests that fail. */
function fail(health: DeploymentHealth, times: number): void {
  for (let i = 0; i < times; i++) {
    health.begin()
    health.failed()
  }
}

describe('the health of a deployment', () => {
  it('goes after three failures in a row, and not before', () => {
    const { health } = healthWithClock()
    fail(health, 2)
    health.succeeded()
    fail(health, 2)
    expect(health.isHealthy).toBe(true)
    fail(health, 1)
    expect(health.isHealthy).toBe(false)
  })

  it('lets one request try after ten seconds, and the others only once that one succeeded', () => {
    const { clock, health } = healthWithClock()
    fail(health, 3)
    clock.ms = 9_999
    expect(health.isHealthy).toBe(false)
    clock.ms = 10_000
    expect(health.isHealthy).toBe(true)
    health.begin()
    expect(health.isHealthy).toBe(false)
    health.succeeded()
    expect(health.isHealthy).toBe(true)
  })

  it('cools down twice as long after each trial that fails, up to a minute', () => {
    const { clock, health } = healthWithClock()
    fail(health, 3)
    for (const seconds of [10, 20, 40, 60, 60]) {
      clock.ms += seconds * 1_000 - 1
      expect(health.isHealthy).toBe(false)
      clock.ms += 1
      expect(health.isHealthy).toBe(true)
      fail(health, 1)
    }
  })

  it('lets the next one try when a trial is never heard of again', () => {
    const { clock, health } = healthWithClock()
    fail(health, 3)
    clock.ms = 10_000
    health.begin()
    clock.ms = 20_000
    expect(health.isHealthy).toBe(true)
  })

  it('is one over publishes, until one no longer asks for it', () => {
    const { registry, health } = healthWithClock()
    fail(health, 3)
    registry.sweep()
    expect(registry.of('a').isHealthy).toBe(false)
    registry.sweep()
    registry.sweep()
    expect(registry.of('a').isHealthy).toBe(true)
  })
})
