import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSearch, stringifySearch, withSearch } from './search.ts'

describe('page queries', () => {
  it('survive a round trip whatever they hold', () => {
    const search = fc.dictionary(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }))
    fc.assert(
      fc.property(search, (value) => {
        expect(parseSearch(stringifySearch(value))).toEqual({ ...value })
      }),
    )
  })

  it('are written in one order, without empty values', () => {
    expect(stringifySearch({ b: 'x y', a: 1, c: '', d: undefined })).toBe('?a=1&b=x+y')
    expect(stringifySearch({})).toBe('')
  })
})

describe('withSearch', () => {
  it('replaces and removes', () => {
    expect(withSearch({ a: '1', b: '2' }, { a: '3', b: '' })).toEqual({ a: '3' })
  })

  it('goes back to the first page when a filter changes', () => {
    expect(withSearch({ cursor: 'abc', text: 'x' }, { text: 'y' })).toEqual({ text: 'y' })
    expect(withSearch({ text: 'x' }, { cursor: 'abc' })).toEqual({ text: 'x', cursor: 'abc' })
  })
})
