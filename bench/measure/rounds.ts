import { cpuSeconds } from './processes.ts'

/** A server under load. */
export interface Contender {
  readonly name: string
  readonly version: string
  /** Processes whose time counts. Asked anew for each round. */
  pids(): number[]
}

/** What a load generator saw in one run. */
export interface LoadResult {
  readonly requests: number
  readonly seconds: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Answers that were not 2xx, and connections that failed. */
  readonly errors: number
}

/** One round of one contender. */
export interface Round extends LoadResult {
  readonly cpuMicros: number
}

/** Medians over the rounds of one contender. */
export interface Summary {
  readonly name: string
  readonly version: string
  readonly requestsPerSecond: number
  /** User and system time per request. */
  readonly cpuMicros: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Over all rounds. */
  readonly errors: number
  readonly rounds: readonly Round[]
}

/** Runs a load against a contender while its processes' time is taken. */
export async function measure(contender: Contender, load: () => Promise<LoadResult>): Promise<Round> {
  const pids = contender.pids()
  if (pids.length === 0) throw new Error(`${contender.name} has no process to measure`)
  const before = cpuSeconds(pids)
  const result = await load()
  const cpuMicros = ((cpuSeconds(pids) - before) * 1e6) / Math.max(1, result.requests)
  return { ...result, cpuMicros }
}

/** The medians of one contender's rounds. */
export function summarise({ name, version }: Contender, rounds: readonly Round[]): Summary {
  const middle = (value: (round: Round) => number) => median(rounds.map(value))
  return {
    name,
    version,
    requestsPerSecond: middle(({ requests, seconds }) => requests / seconds),
    cpuMicros: middle(({ cpuMicros }) => cpuMicros),
    p50Ms: middle(({ p50Ms }) => p50Ms),
    p99Ms: middle(({ p99Ms }) => p99Ms),
    errors: rounds.reduce((sum, { errors }) => sum + errors, 0),
    rounds,
  }
}

/** The middle of a sample; the mean of the two middle ones when its size is even. NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length / 2
  const upper = sorted[Math.floor(half)] ?? Number.NaN
  return Number.isInteger(half) ? ((sorted[half - 1] ?? Number.NaN) + upper) / 2 : upper
}

/** The value that `share` (0 to 1) of a sample do not exceed (nearest rank). NaN for none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}
