import { describe, expect, it } from 'vitest'
import { readsEnvironment } from './environment.ts'
import { EXEMPTIONS, withoutExempt } from './exemptions.ts'
import { parseProject } from './sources.ts'
import { parse } from './syntax.ts'

describe('the environment', () => {
  it('is read by the program itself and nowhere else', () => {
    const readers = parseProject()
      .filter(readsEnvironment)
      .map(({ path }) => path)
    expect(withoutExempt(readers, (path) => path, EXEMPTIONS.environment)).toEqual({ open: [], stale: [] })
  })

  it('is found when read in any of the usual ways', () => {
    const reads = (path: string, text: string) => readsEnvironment(parse(path, text))
    expect(reads('packages/store/src/a.ts', 'const url = process.env.URL')).toBe(true)
    expect(reads('packages/store/src/a.ts', "const { URL } = process['env']")).toBe(true)
    expect(reads('packages/store/src/a.ts', "import { env } from 'node:process'")).toBe(true)
    expect(reads('apps/konnect/src/settings.ts', 'const url = process.env.URL')).toBe(false)
    expect(reads('packages/store/src/a.ts', 'const id = process.pid')).toBe(false)
  })
})
