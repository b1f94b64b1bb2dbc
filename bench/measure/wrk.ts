import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { LoadResult } from './rounds.ts'

const run = promisify(execFile)

/** A request that wrk repeats, and how. */
export interface WrkLoad {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly connections: number
  readonly seconds: number
  /** Core that wrk may use. */
  readonly core: number
  /** Where its script is written. */
  readonly folder: string
}

/** Loads one URL from keep-alive connections, each with one request at a time. */
export async function runWrk(load: WrkLoad): Promise<LoadResult> {
  const script = join(load.folder, 'load.lua')
  writeFileSync(script, luaScript(load))
  const { stdout } = await run('taskset', [
    ...['-c', String(load.core), 'wrk', '--threads', '1', '--timeout', '10s'],
    ...['--connections', String(load.connections), '--duration', `${load.seconds}s`, '--script', script, load.url],
  ])
  return parseResult(stdout)
}

function luaScript({ method, headers, body }: WrkLoad): string {
  const fields = Object.entries(headers).map(([name, value]) => `wrk.headers[${lua(name)}] = ${lua(value)}`)
  return [
    `wrk.method = ${lua(method)}`,
    ...fields,
    ...(body === undefined ? [] : [`wrk.body = ${lua(body)}`]),
    'function done(summary, latency)',
    '  local e = summary.errors',
    "  io.write(string.format('RESULT %d %d %d %d %d\\n', summary.requests, summary.duration,",
    '    latency:percentile(50), latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))',
    'end',
  ].join('\n')
}

// JSON's escapes that Lua does not know (\u, \/) do not occur in what is sent here.
const lua = (text: string): string => JSON.stringify(text)

/** Reads the line that the script prints: requests, duration in µs, p50 and p99 in µs, errors. */
export function parseResult(stdout: string): LoadResult {
  const line = /^RESULT (\d+) (\d+) (\d+) (\d+) (\d+)$/m.exec(stdout)
  if (!line) throw new Error(`wrk printed no result:\n${stdout}`)
  const [requests = 0, micros = 0, p50 = 0, p99 = 0, errors = 0] = line.slice(1).map(Number)
  return { requests, seconds: micros / 1e6, p50Ms: p50 / 1000, p99Ms: p99 / 1000, errors }
}
