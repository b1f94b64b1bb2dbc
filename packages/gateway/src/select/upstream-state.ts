import { type Logger, parseDurationMs, type SnapshotUpstream } from '@konnect/contract'
import { BalancedTarget, type TargetSettings, type TargetTools } from './balanced-target.ts'
import { UpstreamBalancer } from './balancer.ts'
import { type Probe, probeSettingsOf, type Schedule, scheduleTimer } from './health-probe.ts'
import { createRetryBudget } from './retry-budget.ts'

export interface UpstreamRegistryOptions {
  readonly probe: Probe
  readonly logger: Logger
  /** Milliseconds of a monotonic clock. Default `performance.now`. */
  readonly now?: () => number
  /** Default: timers that do not keep the process alive. */
  readonly schedule?: Schedule
  /** In [0, 1). Default `Math.random`. */
  readonly random?: () => number
}

/** Health of one target, for status reports. */
export interface TargetStatus {
  readonly upstreamId: string
  readonly url: string
  readonly isHealthy: boolean
  /** Requests in flight. */
  readonly active: number
}

/** The one truth of a process about its upstreams. Outlives every Snapshot. */
export interface UpstreamRegistry {
  /**
   * Makes the registry hold exactly these upstreams; of several with one id the first counts. What is kept (by upstream id
   * and target URL) keeps health, requests in flight and rhythm of probing. What is gone is no longer probed. Throws
   * `RangeError` for a duration that is none, and has then changed nothing.
   */
  reconcile(upstreams: readonly SnapshotUpstream[]): void
  /**
   * The balancer of an upstream, always the same object while the upstream exists; usable after it is gone, too. For an id
   * that is not there yet it is empty until `reconcile` names the id, so a plan can be compiled before it takes effect.
   */
  upstream(id: string): UpstreamBalancer
  snapshot(): TargetStatus[]
  /** Ends all probing. */
  close(): void
}

/** Creates an empty registry. */
export function createUpstreamRegistry(options: UpstreamRegistryOptions): UpstreamRegistry {
  const tools: TargetTools = {
    now: options.now ?? (() => performance.now()),
    probe: options.probe,
    schedule: options.schedule ?? scheduleTimer,
    random: options.random ?? Math.random,
    logger: options.logger,
  }
  const balancers = new Map<string, UpstreamBalancer>()
  const upstream = (id: string): UpstreamBalancer => {
    const existing = balancers.get(id)
    if (existing !== undefined) return existing
    const created = new UpstreamBalancer(id, createRetryBudget({ ratio: DEFAULT_RETRY_BUDGET, now: tools.now }))
    balancers.set(id, created)
    return created
  }

  return {
    reconcile(upstreams) {
      const wanted = new Map<string, { readonly spec: SnapshotUpstream; readonly settings: SettingsByUrl }>()
      for (const spec of upstreams) {
        if (!wanted.has(spec.id)) wanted.set(spec.id, { spec, settings: settingsByUrl(spec) })
      }
      for (const [id, { targets }] of balancers) {
        if (wanted.has(id)) continue
        stopAll(targets)
        balancers.delete(id)
      }
      for (const [id, { spec, settings }] of wanted) configure(upstream(id), spec, { settings, tools })
    },
    upstream,
    snapshot() {
      return [...balancers.values()].flatMap(({ targets }) => targets.map(statusOf))
    },
    close() {
      for (const { targets } of balancers.values()) stopAll(targets)
      balancers.clear()
    },
  }
}

type SettingsByUrl = ReadonlyMap<string, TargetSettings>

const DEFAULT_RETRY_BUDGET = 0.2

function configure(
  balancer: UpstreamBalancer,
  upstream: SnapshotUpstream,
  { settings, tools }: { readonly settings: SettingsByUrl; readonly tools: TargetTools },
): void {
  const former = new Map(balancer.targets.map((target) => [target.url, target]))
  const targets = [...settings].map(([url, wanted]) => {
    const kept = former.get(url)
    former.delete(url)
    if (kept === undefined) return new BalancedTarget(upstream.id, url, wanted, tools)
    kept.configure(wanted)
    return kept
  })
  stopAll(former.values())
  balancer.retryBudget.configure(upstream.retryBudget ?? DEFAULT_RETRY_BUDGET)
  balancer.configure(targets, upstream.balance ?? 'round-robin')
}

/** A URL that is listed twice is one target with both weights. */
function settingsByUrl(upstream: SnapshotUpstream): SettingsByUrl {
  const settings = new Map<string, TargetSettings>()
  for (const { url, weight = 1 } of upstream.targets) {
    settings.set(url, targetSettings(upstream, weight + (settings.get(url)?.weight ?? 0)))
  }
  return settings
}

/** Passive health is always on: without it a dead target would get its share for ever. */
function targetSettings({ health }: SnapshotUpstream, weight: number): TargetSettings {
  return {
    weight,
    circuit: {
      failures: health?.passive?.failures ?? 5,
      cooldownMs: parseDurationMs(health?.passive?.cooldown ?? '10s'),
    },
    probe: probeSettingsOf(health?.active),
  }
}

function stopAll(targets: Iterable<BalancedTarget>): void {
  for (const target of targets) target.stop()
}

function statusOf({ upstreamId, url, isHealthy, active }: BalancedTarget): TargetStatus {
  return { upstreamId, url, isHealthy, active }
}
