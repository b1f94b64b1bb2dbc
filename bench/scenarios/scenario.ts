import { cpuSeconds } from '../measure/processes.ts'
import type { Contender, LoadResult, Round, Summary } from '../measure/rounds.ts'
import { measure, summarise } from '../measure/rounds.ts'

/** How much is measured. */
export interface Effort {
  /** Contenders are warmed up in pieces of this length until they have answered enough requests, but not for ever. */
  readonly warmUpSeconds: number
  readonly warmUpRequests: number
  readonly rounds: number
  readonly secondsPerRound: number
}

/** The usual effort, and one that only shows that everything works. */
export const FULL: Effort = { warmUpSeconds: 4, warmUpRequests: 100_000, rounds: 5, secondsPerRound: 6 }
export const QUICK: Effort = { warmUpSeconds: 1, warmUpRequests: 10_000, rounds: 3, secondsPerRound: 1 }

const MAX_WARM_UPS = 5

/** Cores: what is measured has the first for itself, all that it needs shares the second. */
export const MEASURED_CORE = 0
export const OTHER_CORE = 1

/** What a scenario found. */
export interface ScenarioResult {
  readonly scenario: string
  /** What was sent to whom, in one sentence. */
  readonly description: string
  readonly summaries: readonly Summary[]
  /** Requests that did not get a complete 2xx answer. */
  readonly errors: number
  /** Further figures, by name, with their units in it. */
  readonly figures: Readonly<Record<string, number>>
}

/** One scenario: given a scratch folder and an effort, it starts what it needs, measures, and stops everything. */
export type Scenario = (folder: string, effort: Effort) => Promise<ScenarioResult>

/** A contender with the load that it gets. */
export interface Entry {
  readonly contender: Contender
  readonly load: (seconds: number) => Promise<LoadResult>
}

/** Warms every contender up, then measures them in turn, round by round, so that a noisy minute hits all of them. */
export async function runInterleaved(entries: readonly Entry[], effort: Effort): Promise<Summary[]> {
  const rounds = new Map<Contender, Round[]>(entries.map(({ contender }) => [contender, []]))
  for (const { load } of entries) await warmUp(load, effort)
  for (let round = 1; round <= effort.rounds; round++) {
    for (const { contender, load } of entries) {
      const result = await measure(contender, () => load(effort.secondsPerRound))
      rounds.get(contender)?.push(result)
      console.log(
        `  round ${round} ${contender.name}: ${Math.round(result.requests / result.seconds)} requests/s, ${result.cpuMicros.toFixed(1)} µs`,
      )
    }
  }
  return entries.map(({ contender }) => summarise(contender, rounds.get(contender) ?? []))
}

/** A just-in-time compiler needs requests, not seconds. */
async function warmUp(load: Entry['load'], { warmUpSeconds, warmUpRequests }: Effort): Promise<void> {
  let answered = 0
  for (let piece = 0; piece < MAX_WARM_UPS && answered < warmUpRequests; piece++) {
    answered += (await load(warmUpSeconds)).requests
  }
}

/** Runs `work` with a list to which it adds what has to be stopped; everything is stopped whatever comes of it. */
export async function withPrograms<T>(work: (started: { stop(): Promise<void> }[]) => Promise<T>): Promise<T> {
  const started: { stop(): Promise<void> }[] = []
  try {
    return await work(started)
  } finally {
    for (const program of started.reverse()) await program.stop()
  }
}

/**
 * CPU that Konnect's other processes, above all the control plane that stores the calls, used for each of its requests
 * while `work` ran. They have the second core, and are not in the gateway's figure.
 */
export async function withControlCpu<T extends readonly Summary[]>(otherPids: () => number[], work: () => Promise<T>) {
  const pids = otherPids()
  const before = cpuSeconds(pids)
  const summaries = await work()
  const own = summaries.find(({ name }) => name === 'konnect')?.rounds ?? []
  const requests = own.reduce((sum, round) => sum + round.requests, 0)
  return { summaries, controlMicros: ((cpuSeconds(pids) - before) * 1e6) / Math.max(1, requests) }
}

/** Errors of all contenders. */
export const errorsOf = (summaries: readonly Summary[]): number =>
  summaries.reduce((sum, { errors }) => sum + errors, 0)

/** CPU of `name` as a multiple of that of `base`; NaN when one of them was not measured. */
export function cpuRatio(summaries: readonly Summary[], name: string, base: string): number {
  const of = (wanted: string) => summaries.find((one) => one.name === wanted)?.cpuMicros ?? Number.NaN
  return of(name) / of(base)
}
