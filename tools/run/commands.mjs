import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { buildBundles, SERVER_BUNDLE, staleBundles } from './bundles.mjs'
import { run, runNode } from './child.mjs'
import { ensureInstalled } from './install.mjs'
import { withLock } from './lock.mjs'
import { CHROMIUM, inProject } from './places.mjs'
import { Refusal } from './refusal.mjs'

const vitest = (projects, flags) =>
  runNode([
    inProject('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    ...projects.flatMap((name) => ['--project', name]),
    ...flags,
  ])

const runTypeScript = (path, flags) => runNode(['--import', 'tsx', path, ...flags])

// The bundlers run in a process of their own, so that their memory is gone before the program starts.
async function ensureBuilt() {
  if (staleBundles().length === 0) return
  const code = await runNode([inProject('tools', 'run.mjs'), 'build'])
  if (code !== 0) throw new Refusal('Nothing was started.', code)
}

async function start(flags) {
  await ensureInstalled()
  await ensureBuilt()
  process.argv = [process.execPath, SERVER_BUNDLE, 'start', ...flags]
  await import(pathToFileURL(SERVER_BUNDLE).href)
}

async function build(flags) {
  await ensureInstalled()
  // Another terminal may be building the same right now; what it has built is fresh afterwards.
  await withLock(inProject('node_modules', '.konnect-building'), () =>
    buildBundles(flags.includes('--force') ? undefined : staleBundles()),
  )
  return 0
}

async function test(flags) {
  await ensureInstalled()
  await ensureBuilt()
  const hasBrowser = existsSync(CHROMIUM)
  const projects = ['unit*', 'structure', 'system', ...(hasBrowser ? ['e2e'] : [])]
  const code = await vitest(projects, flags)
  if (!hasBrowser) console.log(`\nSKIPPED: the end-to-end tests, because there is no ${CHROMIUM}.`)
  return code
}

async function e2e(flags) {
  if (!existsSync(CHROMIUM)) throw new Refusal(`The end-to-end tests need a browser, and there is no ${CHROMIUM}.`)
  await ensureInstalled()
  await ensureBuilt()
  return vitest(['e2e'], flags)
}

async function bench(flags) {
  await ensureInstalled()
  await ensureBuilt()
  return runTypeScript(inProject('bench', 'main.ts'), flags)
}

async function scaffold(flags) {
  await ensureInstalled()
  return runTypeScript(inProject('tools', 'new', 'main.ts'), flags)
}

/** The verbs of `tools/run.mjs`; each takes its flags and resolves with an exit code. */
export const COMMANDS = {
  start,
  test,
  e2e,
  build,
  bench,
  new: scaffold,
  ci: () => run(inProject('.ci', 'run'), []),
}
