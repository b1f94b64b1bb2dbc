import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimalOf, formatDecimal, plus, times, ZERO } from './decimal.ts'

const cents = fc.record({ digits: fc.bigInt({ min: 0n, max: 10n ** 30n }), scale: fc.integer({ min: 0, max: 15 }) })

describe('Decimal', () => {
  it.each([
    [0, '0'],
    [3, '3'],
    [0.1, '0.1'],
    [1e-7, '0.0000001'],
    [1.5e21, '1500000000000000000000'],
    [0.000_000_000_001, '0.000000000001'],
    [123_456.789, '123456.789'],
  ])('reads %d as written', (number, text) => {
    expect(formatDecimal(decimalOf(number))).toBe(text)
  })

  it('reads every number back exactly', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(Number(formatDecimal(decimalOf(number)))).toBe(number)
      }),
    )
  })

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', (number) => {
    expect(() => decimalOf(number)).toThrow(RangeError)
  })

  it('adds a tenth ten times to exactly one', () => {
    let sum = ZERO
    for (let i = 0; i < 10; i++) sum = plus(sum, decimalOf(0.1))
    expect(formatDecimal(sum)).toBe('1')
  })

  it('adds in any order and grouping to the same', () => {
    fc.assert(
      fc.property(cents, cents, cents, (a, b, c) => {
        expect(formatDecimal(plus(plus(a, b), c))).toBe(formatDecimal(plus(c, plus(b, a))))
      }),
    )
  })

  it('multiplies as repeated addition does', () => {
    fc.assert(
      fc.property(cents, fc.integer({ min: 0, max: 20 }), (value, count) => {
        let sum = ZERO
        for (let i = 0; i < count; i++) sum = plus(sum, value)
        expect(formatDecimal(times(value, count))).toBe(formatDecimal(sum))
      }),
    )
  })

  it('writes plain text that the record accepts', () => {
    fc.assert(
      fc.property(cents, (value) => {
        expect(formatDecimal(value)).toMatch(/^\d+(\.\d+)?$/)
      }),
    )
  })
})
