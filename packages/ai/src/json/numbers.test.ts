import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseExact, stringifyExact } from './numbers.ts'

describe('exact numbers', () => {
  it.each(['9007199254740993', '-123456789012345678901234567890', '0.12345678901234567890', '1234567890123456e5'])(
    'keeps %s digit by digit',
    (number) => {
      const text = `{"a":${number},"b":[${number}],"c":"${number}"}`
      expect(stringifyExact(parseExact(text))).toBe(text)
    },
  )

  it('parses like JSON.parse where nothing would be rounded, long floats included', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value)
        expect(parseExact(text)).toEqual(JSON.parse(text))
      }),
    )
    expect(parseExact('{"temperature":0.30000000000000004}')).toEqual({ temperature: 0.30000000000000004 })
  })

  it('keeps integers of any size among any other values', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.string(), (number, text) => {
        const json = `{"n":${number},"t":${JSON.stringify(text)},"list":[1,${number}]}`
        expect(stringifyExact(parseExact(json))).toBe(json)
      }),
    )
  })

  it('refuses malformed text even when it holds long numbers', () => {
    expect(() => parseExact('{"a":9007199254740993')).toThrow(SyntaxError)
    expect(() => parseExact('{"a":90071992547409931-2}')).toThrow(SyntaxError)
  })
})
