import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePathPattern, pathPatternKey } from './path-pattern.ts'

describe('parsePathPattern', () => {
  it('takes a path apart at its parameters', () => {
    expect(parsePathPattern('/a/{x}/b/{y}', 'prefix')).toEqual({
      literals: ['/a/', '/b/', ''],
      names: ['x', 'y'],
      isExact: false,
    })
  })

  it('drops the slash at the end of a prefix and keeps that of an exact path', () => {
    expect(parsePathPattern('/a//', 'prefix').literals).toEqual(['/a'])
    expect(parsePathPattern('/', 'prefix').literals).toEqual([''])
    expect(parsePathPattern('/a/', 'exact').literals).toEqual(['/a/'])
  })

  it.each(['{}', 'x{a}', '{a}x', '{a}{b}', '{{a}}', '{a'])('takes the segment %s literally', (segment) => {
    expect(parsePathPattern(`/${segment}`, 'prefix')).toMatchObject({ literals: [`/${segment}`], names: [] })
  })

  it.each([
    ['/%7Euser/%41', '/~user/A'],
    ['/a%2fb', '/a%2Fb'],
    ['/café 1', '/caf%C3%A9%201'],
    ['/100%', '/100%'],
    ['/\ud800', '/%EF%BF%BD'],
  ])('normalises %s as request paths are', (path, normalised) => {
    expect(parsePathPattern(path, 'prefix').literals).toEqual([normalised])
  })

  it('reads what it has normalised as the same path, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('prefix', 'exact'), (text, match) => {
        const path = `/${text.replaceAll(/[{}]/g, '')}`
        const once = parsePathPattern(path, match)
        fc.pre(once.literals[0]?.startsWith('/') === true)
        expect(pathPatternKey(parsePathPattern(once.literals.join(''), match))).toBe(pathPatternKey(once))
      }),
    )
  })
})
