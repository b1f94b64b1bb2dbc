import { describe, expect, it } from 'vitest'
import { EXEMPTIONS } from './exemptions.ts'
import { covers, LEAF_KINDS, type LeafKind, leafFaults, leafIds, strayIds } from './leaves.ts'
import { parseProject } from './sources.ts'
import { parse } from './syntax.ts'
import { filesBelow, foldersIn, textOf } from './tree.ts'

describe('leaves', () => {
  it('each have their behaviour, proof and words, and one line in the list', () => {
    const paths = new Set(filesBelow())
    const faults = LEAF_KINDS.flatMap((kind) =>
      foldersIn(kind.folder).flatMap((name) => leafFaults(kind, name, paths, textOf(`${kind.folder}/${kind.list}`))),
    )
    expect(faults).toEqual([])
  })

  it('have ids that stand as literals only inside their own folder', () => {
    const findings = parseProject().flatMap((file) => strayIds(file, leafIds()))
    const open = findings.filter((finding) => !EXEMPTIONS.ids.some((one) => covers(one, finding)))
    const stale = EXEMPTIONS.ids.filter((one) => !findings.some((finding) => covers(one, finding)))
    expect({ open, stale }).toEqual({ open: [], stale: [] })
  })
})

describe('the rule on leaves', () => {
  const kind: LeafKind = { folder: 'p', files: ['policy.ts', 'README.md'], list: 'index.ts', hasId: true }

  it('names missing files and a missing line', () => {
    expect(leafFaults(kind, 'a', new Set(['p/a/policy.ts']), '')).toHaveLength(2)
    expect(leafFaults(kind, 'a', new Set(['p/a/policy.ts', 'p/a/README.md']), "from './a/policy.ts'")).toEqual([])
  })

  it('finds ids in strings, templates, keys and types, but not in other texts', () => {
    const ids = new Map([['rate-limit', 'packages/policies/src/rate-limit/']])
    const stray = (path: string, text: string) => strayIds(parse(path, text), ids)
    expect(stray('packages/a/src/a.ts', "if (use === 'rate-limit') run()")).toHaveLength(1)
    expect(stray('packages/a/src/a.ts', 'run(`rate-limit`)')).toHaveLength(1)
    expect(stray('packages/a/src/a.ts', "const x = { 'rate-limit': 1 }")).toHaveLength(1)
    expect(stray('packages/a/src/a.ts', "type X = 'rate-limit'")).toHaveLength(1)
    expect(stray('packages/a/src/a.ts', "import limit from 'rate-limit'")).toEqual([])
    expect(stray('packages/a/src/a.ts', "say('the rate-limit is used up')")).toEqual([])
    expect(stray('packages/policies/src/rate-limit/policy.ts', "const id = 'rate-limit'")).toEqual([])
    expect(stray('packages/a/src/a.test.ts', "const id = 'rate-limit'")).toEqual([])
  })
})
