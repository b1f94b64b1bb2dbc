import { FakeExchange, fakePolicyContext } from '@konnect/testkit'
import { describe, expect, it } from 'vitest'
import { timeout } from './policy.ts'

describe('timeout', () => {
  it('limits the exchange from its very beginning', async () => {
    const exchange = new FakeExchange()
    await timeout.compile({ duration: '1.5s' }, fakePolicyContext()).match?.(exchange)
    expect(exchange.limitMs).toBe(1_500)
  })

  it('is half a minute when nothing is set', async () => {
    const exchange = new FakeExchange()
    await timeout.compile({}, fakePolicyContext()).match?.(exchange)
    expect(exchange.limitMs).toBe(30_000)
  })

  it('never lengthens a shorter limit', async () => {
    const exchange = new FakeExchange()
    for (const duration of ['2s', '1s', '3s'])
      await timeout.compile({ duration }, fakePolicyContext()).match?.(exchange)
    expect(exchange.limitMs).toBe(1_000)
  })

  it('refuses a duration of nothing when it is compiled', () => {
    expect(() => timeout.compile({ duration: '0s' }, fakePolicyContext())).toThrow('snapshot_invalid')
  })
})
