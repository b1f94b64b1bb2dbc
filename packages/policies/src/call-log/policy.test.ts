import { FakeExchange, fakePolicyContext } from '@konnect/testkit'
import { describe, expect, it } from 'vitest'
import { callLog } from './policy.ts'

function captureOf(settings: Parameters<typeof callLog.compile>[0]) {
  const exchange = new FakeExchange()
  expect(callLog.compile(settings, fakePolicyContext()).match?.(exchange)).toBeUndefined()
  return exchange.captures[0]
}

describe('call-log', () => {
  it('keeps nothing that was not asked for', () => {
    expect(captureOf({})).toMatchObject({
      requestHeaders: false,
      responseHeaders: false,
      requestBody: false,
      responseBody: false,
      maxBytes: 16_384,
    })
  })

  it('keeps what was asked for', () => {
    expect(captureOf({ requestHeaders: true, responseBody: true, maxBody: '1kb' })).toMatchObject({
      requestHeaders: true,
      responseHeaders: false,
      requestBody: false,
      responseBody: true,
      maxBytes: 1_024,
    })
  })

  it('always hides credentials, whatever else is hidden', () => {
    const redact = captureOf({ requestHeaders: true, redact: ['X-Session', 'Cookie'] })?.redact
    expect(redact).toEqual(expect.arrayContaining(['authorization', 'cookie', 'set-cookie', 'x-api-key', 'x-session']))
    expect(new Set(redact).size).toBe(redact?.length)
  })

  it('never keeps more than a megabyte of a body', () => {
    expect(captureOf({ requestBody: true, maxBody: '1gb' })?.maxBytes).toBe(1024 * 1024)
  })
})
