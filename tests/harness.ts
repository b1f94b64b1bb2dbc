import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ControlClient, createClient } from '@konnect/client'
import { silentLogger } from '@konnect/contract'
import { openStore } from '@konnect/store'
import { findFreePort, waitFor } from '@konnect/testkit'

/** The built program. */
export const PROGRAM = new URL('../apps/konnect/dist/konnect.js', import.meta.url).pathname
const START_WITHIN_MS = 60_000

export interface KonnectOptions {
  /** Text of a declarative file to start from; the sample is offered when left out. */
  readonly config?: string
  readonly flags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Where to keep data; a folder of its own, removed by `stop`, when left out. */
  readonly data?: string
}

/** A running Konnect: the program as it ships, in processes of its own. */
export interface Konnect {
  readonly consoleUrl: string
  readonly gatewayUrl: string
  /** Undefined when an administrator exists. */
  readonly setupUrl: string | undefined
  /** The key of the sample, where it was offered. */
  readonly sampleKey: string | undefined
  readonly apiToken: string
  readonly client: ControlClient
  readonly data: string
  /** Everything it printed so far. */
  output(): string
  /** Process ids of the running children whose title starts with `konnect <part>`. */
  pids(part: 'control' | 'gateway-worker'): Promise<number[]>
  /** Waits until control plane and gateway agree that what was there at the start is served. */
  ready(): Promise<void>
  /** Waits until every gateway serves this Snapshot, or a newer one. */
  serves(version: number): Promise<void>
  /** Waits until every gateway serves all that was published so far. */
  servesLatest(): Promise<void>
  stop(): Promise<void>
}

/** Starts the built program with an administrator's API token on free ports, and waits until it serves. */
export async function startKonnect(options: KonnectOptions = {}): Promise<Konnect> {
  const folder = await mkdtemp(join(tmpdir(), 'konnect-'))
  const data = options.data ?? join(folder, 'data')
  if (options.data === undefined) await cp(await emptyDatabase(), join(data, 'database'), { recursive: true })
  const [gatewayPort, controlPort] = [await findFreePort(), await findFreePort()]
  const apiToken = 'kn_api_test_0123456789abcdefghij'
  const flags = [
    '--data',
    data,
    '--gateway-port',
    `${gatewayPort}`,
    '--control-port',
    `${controlPort}`,
    '--sample-port',
    '0',
  ]
  if (options.config !== undefined) {
    await writeFile(join(folder, 'config.yaml'), options.config)
    flags.push('--config', join(folder, 'config.yaml'))
  }
  const child = spawn(process.execPath, [PROGRAM, 'start', ...flags, ...(options.flags ?? [])], {
    env: { ...process.env, KONNECT_API_TOKEN: apiToken, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = collect(child)
  const consoleUrl = `http://127.0.0.1:${controlPort}`
  const ready = () => untilReady(child, consoleUrl, output)
  const konnect: Konnect = {
    consoleUrl,
    gatewayUrl: `http://127.0.0.1:${gatewayPort}`,
    get setupUrl() {
      return /^\s*(http\S+\/setup\?token=\S+)$/m.exec(output())?.[1]
    },
    get sampleKey() {
      return /Bearer (kn_live_\w+)/.exec(output())?.[1]
    },
    apiToken,
    client: createClient({ baseUrl: consoleUrl, token: apiToken }),
    data,
    output,
    pids: (part) => childrenOf(child.pid ?? 0, `konnect ${part}`),
    ready,
    async serves(version) {
      await waitFor(`Snapshot ${version} to be served`, async () => {
        const { items } = await konnect.client.gateways.list()
        return items.length > 0 && items.every((gateway) => gateway.snapshotVersion >= version)
      })
    },
    async servesLatest() {
      const [latest] = (await konnect.client.snapshots.list({ limit: 1 })).items
      await konnect.serves(latest?.version ?? 0)
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit')
        child.kill('SIGTERM')
        await exited
      }
      await rm(folder, { recursive: true, force: true })
    },
  }
  try {
    await ready()
    await waitFor('the welcome', () => output().includes('Konnect is running.'), { timeoutMs: START_WITHIN_MS })
  } catch (error) {
    await konnect.stop()
    throw error
  }
  return konnect
}

/**
 * An embedded database as a first start makes it, made once for each build of the program: making one takes seconds,
 * copying it does not.
 */
async function emptyDatabase(): Promise<string> {
  const template = join(tmpdir(), `konnect-empty-database-${Math.round(statSync(PROGRAM).mtimeMs)}`)
  if (existsSync(template)) return template
  const made = await mkdtemp(join(tmpdir(), 'konnect-empty-'))
  const store = await openStore({ dataDir: made, logger: silentLogger })
  await store.close()
  await rename(made, template).catch(() => rm(made, { recursive: true, force: true }))
  return template
}

/** Runs the built program to its end with these arguments. */
export async function runProgram(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = collect(child)
  const [code] = (await once(child, 'close')) as [number]
  return { code, output: output() }
}

function collect(child: ChildProcess): () => string {
  let text = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  return () => text
}

async function untilReady(child: ChildProcess, consoleUrl: string, output: () => string): Promise<void> {
  const isReady = async () => {
    if (child.exitCode !== null) return true
    return (await fetch(`${consoleUrl}/readyz`)).ok
  }
  await waitFor('readiness', isReady, { timeoutMs: START_WITHIN_MS, intervalMs: 50 })
  if (child.exitCode !== null) throw new Error(`Konnect ended with ${child.exitCode}:\n${output()}`)
}

async function childrenOf(pid: number, title: string): Promise<number[]> {
  const listed = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(/\s+/).filter(Boolean)
  const titles = await Promise.all(listed.map((one) => readFile(`/proc/${one}/cmdline`, 'utf8').catch(() => '')))
  return listed.map(Number).filter((_, index) => titles[index]?.startsWith(title))
}
