import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_RETRY_AFTER_MS, retryAfterMs } from './retry-after.ts'

const NOW = Date.UTC(2027, 0, 1, 12, 0, 0)
const of = (name: string, value: string, ...more: string[]) => retryAfterMs([name, value, ...more], undefined, NOW)
const withDelay = (retryDelay: unknown) =>
  Buffer.from(
    JSON.stringify({
      error: {
        code: 429,
        details: [
          { '@type': 'type.googleapis.com/google.rpc.QuotaFailure' },
          { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay },
        ],
      },
    }),
  )
const cap = (ms: number) => Math.min(ms, MAX_RETRY_AFTER_MS)

describe('retryAfterMs', () => {
  it('reads any number of seconds and of milliseconds', () => {
    fc.assert(
      fc.property(fc.nat(), (count) => {
        expect(of('retry-after', String(count))).toBe(cap(count * 1000))
        expect(of('retry-after-ms', String(count))).toBe(cap(count))
      }),
    )
    expect(of('retry-after', '1.5')).toBe(1500)
  })

  it('reads any date in all three forms of HTTP, and a past one as no wait', () => {
    fc.assert(
      fc.property(fc.integer({ min: -600, max: 600 }), (offset) => {
        const date = new Date(NOW + offset * 1000)
        const [weekday, day, month, year, time] = date.toUTCString().replace(',', '').split(' ')
        const asctime = `${weekday} ${month} ${String(Number(day)).padStart(2, ' ')} ${time} ${year}`
        const rfc850 = `${weekday === 'Fri' ? 'Friday' : 'Thursday'}, ${day}-${month}-${year?.slice(2)} ${time} GMT`
        const expected = cap(Math.max(0, offset * 1000))
        for (const text of [date.toUTCString(), asctime, rfc850]) expect(of('retry-after', text)).toBe(expected)
      }),
    )
  })

  it.each([
    ['1s', 1000],
    ['6m0s', 300_000],
    ['20ms', 20],
    ['1m1.5s', 61_500],
    ['2h', 300_000],
    ['250us', 0.25],
    ['7', 7000],
  ])('reads the reset %s as %d ms', (text, expected) => {
    expect(of('x-ratelimit-reset-requests', text)).toBe(expected)
    expect(of('x-ratelimit-reset-tokens', text)).toBe(expected)
  })

  it('reads any RFC 3339 moment of any bucket', () => {
    const bucket = fc.constantFrom('requests', 'tokens', 'input-tokens', 'output-tokens')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400_000 }), bucket, (ms, name) => {
        expect(of(`anthropic-ratelimit-${name}-reset`, new Date(NOW + ms).toISOString())).toBe(cap(ms))
      }),
    )
    expect(of('anthropic-ratelimit-tokens-reset', '2027-01-01T14:00:09+02:00')).toBe(9000)
  })

  it('counts the bucket that is used up, and the longest when nothing tells them apart', () => {
    const resets = ['x-ratelimit-reset-requests', '50s', 'x-ratelimit-reset-tokens', '2s']
    const left = (requests: string, tokens: string) =>
      of('x-ratelimit-remaining-requests', requests, 'x-ratelimit-remaining-tokens', tokens, ...resets)
    expect([left('9', '0'), left('0', '9'), left('9', '9'), left('0', '0')]).toEqual([2000, 50_000, 50_000, 50_000])
  })

  it('reads RetryInfo in a body, also inside an array, when no field says anything', () => {
    expect(retryAfterMs([], withDelay('36s'), NOW)).toBe(36_000)
    expect(retryAfterMs([], withDelay('3.25s'), NOW)).toBe(3250)
    expect(retryAfterMs([], Buffer.from(`[${withDelay('36s')}]`), NOW)).toBe(36_000)
    expect(retryAfterMs(['retry-after', '2'], withDelay('36s'), NOW)).toBe(2000)
  })

  it('prefers the more exact of two fields', () => {
    expect(of('retry-after', '2', 'retry-after-ms', '1200')).toBe(1200)
  })

  it.each(['', 'soon', '-1', '1e3', '0x10', 'Infinity', 'Friendly 5', '5 apples', 'NaN', '١'])(
    'takes %j for nothing said',
    (text) => {
      expect(of('retry-after', text)).toBeUndefined()
      expect(of('retry-after-ms', text)).toBeUndefined()
      expect(of('x-ratelimit-reset-requests', text)).toBeUndefined()
      expect(of('anthropic-ratelimit-tokens-reset', text)).toBeUndefined()
    },
  )

  it('is between 0 and five minutes or undefined, whatever is sent, and never throws', () => {
    const names = fc.constantFrom(
      'retry-after',
      'retry-after-ms',
      'x-ratelimit-reset-requests',
      'x-ratelimit-reset-tokens',
      'anthropic-ratelimit-requests-reset',
    )
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[0-9msh.:TZ+-]{0,20}$/))
    fc.assert(
      fc.property(fc.array(fc.tuple(names, text)), fc.oneof(fc.json(), fc.string()), (fields, body) => {
        const wait = retryAfterMs(fields.flat(), Buffer.from(body), NOW)
        expect(wait === undefined || (wait >= 0 && wait <= MAX_RETRY_AFTER_MS)).toBe(true)
      }),
    )
    expect(retryAfterMs([], withDelay(7), NOW)).toBeUndefined()
  })
})
