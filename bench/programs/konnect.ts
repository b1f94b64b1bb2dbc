import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findFreePort, waitFor } from '@konnect/testkit'
import { pin, processTree, titleOf } from '../measure/processes.ts'
import type { Contender } from '../measure/rounds.ts'
import { answers, type Program, startProgram } from './program.ts'

const BUNDLE = fileURLToPath(new URL('../../apps/konnect/dist/konnect.js', import.meta.url))
const MANIFEST = fileURLToPath(new URL('../../apps/konnect/package.json', import.meta.url))
const TOKEN = 'kn_api_bench_0123456789abcdef0123456789abcdef'

/** Key of the one application of the measured configuration. */
export const GATEWAY_KEY = 'kn_bench_0123456789abcdef'

/** A running Konnect, ready to be measured. */
export interface KonnectUnderTest {
  readonly program: Program
  readonly gatewayPort: number
  readonly contender: Contender
  /** Processes of the gateway, and all the others. */
  readonly gatewayPids: () => number[]
  readonly otherPids: () => number[]
  /** Calls that gateways dropped because the spool was full, and calls that wait in it. */
  spool(): Promise<{ readonly pending: number; readonly dropped: number }>
}

/** Where the gateway and everything else of it run. */
export interface KonnectCores {
  readonly gateway: number
  readonly other: number
}

/** Starts the built program with a configuration (the declarative file, as an object) in a fresh data folder. */
export async function startKonnect(
  folder: string,
  cores: KonnectCores,
  configuration: object,
): Promise<KonnectUnderTest> {
  const data = join(folder, 'konnect')
  mkdirSync(data, { recursive: true })
  const file = join(folder, 'konnect.json')
  writeFileSync(file, JSON.stringify(configuration))
  const [gatewayPort, controlPort] = [await findFreePort(), await findFreePort()]
  const program = await startProgram({
    command: process.execPath,
    args: [
      ...[BUNDLE, 'start', '--config', file, '--data', data, '--workers', '1'],
      ...['--gateway-port', String(gatewayPort), '--control-port', String(controlPort)],
    ],
    env: { KONNECT_API_TOKEN: TOKEN, NODE_ENV: 'production' },
    core: cores.other,
    logFile: join(folder, 'konnect.log'),
    isReady: () => answers(`http://127.0.0.1:${controlPort}/readyz`),
    readyWithinMs: 120_000,
  })
  const gatewayPids = () => processTree(program.pid).filter((pid) => titleOf(pid).includes('konnect gateway'))
  const otherPids = () => processTree(program.pid).filter((pid) => !titleOf(pid).includes('konnect gateway'))
  const pids = await waitFor('a gateway process', () => gatewayPids().length > 0 && gatewayPids())
  for (const pid of pids) pin(pid, cores.gateway)
  const { version } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as { version: string }
  return {
    program,
    gatewayPort,
    contender: { name: 'konnect', version, pids: gatewayPids },
    gatewayPids,
    otherPids,
    spool: () => spoolOf(controlPort),
  }
}

async function spoolOf(controlPort: number): Promise<{ pending: number; dropped: number }> {
  const response = await fetch(`http://127.0.0.1:${controlPort}/api/v1/gateways`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  })
  if (!response.ok) throw new Error(`The list of gateways answered ${response.status}`)
  const { items } = (await response.json()) as { items: { spool: { pending: number; dropped: number } }[] }
  return {
    pending: items.reduce((sum, { spool }) => sum + spool.pending, 0),
    dropped: items.reduce((sum, { spool }) => sum + spool.dropped, 0),
  }
}
