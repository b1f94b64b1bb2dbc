import { describe, expect, it } from 'vitest'
import { formatBytes, formatCompact, formatCount, formatNoun, formatShare } from './number.ts'

describe('formatCount', () => {
  it('separates thousands', () => expect(formatCount(1204)).toBe('1,204'))
})

describe('formatCompact', () => {
  it.each([
    [0, '0'],
    [950, '950'],
    [1_234, '1.23K'],
    [3_400_000, '3.4M'],
  ])('writes %d as %s', (value, text) => expect(formatCompact(value)).toBe(text))
})

describe('formatNoun', () => {
  it('uses the singular for exactly one', () => {
    expect(formatNoun(1, 'call')).toBe('1 call')
    expect(formatNoun(0, 'call')).toBe('0 calls')
    expect(formatNoun(2, 'retry', 'retries')).toBe('2 retries')
  })
})

describe('formatShare', () => {
  it.each([
    [0, 0, '0%'],
    [0, 10, '0%'],
    [1, 100_000, '<0.1%'],
    [3, 1000, '0.3%'],
    [1, 8, '13%'],
    [99_999, 100_000, '>99.9%'],
    [5, 5, '100%'],
  ])('writes %d of %d as %s', (part, all, text) => expect(formatShare(part, all)).toBe(text))
})

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [512, '512 B'],
    [1024, '1 KB'],
    [1536, '1.5 KB'],
    [12 * 1024 * 1024, '12 MB'],
    [1024 * 1024 - 1, '1 MB'],
  ])('writes %d as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))
})
