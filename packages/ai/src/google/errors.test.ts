import { GatewayError } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { errorEvent, readError, streamError, writeError } from './errors.ts'

const QUOTA = {
  error: {
    code: 429,
    message: 'Quota exceeded for key AIzaSyA1234567890123456789012345',
    status: 'RESOURCE_EXHAUSTED',
    details: [
      { '@type': 'type.googleapis.com/google.rpc.QuotaFailure' },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.4s' },
    ],
  },
}

const body = (error: GatewayError) => JSON.parse(Buffer.from(writeError(error).body).toString())

describe('errors of vendors', () => {
  it.each([
    ['an object', QUOTA],
    ['an array, as of a stream that is no server-sent events', [QUOTA]],
  ])('in %s hold status, message without keys, and how long to wait', (_what, value) => {
    const error = readError(429, Buffer.from(JSON.stringify(value)))
    expect(error).toMatchObject({
      code: 'upstream_error',
      status: 429,
      detail: 'Quota exceeded for key ***',
      headers: ['retry-after', '35'],
    })
    expect(error.reason).toContain('RESOURCE_EXHAUSTED')
  })

  it('that are no JSON say something general', () => {
    expect(readError(502, Buffer.from('<html>'))).toMatchObject({ code: 'upstream_error', status: 502 })
  })

  it('inside of a stream have the status that they name', () => {
    expect(streamError({ error: { status: 'UNAVAILABLE', message: 'm' } })?.status).toBe(503)
    expect(streamError({ error: { code: 7, message: 'm' } })?.status).toBe(502)
    expect(streamError({ candidates: [] })).toBeUndefined()
  })
})

describe('errors for clients', () => {
  it.each([
    [400, 'INVALID_ARGUMENT'],
    [401, 'UNAUTHENTICATED'],
    [413, 'INVALID_ARGUMENT'],
    [429, 'RESOURCE_EXHAUSTED'],
    [502, 'INTERNAL'],
    [529, 'UNAVAILABLE'],
  ])('of status %i are called %s', (status, name) => {
    const error = new GatewayError('upstream_error', { status })
    expect(body(error).error).toEqual({ code: status === 529 ? 503 : status, message: error.detail, status: name })
  })

  it('say how long to wait', () => {
    const error = new GatewayError('rate_limited', { headers: ['retry-after', '7'] })
    expect(body(error).error.details).toEqual([
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '7s' },
    ])
    expect(errorEvent(error)).toMatch(/^data: \{"error":.*"retryDelay":"7s".*\}\n\n$/)
  })
})
