import { describe, expect, it } from 'vitest'
import { patternOf, siblingOf, valueAt } from './place.ts'

describe('places in a form', () => {
  it.each([
    ['/deployments/0/model', '/deployments/*/model'],
    ['/a/10', '/a/*'],
    ['/a/1/2/b', '/a/*/*/b'],
    ['/v1/2x', '/v1/2x'],
    ['', ''],
  ])('%j is one of %j', (path, pattern) => expect(patternOf(path)).toBe(pattern))

  it('lie beside one another', () => {
    expect(siblingOf('/deployments/1/model', 'provider')).toBe('/deployments/1/provider')
    expect(siblingOf('/model', 'provider')).toBe('/provider')
  })

  it.each([
    ['/list/1/name', 'b'],
    ['/list/2/name', undefined],
    ['/list/length', undefined],
    ['/list/0', { name: 'a' }],
    ['/with~1slash', 1],
    ['/with~0tilde', null],
    ['/with~0tilde/deeper', undefined],
    ['/constructor', undefined],
  ])('%s holds what stands there', (path, value) => {
    const root = { list: [{ name: 'a' }, { name: 'b' }], 'with/slash': 1, 'with~tilde': null }
    expect(valueAt(root, path)).toEqual(value)
  })
})
