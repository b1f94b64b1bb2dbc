import { describe, expect, it } from 'vitest'
import { rangeOf, rangeWords } from './range.ts'

const now = Date.parse('2026-11-23T12:00:00Z')

describe('rangeOf', () => {
  it('takes both ends from the address when they are in order', () => {
    const search = { from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z', range: '1h' }
    expect(rangeOf(search, now)).toEqual({ from: '2026-11-20T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z' })
  })

  it('counts a named range back from now', () => {
    expect(rangeOf({ range: '1h' }, now)).toEqual({ from: '2026-11-23T11:00:00.000Z', to: '2026-11-23T12:00:00.000Z' })
  })

  it('falls back to a day on nonsense', () => {
    const day = { from: '2026-11-22T12:00:00.000Z', to: '2026-11-23T12:00:00.000Z' }
    expect(rangeOf({ range: 'soon', from: 'x', to: 'y' }, now)).toEqual(day)
    expect(rangeOf({ from: '2026-11-21', to: '2026-11-20' }, now)).toEqual(day)
  })
})

describe('rangeWords', () => {
  it('says which time is meant', () => {
    expect(rangeWords({})).toBe('in the last 24 hours')
    expect(rangeWords({ range: '7d' })).toBe('in the last 7 days')
    expect(rangeWords({ from: '2026-11-20', to: '2026-11-21' })).toBe('in the chosen time')
  })
})
