import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findFreePort } from '@konnect/testkit'
import { answers, startProgram } from './program.ts'

const UPSTREAM = fileURLToPath(new URL('../upstreams/slow-sse.ts', import.meta.url))

/** The first content of each stream of {@link startSlowVendor}. */
export const FIRST_TOKEN = 'word'

/** How a slow vendor streams. */
export interface Pace {
  readonly events: number
  readonly intervalMs: number
}

/** Starts a vendor whose streams have `events` events, the first at once and the others one per interval. */
export async function startSlowVendor(folder: string, core: number, { events, intervalMs }: Pace) {
  const port = await findFreePort()
  const program = await startProgram({
    command: process.execPath,
    args: ['--import', 'tsx', UPSTREAM, ...[port, events, intervalMs].map(String)],
    core,
    logFile: join(folder, `vendor-${port}.log`),
    isReady: () => answers(`http://127.0.0.1:${port}/up`),
    readyWithinMs: 20_000,
  })
  return { program, port }
}
