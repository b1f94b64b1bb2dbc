import type { DeploymentStatus, GatewayInfo, GatewayStatus, LiveDeployment } from '@konnect/contract'

const FORGET_AFTER_MS = 5 * 60_000
const MAX_GATEWAYS = 1_000
/** Enough for every gateway that a person can look at. */
const MAX_LIVE = 10_000

/** What one gateway last told. */
interface Report {
  readonly info: GatewayInfo
  readonly deployments: readonly DeploymentStatus[]
}

/** Gateways as they last told of themselves; in memory, because it is worth nothing after a restart. */
export class GatewayRegistry {
  readonly #reports = new Map<string, Report>()
  readonly #now: () => number
  #servedVersion = 0

  constructor(now: () => number) {
    this.#now = now
  }

  /** Greatest Snapshot version that any gateway ever reported. */
  get servedVersion(): number {
    return this.#servedVersion
  }

  report({ deployments = [], ...status }: GatewayStatus): void {
    const lastSeenAt = new Date(this.#now()).toISOString()
    this.#reports.delete(status.id)
    this.#reports.set(status.id, { info: { ...status, ai: totalsOf(deployments), lastSeenAt }, deployments })
    this.#servedVersion = Math.max(this.#servedVersion, status.snapshotVersion)
    const [oldest] = this.#reports.keys()
    if (this.#reports.size > MAX_GATEWAYS && oldest !== undefined) this.#reports.delete(oldest)
  }

  /** Those heard of in the last five minutes, by id. */
  list(): GatewayInfo[] {
    return this.#heard().map(({ info }) => info)
  }

  /** How they find the deployments of a provider, gateway by gateway. */
  deployments(providerId: string): LiveDeployment[] {
    const found: LiveDeployment[] = []
    for (const { info, deployments } of this.#heard())
      for (const deployment of deployments)
        if (deployment.providerId === providerId && found.length < MAX_LIVE)
          found.push({ ...deployment, gateway: info.id, lastSeenAt: info.lastSeenAt })
    return found
  }

  #heard(): Report[] {
    for (const [id, { info }] of this.#reports)
      if (this.#now() - Date.parse(info.lastSeenAt) > FORGET_AFTER_MS) this.#reports.delete(id)
    return [...this.#reports.values()].sort((a, b) => (a.info.id < b.info.id ? -1 : 1))
  }
}

function totalsOf(deployments: readonly DeploymentStatus[]): GatewayInfo['ai'] {
  const resting = deployments.flatMap(({ providerId, restingKeys }) =>
    restingKeys.map(({ name }) => `${providerId}\n${name}`),
  )
  return {
    deployments: deployments.length,
    cooling: deployments.filter(({ isHealthy }) => !isHealthy).length,
    restingKeys: new Set(resting).size,
    inFlight: deployments.reduce((sum, { inFlight }) => sum + inFlight, 0),
  }
}
