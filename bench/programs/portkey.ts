import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findFreePort } from '@konnect/testkit'
import { processTree } from '../measure/processes.ts'
import type { Contender } from '../measure/rounds.ts'
import { answers, startProgram } from './program.ts'

const PACKAGE = '@portkey-ai/gateway'
const VERSION = '1.15.2'
const PEERS = fileURLToPath(new URL('../../.konnect/bench-peers/', import.meta.url))
const INSTALLED = join(PEERS, 'node_modules', PACKAGE)

/** Starts Portkey's gateway, installed on first use beside the workspaces. */
export async function startPortkey(folder: string, core: number) {
  ensureInstalled()
  const port = await findFreePort()
  const program = await startProgram({
    command: process.execPath,
    args: [join(INSTALLED, 'build', 'start-server.js'), `--port=${port}`, '--headless'],
    env: { NODE_ENV: 'production' },
    core,
    logFile: join(folder, 'portkey.log'),
    isReady: () => answers(`http://127.0.0.1:${port}/`),
    readyWithinMs: 30_000,
  })
  const contender: Contender = { name: 'portkey', version: VERSION, pids: () => processTree(program.pid) }
  return { program, port, contender }
}

function ensureInstalled(): void {
  if (installedVersion() === VERSION) return
  console.log(`Installing ${PACKAGE} ${VERSION}…`)
  mkdirSync(PEERS, { recursive: true })
  writeFileSync(join(PEERS, 'package.json'), JSON.stringify({ name: 'bench-peers', private: true }))
  const args = ['install', '--no-audit', '--no-fund', '--loglevel=error', '--save-exact', `${PACKAGE}@${VERSION}`]
  execFileSync('npm', args, { cwd: PEERS, stdio: 'inherit' })
}

function installedVersion(): string | undefined {
  const manifest = join(INSTALLED, 'package.json')
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : undefined
}
