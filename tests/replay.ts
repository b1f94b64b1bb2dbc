import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { findFreePort } from '@konnect/testkit'

const FOLDER = new URL('../../shared/conformance/', import.meta.url).pathname

/** The recorded vendor traffic lies beside the project, not in it. */
export const hasRecordings = existsSync(`${FOLDER}replay.mjs`)

/** One recorded exchange, as the replay server lists it. */
export interface Recording {
  readonly id: string
  readonly api: string
  readonly stream: boolean
  readonly status: number
  readonly req: Record<string, unknown> | null
}

/** A fake vendor that answers with recordings. */
export interface Replay {
  readonly url: string
  recordings(api: string): Promise<Recording[]>
  stop(): Promise<void>
}

export async function startReplay(): Promise<Replay> {
  const port = await findFreePort()
  const child = spawn(process.execPath, [`${FOLDER}replay.mjs`, `${port}`], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    async recordings(api) {
      return (await (await fetch(`${url}/__index?api=${api}`)).json()) as Recording[]
    },
    stop: () => ended(child),
  }
}

/** Compares what official SDKs see directly and through the gateway; resolves with exit code and report. */
export async function runSdkCheck(replayUrl: string, gatewayUrl: string, key: string, api: string) {
  const child = spawn(process.execPath, [`${FOLDER}sdk-check.mjs`, replayUrl, gatewayUrl, key, api], {
    cwd: new URL('..', import.meta.url).pathname,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let report = ''
  child.stdout.on('data', (chunk: Buffer) => {
    report += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    report += chunk.toString()
  })
  const [code] = (await once(child, 'close')) as [number]
  return { code, report }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const exit = once(child, 'exit')
  child.kill()
  await exit
}
