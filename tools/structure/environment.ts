import { nameOf, type ParsedFile, walk } from './syntax.ts'
import { isTest } from './tree.ts'

/** Places that may read the environment: the program's composition, and what only developers run. */
const MAY_READ = /^apps\/konnect\/src\/|^[^/]+$/

/** True when the file reads environment variables although it is not its place. */
export function readsEnvironment(file: ParsedFile): boolean {
  if (MAY_READ.test(file.path) || isTest(file.path)) return false
  let isFound = false
  walk(file.program, (node) => {
    isFound ||= nameOf(node) === 'process.env'
  })
  return isFound || file.imports.some(({ specifier }) => specifier === 'node:process')
}
