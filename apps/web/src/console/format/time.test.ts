import { describe, expect, it } from 'vitest'
import { formatExact, formatRelative } from './time.ts'

const now = Date.parse('2026-11-23T12:00:00Z')
const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString()

describe('formatRelative', () => {
  it.each([
    [0, 'just now'],
    [12, '12 seconds ago'],
    [60, '1 minute ago'],
    [5_400, '2 hours ago'],
    [86_400, 'yesterday'],
    [-86_400 * 3, 'in 3 days'],
    [86_400 * 400, 'last year'],
  ])('says of %d seconds ago: %s', (seconds, text) => expect(formatRelative(ago(seconds), now)).toBe(text))

  it('returns what is no date as it is', () => {
    expect(formatRelative('never', now)).toBe('never')
    expect(formatExact('never')).toBe('never')
  })
})

describe('formatExact', () => {
  it('goes down to the second and names the zone', () => {
    expect(formatExact('2026-11-23T12:00:07Z')).toMatch(/2026.*:07 \S+/)
  })
})
