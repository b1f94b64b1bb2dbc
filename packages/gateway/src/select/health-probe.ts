import { parseDurationMs, type UpstreamSpec } from '@konnect/contract'

type ActiveHealth = NonNullable<NonNullable<UpstreamSpec['health']>['active']>

/** Active health of one upstream, with its defaults and in milliseconds. */
export interface ProbeSettings {
  readonly path: string
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly healthyAfter: number
  readonly unhealthyAfter: number
  /** Undefined: any 2xx or 3xx. */
  readonly statuses: readonly number[] | undefined
}

/**
 * Asks the target at `targetUrl` for `path` and resolves with the status. A rejection counts as a failed probe. `signal` is aborted after
 * `timeoutMs` and when the answer is no longer wanted.
 */
export type Probe = (targetUrl: string, path: string, timeoutMs: number, signal: AbortSignal) => Promise<number>

/** Runs something later; the result calls it off. Must not keep the process alive. */
export type Schedule = (run: () => void, delayMs: number) => () => void

/** The {@link Schedule} of the process. */
export const scheduleTimer: Schedule = (run, delayMs) => {
  const timer = setTimeout(run, delayMs)
  timer.unref()
  return () => clearTimeout(timer)
}

/** What probing needs from outside. */
export interface ProbeTools {
  readonly now: () => number
  readonly probe: Probe
  readonly schedule: Schedule
  /** In [0, 1). */
  readonly random: () => number
}

/** Shortest time from one probe to the next, whatever is configured. */
const SHORTEST_PAUSE_MS = 100

/** Settings of `health.active` of an upstream; undefined when it has none. */
export function probeSettingsOf(active: ActiveHealth | undefined): ProbeSettings | undefined {
  if (active === undefined) return undefined
  return {
    path: active.path,
    intervalMs: parseDurationMs(active.interval ?? '10s'),
    timeoutMs: parseDurationMs(active.timeout ?? '2s'),
    healthyAfter: active.healthyAfter ?? 2,
    unhealthyAfter: active.unhealthyAfter ?? 3,
    statuses: active.statuses,
  }
}

/**
 * Probes one target until stopped, one probe at a time, the first after a random part of the interval so that many
 * targets and many gateways do not probe in step. `onResult` hears whether each probe passed.
 */
export function startProbing(
  targetUrl: string,
  settings: ProbeSettings,
  { tools, onResult }: { readonly tools: ProbeTools; onResult(hasPassed: boolean): void },
): () => void {
  const stopped = new AbortController()
  let cancel = tools.schedule(run, tools.random() * settings.intervalMs)

  function run(): void {
    const startedAt = tools.now()
    void passes(targetUrl, settings, tools, stopped.signal).then((hasPassed) => {
      if (stopped.signal.aborted) return
      cancel = tools.schedule(run, Math.max(SHORTEST_PAUSE_MS, settings.intervalMs - (tools.now() - startedAt)))
      onResult(hasPassed)
    })
  }

  return () => {
    cancel()
    stopped.abort()
  }
}

/** Never rejects, and settles by the timeout even when the probe does not. */
function passes(
  targetUrl: string,
  settings: ProbeSettings,
  { probe, schedule }: ProbeTools,
  stopped: AbortSignal,
): Promise<boolean> {
  const abort = new AbortController()
  return new Promise((resolve) => {
    const settle = (hasPassed: boolean) => {
      cancel()
      stopped.removeEventListener('abort', giveUp)
      resolve(hasPassed)
    }
    const giveUp = () => {
      settle(false)
      abort.abort()
    }
    const cancel = schedule(giveUp, settings.timeoutMs)
    stopped.addEventListener('abort', giveUp, { once: true })
    // Inside a then, so that a probe that throws has failed like one that rejects.
    Promise.resolve()
      .then(() => probe(targetUrl, settings.path, settings.timeoutMs, abort.signal))
      .then(
        (status) => settle(isHealthyStatus(status, settings.statuses)),
        () => settle(false),
      )
  })
}

function isHealthyStatus(status: number, statuses: readonly number[] | undefined): boolean {
  return statuses === undefined ? status >= 200 && status < 400 : statuses.includes(status)
}
