import { type HeaderList, headerOf, StateUnavailable } from '@konnect/contract'
import type { PolicyHandlers, Principal } from '@konnect/sdk'
import { countingState, FakeExchange, fakePolicyContext, runPolicy } from '@konnect/testkit'
import { describe, expect, it, vi } from 'vitest'
import { rateLimit } from './policy.ts'

type Settings = Parameters<typeof rateLimit.compile>[0]
const mobile: Principal = { tenantId: 'ten_1', applicationId: 'app_1', application: 'mobile', keyId: 'key_1' }
const web: Principal = { ...mobile, applicationId: 'app_2', application: 'web', keyId: 'key_2' }

async function isAdmitted(handlers: PolicyHandlers, exchange: FakeExchange): Promise<boolean> {
  try {
    await runPolicy(handlers, exchange)
    return true
  } catch (error) {
    expect(error).toMatchObject({ code: 'rate_limited', status: 429 })
    return false
  }
}

/** Whether a second request still passes a limit of one, i.e. whether it is counted apart from the first. */
async function areApart(by: string, first: ConstructorParameters<typeof FakeExchange>[0], second: typeof first) {
  const handlers = rateLimit.compile({ limit: 1, by }, fakePolicyContext())
  expect(await isAdmitted(handlers, new FakeExchange(first))).toBe(true)
  return isAdmitted(handlers, new FakeExchange(second))
}

describe('rate-limit', () => {
  it('admits the limit and refuses the next with 429 and Retry-After', async () => {
    const handlers = rateLimit.compile({ limit: 2 }, fakePolicyContext())
    for (let i = 0; i < 2; i++) expect(await isAdmitted(handlers, new FakeExchange())).toBe(true)
    await expect(runPolicy(handlers, new FakeExchange())).rejects.toMatchObject({
      code: 'rate_limited',
      headers: ['retry-after', '60'],
    })
  })

  it('answers synchronously when the state does', () => {
    const handlers = rateLimit.compile({ limit: 1 }, fakePolicyContext())
    expect(handlers.admit?.(new FakeExchange())).toBeUndefined()
    expect(() => handlers.admit?.(new FakeExchange())).toThrow('rate_limited')
  })

  it('waits for a state that answers later', async () => {
    const handlers = rateLimit.compile({ limit: 1 }, fakePolicyContext({ state: countingState('async') }))
    expect(await isAdmitted(handlers, new FakeExchange())).toBe(true)
    expect(await isAdmitted(handlers, new FakeExchange())).toBe(false)
  })

  it('never counts an exchange twice', async () => {
    const state = countingState()
    const handlers = rateLimit.compile({ limit: 5 }, fakePolicyContext({ state }))
    const exchange = new FakeExchange()
    await runPolicy(handlers, exchange)
    await runPolicy(handlers, exchange)
    expect([...state.taken.values()]).toEqual([1])
  })

  describe('counts', () => {
    it('by application, and by address where there is none', async () => {
      expect(await areApart('application', { principal: mobile }, { principal: web })).toBe(true)
      expect(await areApart('application', { principal: mobile }, { principal: mobile, clientIp: '192.0.2.9' })).toBe(
        false,
      )
      expect(await areApart('application', { clientIp: '192.0.2.1' }, { clientIp: '192.0.2.2' })).toBe(true)
    })

    it('by key, and by application where another credential was used', async () => {
      expect(await areApart('key', { principal: mobile }, { principal: { ...mobile, keyId: 'key_9' } })).toBe(true)
      const withToken = { ...mobile, keyId: null }
      expect(await areApart('key', { principal: withToken }, { principal: withToken })).toBe(false)
    })

    it('by address, IPv6 by its /64 network, mapped IPv4 as IPv4', async () => {
      expect(await areApart('ip', { clientIp: '2001:db8::1' }, { clientIp: '2001:db8::ffff:2' })).toBe(false)
      expect(await areApart('ip', { clientIp: '2001:db8::1' }, { clientIp: '2001:db8:0:1::1' })).toBe(true)
      expect(await areApart('ip', { clientIp: '192.0.2.1' }, { clientIp: '::ffff:192.0.2.1' })).toBe(false)
      expect(await areApart('ip', { clientIp: 'fe80::1%eth0' }, { clientIp: 'fe80::2' })).toBe(false)
    })

    it('by a header, without case, and all without it together', async () => {
      const user = (name: string) => ({ headers: ['x-user', name] })
      expect(await areApart('header:X-User', user('a'), user('b'))).toBe(true)
      expect(await areApart('header:X-User', user('a'), user('a'))).toBe(false)
      expect(await areApart('header:X-User', {}, { clientIp: '192.0.2.9' })).toBe(false)
      expect(await areApart('header:X-User', user('none'), {})).toBe(true)
    })

    it('everyone together', async () => {
      expect(await areApart('gateway', { principal: mobile }, { principal: web, clientIp: '192.0.2.9' })).toBe(false)
    })

    it('long header values under short keys', async () => {
      const state = countingState()
      const handlers = rateLimit.compile({ limit: 9, by: 'header:x-user' }, fakePolicyContext({ state }))
      for (const tail of ['a', 'b']) {
        await runPolicy(handlers, new FakeExchange({ headers: ['x-user', 'u'.repeat(8_000) + tail] }))
      }
      const keys = [...state.taken.keys()]
      expect(keys).toHaveLength(2)
      for (const key of keys) expect(key.length).toBeLessThan(120)
    })

    it('under the key of its attachment, which survives a new limit and not a new window', async () => {
      const keyOf = async (settings: Settings) => {
        const state = countingState()
        await runPolicy(rateLimit.compile(settings, fakePolicyContext({ state, stateKey: 'here' })), new FakeExchange())
        return [...state.taken.keys()][0]
      }
      const first = await keyOf({ limit: 1 })
      expect(first).toMatch(/^here:/)
      expect(await keyOf({ limit: 9 })).toBe(first)
      expect(await keyOf({ limit: 1, window: '1h' })).not.toBe(first)
      expect(await keyOf({ limit: 1, algorithm: 'token-bucket' })).not.toBe(first)
    })
  })

  describe('rules', () => {
    const ruleOf = async (settings: Settings) => {
      const state = countingState()
      await runPolicy(rateLimit.compile(settings, fakePolicyContext({ state })), new FakeExchange())
      return state.rules[0]
    }

    it('are a sliding window of a minute by default', async () => {
      expect(await ruleOf({ limit: 100 })).toEqual({ algorithm: 'sliding-window', limit: 100, windowMs: 60_000 })
    })

    it('turn limit, window and burst into a bucket', async () => {
      const settings: Settings = { algorithm: 'token-bucket', limit: 100, window: '10s', burst: 30 }
      expect(await ruleOf(settings)).toEqual({ algorithm: 'token-bucket', capacity: 30, refillPerSecond: 10 })
      const { burst: _, ...plain } = settings
      expect(await ruleOf(plain)).toEqual({ algorithm: 'token-bucket', capacity: 100, refillPerSecond: 10 })
    })

    it('that do not fit together are refused when they are compiled', () => {
      const wrong: Settings[] = [
        { limit: 1, window: '0s' },
        { limit: 1, burst: 2 },
        { limit: 1, by: 'moon' },
      ]
      for (const settings of wrong) {
        expect(() => rateLimit.compile(settings, fakePolicyContext())).toThrow('snapshot_invalid')
      }
    })
  })
})

describe('rate-limit fields', () => {
  const announced = async (
    exchange: FakeExchange,
    ...all: [Settings, 'api' | 'plan' | 'gateway'][]
  ): Promise<HeaderList> => {
    const state = countingState()
    for (const [index, [settings, kind]] of all.entries()) {
      const context = fakePolicyContext({ state, stateKey: `limit-${index}`, scope: { kind, id: 'x' } })
      await isAdmitted(rateLimit.compile(settings, context), exchange)
    }
    return exchange.responseHeaders
  }

  it('tell the policy and the standing', async () => {
    expect(await announced(new FakeExchange(), [{ limit: 100 }, 'api'])).toEqual([
      'ratelimit-policy',
      '"api";q=100;w=60',
      'ratelimit',
      '"api";r=99;t=60',
      'x-ratelimit-limit',
      '100',
      'x-ratelimit-remaining',
      '99',
      'x-ratelimit-reset',
      '60',
    ])
  })

  it('go out with a refusal too', async () => {
    const handlers = rateLimit.compile({ limit: 1, name: 'orders' }, fakePolicyContext())
    await isAdmitted(handlers, new FakeExchange())
    const refused = new FakeExchange()
    expect(await isAdmitted(handlers, refused)).toBe(false)
    expect(headerOf(refused.responseHeaders, 'ratelimit')).toBe('"orders";r=0;t=60')
    expect(headerOf(refused.responseHeaders, 'x-ratelimit-remaining')).toBe('0')
  })

  it('list every limit of an exchange, the older ones from the tightest', async () => {
    const fields = await announced(
      new FakeExchange(),
      [{ limit: 1_000, window: '1h' }, 'gateway'],
      [{ limit: 10 }, 'plan'],
      [{ limit: 50 }, 'api'],
    )
    expect(headerOf(fields, 'ratelimit-policy')).toBe('"gateway";q=1000;w=3600, "plan";q=10;w=60, "api";q=50;w=60')
    expect(headerOf(fields, 'ratelimit')).toBe('"gateway";r=999;t=3600, "plan";r=9;t=60, "api";r=49;t=60')
    expect(headerOf(fields, 'x-ratelimit-limit')).toBe('10')
    expect(headerOf(fields, 'x-ratelimit-remaining')).toBe('9')
    expect(fields).toHaveLength(10)
  })

  it('name two limits of one place apart', async () => {
    const fields = await announced(new FakeExchange(), [{ limit: 5, window: '1s' }, 'api'], [{ limit: 100 }, 'api'])
    expect(headerOf(fields, 'ratelimit')).toBe('"api";r=4;t=1, "api-2";r=99;t=60')
  })
})

describe('rate-limit without shared state', () => {
  const away = new StateUnavailable('Redis is away')

  it('lets requests pass by default, however the state fails, and says so once in a while', async () => {
    for (const answering of [{ throws: away }, { rejects: away }]) {
      const warn = vi.fn()
      let nowMs = 0
      const context = fakePolicyContext({ state: countingState(answering), logger: { warn }, now: () => nowMs })
      const handlers = rateLimit.compile({ limit: 1 }, context)
      for (let i = 0; i < 5; i++) expect(await isAdmitted(handlers, new FakeExchange())).toBe(true)
      expect(warn).toHaveBeenCalledTimes(1)
      nowMs += 10_000
      await isAdmitted(handlers, new FakeExchange())
      expect(warn).toHaveBeenCalledTimes(2)
    }
  })

  it('refuses with 503, never with 401 or 429, where it is told to', async () => {
    for (const answering of [{ throws: away }, { rejects: away }]) {
      const context = fakePolicyContext({ state: countingState(answering) })
      const handlers = rateLimit.compile({ limit: 1, onStateFailure: 'closed' }, context)
      await expect(runPolicy(handlers, new FakeExchange())).rejects.toMatchObject({
        code: 'dependency_unavailable',
        status: 503,
      })
    }
  })

  it('does not take a programming error for an outage', async () => {
    const context = fakePolicyContext({ state: countingState({ throws: new RangeError('limit') }) })
    await expect(runPolicy(rateLimit.compile({ limit: 1 }, context), new FakeExchange())).rejects.toThrow(RangeError)
  })
})
