import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exactUsd, formatListPrice, formatUsd } from './money.ts'

describe('formatUsd', () => {
  it.each([
    ['0', '$0.00'],
    ['1.82', '$1.82'],
    ['1.825', '$1.83'],
    ['0.999', '$0.999'],
    ['0.9996', '$1.000'],
    ['0.000123456', '$0.000123'],
    ['0.1', '$0.10'],
    ['1234567.891', '$1,234,567.89'],
    ['-0.5', '-$0.50'],
  ])('writes %s as %s', (text, formatted) => expect(formatUsd(text)).toBe(formatted))

  it('keeps cents exact far beyond what a float can hold', () => {
    expect(formatUsd('90071992547409931.11')).toBe('$90,071,992,547,409,931.11')
  })

  it('leaves text alone that is no decimal', () => {
    expect(formatUsd('unknown')).toBe('unknown')
    expect(exactUsd('unknown')).toBe('unknown')
  })

  it('is never further than half a cent off from one dollar on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 0, max: 999_999 }), (whole, micro) => {
        const text = `${whole}.${String(micro).padStart(6, '0')}`
        const shown = Number(formatUsd(text).replace(/[$,]/g, ''))
        expect(Math.abs(shown - Number(text))).toBeLessThanOrEqual(0.005 + 1e-9)
      }),
    )
  })
})

describe('formatListPrice', () => {
  it.each([
    [3, '$3.00'],
    [0.4, '$0.40'],
    [0.0375, '$0.0375'],
    [1.125, '$1.125'],
    [1200, '$1,200.00'],
    [0, '$0.00'],
    [null, '–'],
  ])('writes %s as %s', (usd, text) => expect(formatListPrice(usd)).toBe(text))
})
