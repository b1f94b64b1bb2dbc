import type { ExchangeRequest } from '@konnect/sdk'
import { describe, expect, it } from 'vitest'
import { takeKeyFromQuery } from './key-in-query.ts'

const PLACE = { parameter: 'key', header: 'x-goog-api-key' }

function taken(query: string, headers: string[] = []) {
  const request = { query, headers } as unknown as ExchangeRequest
  takeKeyFromQuery(request, PLACE)
  return { query: request.query, headers: request.headers }
}

describe('a key in the query', () => {
  it('moves into the field, and the rest of the query stays', () => {
    expect(taken('alt=sse&key=kn_1%2B2&x=1')).toEqual({ query: 'alt=sse&x=1', headers: ['x-goog-api-key', 'kn_1+2'] })
  })

  it('leaves the query but never goes before the key in the field', () => {
    expect(taken('key=other', ['x-goog-api-key', 'own'])).toEqual({ query: '', headers: ['x-goog-api-key', 'own'] })
  })

  it.each(['key=%zz', 'key=', 'key=a%0d%0ab', 'key=%20'])('that no field can hold is none: %s', (query) => {
    expect(taken(query)).toEqual({ query: '', headers: [] })
  })

  it.each(['', 'alt=sse', 'monkey=1', 'keys=1', 'key'])('is not found in %j', (query) => {
    expect(taken(query)).toEqual({ query, headers: [] })
  })
})
