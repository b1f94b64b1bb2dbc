import { describe, expect, it } from 'vitest'
import { withElement, withInterfaceMember, withProperty, withUnionMember } from './edit-list.ts'

describe('a list', () => {
  it('takes one more element, whatever its shape', () => {
    expect(withElement('a.ts', 'export const A: readonly X[] = [b, c]', 'A', 'd')).toContain('= [b, c, d]')
    expect(withElement('a.ts', 'export const A = [\n  b,\n] as const', 'A', 'd')).toContain('b, d,\n] as const')
    expect(withElement('a.ts', 'export const A: X[] = []', 'A', 'd')).toContain('= [d]')
    expect(withElement('a.ts', 'export const A = freeze([{ x: [1] }])', 'A', 'd')).toContain('[{ x: [1] }, d]')
  })

  it('is not guessed when it is missing', () => {
    expect(() => withElement('a.ts', 'export const B = [1]', 'A', 'd')).toThrow('a.ts has no list A')
    expect(() => withUnionMember('a.ts', 'type B = 1', 'A', '2')).toThrow('a.ts declares no type A')
  })
})

describe('a table', () => {
  it('takes one more property or member', () => {
    expect(withProperty('a.ts', 'const A = { b: { c: 1 } }', 'A', 'd: 2')).toBe('const A = { b: { c: 1 }, d: 2 }')
    expect(withInterfaceMember('a.ts', 'interface A {\n  b: B\n}', 'A', 'd: D')).toBe('interface A {\n  b: B\nd: D\n}')
  })

  it('is not guessed when it is missing', () => {
    expect(() => withProperty('a.ts', 'const B = {}', 'A', 'd: 2')).toThrow('a.ts has no list A')
    expect(() => withInterfaceMember('a.ts', 'interface B {}', 'A', 'd: D')).toThrow('a.ts declares no interface A')
  })
})

describe('a union', () => {
  it('takes one more member', () => {
    expect(withUnionMember('a.ts', "export type A = 'b' | 'c'\nlet x", 'A', "'d'")).toContain("'b' | 'c' | 'd'\n")
  })
})
