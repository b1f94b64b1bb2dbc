import { GatewayError } from '@konnect/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeCursor, encodeCursor, pageOf, pageSize } from './cursor.ts'

describe('a cursor', () => {
  it('gives back the place it was made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (value, id) => {
        const cursor = encodeCursor('name', { value, id })
        expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/)
        expect(decodeCursor('name', cursor)).toEqual({ value, id })
      }),
    )
  })

  it('that is not one is refused, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((text) => Buffer.from(text).toString('base64url')),
        ),
        (text) => {
          expect(() => decodeCursor('name', text)).toThrow(GatewayError)
        },
      ),
    )
  })
})

describe('a page', () => {
  it('holds 50 entries unless asked otherwise, and 1 to 1,000 at all', () => {
    expect([undefined, 0, -5, 7, 7.9, 5_000, Number.NaN].map(pageSize)).toEqual([50, 1, 1, 7, 7, 1_000, 50])
  })

  it('has a next one exactly when there are more rows', () => {
    expect(pageOf([1, 2, 3], 2, String)).toEqual({ items: [1, 2], nextCursor: '2' })
    expect(pageOf([1, 2], 2, String)).toEqual({ items: [1, 2], nextCursor: null })
    expect(pageOf([], 2, String)).toEqual({ items: [], nextCursor: null })
  })
})
