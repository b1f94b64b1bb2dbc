import { describe, expect, it } from 'vitest'
import { missingOptionals } from './lockfile.ts'
import { textOf } from './tree.ts'

describe('package-lock.json', () => {
  it('names the optional packages of every platform, so that npm ci accepts it everywhere', () => {
    expect(missingOptionals(JSON.parse(textOf('package-lock.json')))).toEqual([])
  })

  it('is incomplete when one is missing, wherever the others lie', () => {
    const packages = {
      'node_modules/a': { optionalDependencies: { 'a-linux': '1', 'a-win': '1' } },
      'node_modules/a-linux': {},
      'node_modules/b/node_modules/c': { optionalDependencies: { 'c-linux': '1', 'a-linux': '1' } },
      'node_modules/b/node_modules/c-linux': {},
    }
    expect(missingOptionals({ packages })).toEqual(['node_modules/a needs a-win'])
  })
})
