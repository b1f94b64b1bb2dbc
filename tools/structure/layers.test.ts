import { describe, expect, it } from 'vitest'
import { importCycles, LAYERS, layerFaults } from './layers.ts'
import { parseProject } from './sources.ts'
import { parse } from './syntax.ts'
import { foldersIn } from './tree.ts'

const faultsOf = (path: string, text: string) => layerFaults(parse(path, text))

describe('layers of the project', () => {
  const files = parseProject()

  it('has a row for every workspace', () => {
    const workspaces = [...foldersIn('packages'), ...foldersIn('apps').map((name) => `apps/${name}`)]
    expect([...workspaces, 'tests', 'bench', 'tools', 'examples'].sort()).toEqual(Object.keys(LAYERS).sort())
  })

  it('lets imports point down only', () => {
    expect(files.flatMap(layerFaults)).toEqual([])
  })

  it('has no import cycles', () => {
    expect(importCycles(files)).toEqual([])
  })
})

describe('the layer rule', () => {
  it('refuses an upward import, type-only or dynamic ones too', () => {
    expect(faultsOf('packages/http/src/a.ts', "import { x } from '@konnect/gateway'")).toHaveLength(1)
    expect(faultsOf('packages/http/src/a.ts', "import type { x } from '@konnect/sdk'")).toHaveLength(1)
    expect(faultsOf('packages/control/src/a.ts', "export * from '@konnect/store'")).toHaveLength(1)
    expect(faultsOf('packages/control/src/a.ts', "await import('@konnect/store')")).toHaveLength(1)
    expect(faultsOf('packages/gateway/src/a.ts', "import { x } from '@konnect/http'")).toEqual([])
  })

  it('keeps the testkit out of shipped code and lets tests use it', () => {
    const text = "import { x } from '@konnect/testkit'"
    expect(faultsOf('packages/store/src/a.ts', text)).toHaveLength(1)
    expect(faultsOf('apps/konnect/src/main.ts', text)).toHaveLength(1)
    expect(faultsOf('packages/store/src/a.test.ts', text)).toEqual([])
    expect(faultsOf('packages/store/src/conformance.ts', text)).toEqual([])
    expect(faultsOf('packages/store/src/index.ts', "import { x } from './conformance.ts'")).toHaveLength(1)
  })

  it('refuses ways around a package entry', () => {
    expect(faultsOf('packages/sdk/src/a.ts', "import { x } from '@konnect/contract/src/json.ts'")).toHaveLength(1)
    expect(faultsOf('packages/sdk/src/a.ts', "import { x } from '../../contract/src/json.ts'")).toHaveLength(1)
  })

  it('refuses a leaf that imports a sibling or the list', () => {
    const leaf = 'packages/policies/src/one/policy.ts'
    expect(faultsOf(leaf, "import { x } from '../two/policy.ts'")).toHaveLength(1)
    expect(faultsOf(leaf, "import { x } from '../index.ts'")).toHaveLength(1)
    expect(faultsOf(leaf, "import { x } from './window.ts'")).toEqual([])
    expect(faultsOf('packages/policies/src/index.ts', "import { x } from './two/policy.ts'")).toEqual([])
  })

  it('refuses a workspace without a row', () => {
    expect(faultsOf('packages/stray/src/a.ts', "import { x } from '@konnect/contract'")).toHaveLength(1)
  })
})

describe('the search for cycles', () => {
  const file = (name: string, ...to: string[]) =>
    parse(`packages/sdk/src/${name}.ts`, to.map((target) => `import './${target}.ts'`).join('\n'))

  it('finds a cycle of several files and a file that imports itself', () => {
    const cycles = importCycles([file('a', 'b'), file('b', 'c'), file('c', 'a', 'd'), file('d', 'd'), file('e', 'a')])
    expect(cycles).toContainEqual(['a', 'b', 'c'].map((name) => `packages/sdk/src/${name}.ts`))
    expect(cycles).toContainEqual(['packages/sdk/src/d.ts'])
    expect(cycles).toHaveLength(2)
  })

  it('accepts a diamond, and a cycle of types only', () => {
    expect(importCycles([file('a', 'b', 'c'), file('b', 'd'), file('c', 'd'), file('d')])).toEqual([])
    const back = parse('packages/sdk/src/y.ts', "import type { X } from './x.ts'")
    expect(importCycles([file('x', 'y'), back])).toEqual([])
  })
})
