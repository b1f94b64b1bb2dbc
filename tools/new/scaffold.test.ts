import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { layerFaults } from '../structure/layers.ts'
import { LEAF_KINDS, leafFaults } from '../structure/leaves.ts'
import { nameFaults } from '../structure/names.ts'
import { parse } from '../structure/syntax.ts'
import { filesBelow, isCode, ROOT, textOf } from '../structure/tree.ts'
import { KINDS } from './kinds/list.ts'
import { ScaffoldRefused, scaffold } from './scaffold.ts'

const NAME = 'brand-new'
const UNCOPIED = new Set(['node_modules', 'dist', 'coverage', '.git', '.konnect'])
const run = promisify(execFile)

/** A copy of the project whose workspaces refer to one another, not to the original. */
function copyProject(): string {
  const root = mkdtempSync(join(tmpdir(), 'konnect-new-'))
  cpSync(ROOT, root, { recursive: true, filter: (path) => !UNCOPIED.has(basename(path)) })
  const installed = join(ROOT, 'node_modules')
  const own = join(root, 'node_modules')
  mkdirSync(join(own, '@konnect'), { recursive: true })
  for (const name of readdirSync(installed)) {
    if (name !== '@konnect') symlinkSync(join(installed, name), join(own, name))
  }
  for (const name of readdirSync(join(root, 'packages'))) {
    symlinkSync(join(root, 'packages', name), join(own, '@konnect', name))
  }
  return root
}

describe('a scaffolded leaf of every kind', () => {
  let root = ''
  let paths: string[] = []
  const bin = (...parts: string[]) => join(ROOT, 'node_modules', ...parts)
  const node = (args: string[]) =>
    run(process.execPath, args, { cwd: root, env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' } }).then(
      () => '',
      (error: { stdout: string; stderr: string }) => `${error.stdout}${error.stderr}`,
    )

  beforeAll(async () => {
    root = copyProject()
    paths = Object.keys(KINDS).flatMap((kind) => scaffold(root, kind, NAME))
    await node([bin('@biomejs', 'biome', 'bin', 'biome'), 'check', '--write', ...paths])
  })
  afterAll(() => rmSync(root, { recursive: true, force: true }))

  it('is formatted and free of lint', async () => {
    expect(
      await node([bin('@biomejs', 'biome', 'bin', 'biome'), 'ci', '--colors=off', '--error-on-warnings', ...paths]),
    ).toBe('')
  })

  it.each(['tsconfig.json', 'apps/web/tsconfig.json'])('has no type faults (%s)', async (project) => {
    const output = await node([bin('typescript', 'bin', 'tsc'), '-p', project])
    const own = output.split('\n').filter((line) => line.includes(NAME) || paths.some((path) => line.startsWith(path)))
    expect(own).toEqual([])
  })

  it('passes its own tests', async () => {
    const tests = paths.filter((path) => path.endsWith('.test.ts'))
    expect(tests).toHaveLength(3)
    const output = await node([bin('vitest', 'vitest.mjs'), 'run', '--project', 'unit*', ...tests])
    expect(output).toBe('')
  })

  it('obeys the structure', () => {
    const files = new Set(filesBelow('', root))
    expect(paths.flatMap(nameFaults)).toEqual([])
    expect(paths.filter(isCode).flatMap((path) => layerFaults(parse(path, textOf(path, root))))).toEqual([])
    const leaves = LEAF_KINDS.flatMap((kind) =>
      leafFaults(kind, NAME, files, textOf(`${kind.folder}/${kind.list}`, root)),
    )
    expect(leaves).toEqual([])
  })

  it('is not written over, nor are bad names and kinds accepted', () => {
    expect(() => scaffold(root, 'policy', NAME)).toThrow(ScaffoldRefused)
    expect(() => scaffold(root, 'policy', 'NotKebab')).toThrow('kebab-case')
    expect(() => scaffold(root, 'toString', 'a')).toThrow('There is no kind')
  })
})
