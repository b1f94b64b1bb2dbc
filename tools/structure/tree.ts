import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Absolute path of the project. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

const SKIPPED = new Set(['node_modules', 'dist', 'coverage', '.git', '.konnect'])

/** Paths of every file below `folder` of the project, with `/`, relative to the project; installed and built ones left out. */
export function filesBelow(folder = '', root = ROOT): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !SKIPPED.has(entry.name))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      return entry.isDirectory() ? filesBelow(path, root) : [path]
    })
    .sort()
}

/** Names of the folders right below `folder`; none when it does not exist. */
export function foldersIn(folder: string, root = ROOT): string[] {
  try {
    return readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !SKIPPED.has(entry.name))
      .map((entry) => entry.name)
      .sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** Text of a file of the project. */
export const textOf = (path: string, root = ROOT): string => readFileSync(join(root, path), 'utf8')

/** True for program text: what the rules on imports, sizes and names are about. */
export const isCode = (path: string): boolean => /\.(ts|tsx|mjs|js|cjs)$/.test(path)

/**
 * True for files that only tests run: tests, what they stand on beside the code (`conformance`, `harness`, `testing`, as a
 * file or a folder), and the workspaces for them.
 */
export const isTest = (path: string): boolean =>
  /\.test\.tsx?$|\/src\/([a-z-]+\/)*(conformance|harness|testing)[a-z-]*(\/|\.ts$)/.test(path) ||
  /^(tests|bench|tools|examples|packages\/testkit)\//.test(path)
