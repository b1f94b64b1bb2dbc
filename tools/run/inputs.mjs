import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { ROOT } from './places.mjs'

const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', 'coverage'])
const isTest = (name) => /\.test\.tsx?$/.test(name)

/** Every file below `paths` (files or folders, absolute) that a build can depend on; paths that do not exist are left out. */
function inputFiles(paths) {
  return paths.filter(existsSync).flatMap((path) => (statSync(path).isDirectory() ? filesBelow(path) : [path]))
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return SKIPPED_FOLDERS.has(entry.name) ? [] : filesBelow(join(folder, entry.name))
    return isTest(entry.name) ? [] : [join(folder, entry.name)]
  })
}

/** One line that changes whenever a file below `paths` is added, removed, written or renamed. */
export function fingerprint(paths) {
  const hash = createHash('sha256')
  for (const path of inputFiles(paths).sort()) {
    const { mtimeMs, size } = statSync(path)
    hash.update(`${relative(ROOT, path)}\0${mtimeMs}\0${size}\n`)
  }
  return hash.digest('hex')
}

/** True when `stamp` says that a build of exactly these inputs is there. */
export function isFresh(stamp, inputs) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(inputs)
}

/** Remembers which inputs a build was made from. Take the fingerprint before the build, so that later edits count. */
export function writeStamp(stamp, print) {
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, print)
}
