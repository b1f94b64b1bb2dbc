import type { GatewayInfo, GatewayStatus } from '@konnect/contract'

const FORGET_AFTER_MS = 5 * 60_000
const MAX_GATEWAYS = 1_000

/** Gateways as they last told of themselves; in memory, because it is worth nothing after a restart. */
export class GatewayRegistry {
  readonly #gateways = new Map<string, GatewayInfo>()
  readonly #now: () => number
  #servedVersion = 0

  constructor(now: () => number) {
    this.#now = now
  }

  /** Greatest Snapshot version that any gateway ever reported. */
  get servedVersion(): number {
    return this.#servedVersion
  }

  report(status: GatewayStatus): void {
    this.#gateways.delete(status.id)
    this.#gateways.set(status.id, { ...status, lastSeenAt: new Date(this.#now()).toISOString() })
    this.#servedVersion = Math.max(this.#servedVersion, status.snapshotVersion)
    const [oldest] = this.#gateways.keys()
    if (this.#gateways.size > MAX_GATEWAYS && oldest !== undefined) this.#gateways.delete(oldest)
  }

  /** Those heard of in the last five minutes, by id. */
  list(): GatewayInfo[] {
    for (const [id, gateway] of this.#gateways)
      if (this.#now() - Date.parse(gateway.lastSeenAt) > FORGET_AFTER_MS) this.#gateways.delete(id)
    return [...this.#gateways.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  }
}
