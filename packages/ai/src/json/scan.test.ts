import { GatewayError } from '@konnect/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scanObject } from './scan.ts'
import { scanTopLevel } from './top-level.ts'

const valueAt = (text: string, key: string): string | undefined => {
  const bytes = Buffer.from(text)
  const span = scanObject(bytes, [key]).values.get(key)
  return span && bytes.toString('utf8', span.start, span.end)
}

const codeOf = (text: string): string => {
  try {
    scanObject(Buffer.from(text), ['model'])
    return 'none'
  } catch (error) {
    return error instanceof GatewayError ? error.code : 'other'
  }
}

describe('scanObject', () => {
  it('finds every top-level value of any JSON object, whatever stands around it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (rest, value) => {
        delete rest.model
        const text = JSON.stringify({ ...rest, model: value, last: 1 }, null, value === null ? 2 : 0)
        expect(JSON.parse(valueAt(text, 'model') ?? '')).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('accepts exactly what JSON.parse accepts, in texts broken at random', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.nat(),
        fc.constantFrom('', '"', '}', ',', '1', '\\', '-', 'e', ']', ' '),
        (value, at, junk) => {
          const text = JSON.stringify({ value })
          const cut = at % text.length
          const broken = text.slice(0, cut) + junk + text.slice(cut + 1)
          let isJson = true
          try {
            JSON.parse(broken)
          } catch {
            isJson = false
          }
          expect(codeOf(broken) !== 'malformed_json', broken).toBe(isJson)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it.each([
    '',
    ' ',
    '{',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{"a":01}',
    '{"a":1.}',
    '{"a":tru}',
    '{"a":"\n"}',
    '{} x',
    '{"a":"\\x"}',
  ])('refuses %j as malformed', (text) => expect(codeOf(text)).toBe('malformed_json'))

  it.each(['[]', '1', '"text"', 'null'])('refuses %s because it is no object', (text) => {
    expect(codeOf(text)).toBe('invalid_request')
  })

  it('says where the first fault is', () => {
    expect(() => scanObject(Buffer.from('{"a":1,"b":x}'), [])).toThrow('at byte 11')
  })

  it('looks at the top level only', () => {
    expect(valueAt('{"a":{"model":"inner"},"model":"outer"}', 'model')).toBe('"outer"')
  })

  it('recognises a key that is written with escapes', () => {
    expect(valueAt('{"m\\u006fdel":"x"}', 'model')).toBe('"x"')
  })

  it('crosses long strings, with escapes and without', () => {
    const long = 'word '.repeat(200)
    const text = JSON.stringify({ a: long, b: `${long}"quoted\\"${long}`, model: 'x' })
    expect(valueAt(text, 'model')).toBe('"x"')
  })

  it('refuses nesting that would exhaust the stack', () => {
    expect(codeOf(`{"a":${'['.repeat(100_000)}`)).toBe('malformed_json')
  })
})

describe('scanTopLevel', () => {
  it('refuses a repeated key, so gateway and vendor cannot obey different ones', () => {
    const body = Buffer.from('{"model":"cheap","mod\\u0065l":"dear"}')
    expect(() => scanTopLevel(body, ['model'])).toThrow('"model" occurs more than once')
  })

  it('gives the same result again without scanning', () => {
    const fields = ['model']
    const body = Buffer.from('{"model":"x"}')
    expect(scanTopLevel(body, fields)).toBe(scanTopLevel(body, fields))
  })
})
