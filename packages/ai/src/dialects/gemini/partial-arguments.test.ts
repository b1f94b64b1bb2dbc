import { describe, expect, it } from 'vitest'
import { PartialArguments } from './partial-arguments.ts'

function textOf(...pieces: object[]): unknown {
  const gathered = new PartialArguments()
  for (const piece of pieces) gathered.add([piece])
  return JSON.parse(gathered.text)
}

describe('arguments in pieces', () => {
  it('are put together by their paths, pieces of one text after one another', () => {
    expect(
      textOf(
        { jsonPath: '$.items[0].name', stringValue: 'Ap', willContinue: true },
        { jsonPath: '$.items[0].name', stringValue: 'ple' },
        { jsonPath: '$.items[0].price', numberValue: 0.5 },
        { jsonPath: '$.items[1]', boolValue: false },
        { jsonPath: "$['odd key.']", nullValue: 'NULL_VALUE' },
      ),
    ).toEqual({ items: [{ name: 'Apple', price: 0.5 }, false], 'odd key.': null })
  })

  it('are none until something comes', () => {
    expect(textOf()).toEqual({})
  })

  it('reach no prototype', () => {
    const gathered = textOf({ jsonPath: '$.__proto__.polluted', stringValue: 'x' })
    expect(JSON.stringify(gathered)).toBe('{"__proto__":{"polluted":"x"}}')
    expect({}).not.toHaveProperty('polluted')
  })

  it.each(['items', '$.a..b', '$[*]', '$.list[4294967294]', `$${'.a'.repeat(65)}`])('are damaged at %s', (jsonPath) => {
    const gathered = new PartialArguments()
    gathered.add([{ jsonPath: '$.list[0]', numberValue: 1 }])
    expect(() => gathered.add([{ jsonPath, numberValue: 1 }])).toThrow(
      expect.objectContaining({ code: 'upstream_invalid' }),
    )
  })
})
