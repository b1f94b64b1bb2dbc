import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { runNpm } from './child.mjs'
import { inProject } from './places.mjs'
import { step } from './progress.mjs'
import { Refusal } from './refusal.mjs'

const STAMP = inProject('node_modules', '.konnect-installed')
const QUIET = ['--no-audit', '--no-fund', '--loglevel=error']

/** Makes node_modules match package-lock.json; does nothing (under 5 ms) when it does already. */
export async function ensureInstalled() {
  const lock = readFileSync(inProject('package-lock.json'))
  const digest = createHash('sha256').update(lock).digest('hex')
  if (textOf(STAMP) === digest) return
  if (!isInstalled(JSON.parse(lock))) await step('Installing packages', install)
  writeFileSync(STAMP, digest)
}

async function install() {
  // `npm ci` starts from nothing, so it is for the first time only: later, just the difference is fetched.
  const verb = existsSync(inProject('node_modules')) ? 'install' : 'ci'
  const code = await runNpm([verb, ...QUIET])
  if (code !== 0) throw new Refusal(`npm ${verb} failed.`, code)
}

/** npm keeps what it installed in a hidden lockfile; packages for other platforms are missing there, and may be. */
function isInstalled(lock) {
  const text = textOf(inProject('node_modules', '.package-lock.json'))
  if (text === undefined) return false
  const installed = JSON.parse(text).packages
  return Object.entries(lock.packages).every(
    ([path, wanted]) =>
      !path.includes('node_modules/') || wanted.optional || wanted.link || installed[path]?.version === wanted.version,
  )
}

function textOf(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}
