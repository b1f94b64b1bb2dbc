import type { UpstreamPool } from '@konnect/http'

/** Connection pools by origin, shared by every Snapshot so that a publish closes no connection in use. */
export class PoolRegistry {
  readonly #pools = new Map<string, UpstreamPool>()
  readonly #create: (origin: string) => UpstreamPool
  #wanted = new Set<string>()

  constructor(create: (origin: string) => UpstreamPool) {
    this.#create = create
  }

  startPublish(): void {
    this.#wanted = new Set()
  }

  /** The pool of an origin; it lives as long as the newest Snapshot asks for it. */
  pool(origin: string): UpstreamPool {
    this.#wanted.add(origin)
    let pool = this.#pools.get(origin)
    if (pool === undefined) {
      pool = this.#create(origin)
      this.#pools.set(origin, pool)
    }
    return pool
  }

  /** Closes the pools that the newest Snapshot has no use for; requests in flight finish. */
  endPublish(): void {
    for (const [origin, pool] of this.#pools) {
      if (this.#wanted.has(origin)) continue
      this.#pools.delete(origin)
      pool.close()
    }
  }

  close(): void {
    for (const pool of this.#pools.values()) pool.close()
    this.#pools.clear()
  }
}
