import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createToolNames } from './tool-names.ts'

describe('createToolNames', () => {
  it('makes any name fit and gives it back, never the same for two', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 200 }), { maxLength: 20 }), (names) => {
        const map = createToolNames(64)
        const sent = names.map((name) => map.send(name))
        expect(sent.every((name) => /^[A-Za-z0-9_-]{1,64}$/.test(name))).toBe(true)
        expect(new Set(sent).size).toBe(names.length)
        expect(sent.map((name) => map.restore(name))).toEqual(names)
      }),
    )
  })

  it('leaves names alone that fit, and names that it never sent', () => {
    const map = createToolNames(64)
    expect(map.send('get_weather')).toBe('get_weather')
    expect(map.restore('unheard.of')).toBe('unheard.of')
  })
})
