import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeParameter, jsonText, parseValue, storableText } from './values.ts'

const FORBIDDEN = /[\0]|\p{Surrogate}/u

describe('JSON for the database', () => {
  it('never holds what jsonb refuses, and is otherwise unchanged', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.string({ unit: 'binary' }), (value, text) => {
        const document = { value, text, [text]: [text] }
        const stored = JSON.stringify(JSON.parse(jsonText(document)))
        const decoded: string[] = []
        JSON.parse(stored, (key, inner: unknown) => {
          decoded.push(key)
          if (typeof inner === 'string') decoded.push(inner)
          return inner
        })
        expect(decoded.some((part) => FORBIDDEN.test(part))).toBe(false)
        if (!/\\u(0000|d[89a-f])/i.test(JSON.stringify(document))) expect(stored).toBe(JSON.stringify(document))
      }),
    )
  })

  it('leaves a written-out backslash sequence as it is', () => {
    expect(JSON.parse(jsonText({ a: '\\u0000 \\ud800' }))).toEqual({ a: '\\u0000 \\ud800' })
    expect(storableText('a\0\ud83d\ude00\ud83d')).toBe('a\u{fffd}\u{1f600}\u{fffd}')
  })
})

describe('values of the wire', () => {
  it('are parsed by their type, and stay text where that is exact', () => {
    expect([parseValue(16, 't'), parseValue(16, 'f')]).toEqual([true, false])
    expect([parseValue(20, '42'), parseValue(701, '0.5')]).toEqual([42, 0.5])
    expect(parseValue(1700, '0.10000000000000000001')).toBe('0.10000000000000000001')
    expect(parseValue(3802, '{"a": [1]}')).toEqual({ a: [1] })
    expect(parseValue(1184, '2026-01-31 13:00:00.5+01')).toBe('2026-01-31T12:00:00.500Z')
    expect(parseValue(25, '42')).toBe('42')
  })

  it('are encoded as text', () => {
    expect([null, undefined, 1.5, true, 10n, 'x', { a: 1 }, [1]].map(encodeParameter)).toEqual([
      null,
      null,
      '1.5',
      'true',
      '10',
      'x',
      '{"a":1}',
      '[1]',
    ])
    expect(encodeParameter(new Date(0))).toBe('1970-01-01T00:00:00.000Z')
  })
})
