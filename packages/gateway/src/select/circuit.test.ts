import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Circuit } from './circuit.ts'

function circuitWith(failures: number, cooldownMs: number) {
  const clock = { ms: 0 }
  const circuit = new Circuit(() => clock.ms, { failures, cooldownMs })
  /** One whole request. */
  const request = (outcome: 'success' | 'failure' | 'neutral') => {
    circuit.begin()
    return circuit.report(outcome)
  }
  return { clock, circuit, request }
}

describe('Circuit', () => {
  it('opens after so many failures in a row, and only in a row', () => {
    const { circuit, request } = circuitWith(3, 1_000)
    expect([request('failure'), request('failure'), request('success')]).toEqual([undefined, undefined, undefined])
    expect([request('failure'), request('neutral'), request('failure')]).toEqual([undefined, undefined, undefined])
    expect(circuit.isAvailable).toBe(true)
    expect(request('failure')).toBe('opened')
    expect(circuit.isAvailable).toBe(false)
  })

  it('lets one trial through after the cool-down, and closes when it succeeds', () => {
    const { clock, circuit } = circuitWith(1, 1_000)
    circuit.report('failure')
    clock.ms = 999
    expect(circuit.isAvailable).toBe(false)
    clock.ms = 1_000
    expect(circuit.isAvailable).toBe(true)
    circuit.begin()
    expect(circuit.isAvailable).toBe(false)
    expect(circuit.report('success')).toBe('closed')
    expect(circuit.isClosed).toBe(true)
  })

  it('cools down twice as long after each failed trial, up to a minute, and anew after a success', () => {
    const { clock, circuit, request } = circuitWith(1, 10_000)
    const cooldowns: number[] = []
    request('failure')
    for (let trial = 0; trial < 5; trial++) {
      const openedAt = clock.ms
      while (!circuit.isAvailable) clock.ms += 1_000
      cooldowns.push(clock.ms - openedAt)
      request('failure')
    }
    expect(cooldowns).toEqual([10_000, 20_000, 40_000, 60_000, 60_000])
    request('success')
    request('failure')
    clock.ms += 10_000
    expect(circuit.isAvailable).toBe(true)
  })

  it('keeps a configured cool-down of more than a minute', () => {
    const { clock, circuit, request } = circuitWith(1, 120_000)
    request('failure')
    clock.ms = 120_000
    request('failure')
    clock.ms = 239_999
    expect(circuit.isAvailable).toBe(false)
    clock.ms = 240_000
    expect(circuit.isAvailable).toBe(true)
  })

  it('does not prolong the cool-down for failures of requests that were under way', () => {
    const { clock, circuit } = circuitWith(1, 1_000)
    circuit.report('failure')
    clock.ms = 900
    circuit.report('failure')
    clock.ms = 1_000
    circuit.report('failure')
    expect(circuit.isAvailable).toBe(true)
  })

  it('closes on a late success of a request that was under way', () => {
    const { circuit } = circuitWith(1, 1_000)
    circuit.report('failure')
    expect(circuit.report('success')).toBe('closed')
  })

  it('gives the trial to the next request when the first says nothing, or never ends', () => {
    const { clock, circuit, request } = circuitWith(1, 1_000)
    circuit.report('failure')
    clock.ms = 1_000
    request('neutral')
    expect(circuit.isAvailable).toBe(true)
    circuit.begin()
    clock.ms = 1_999
    expect(circuit.isAvailable).toBe(false)
    clock.ms = 2_000
    expect(circuit.isAvailable).toBe(true)
  })

  it('always becomes available again within two minutes, whatever happened', () => {
    const step = fc.tuple(fc.constantFrom('begin', 'success', 'failure', 'neutral'), fc.nat({ max: 30_000 }))
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { clock, circuit } = circuitWith(2, 5_000)
        for (const [act, pause] of steps) {
          if (act === 'begin') circuit.begin()
          else circuit.report(act as 'success')
          clock.ms += pause
        }
        clock.ms += 120_000
        expect(circuit.isAvailable).toBe(true)
      }),
    )
  })
})
