import { KeptStates } from './kept-states.ts'

/** How often a deployment failed lately, and until when it goes last. */
export interface DeploymentHealth {
  /** False while it cools down after failures in a row. */
  readonly isHealthy: boolean
  succeeded(): void
  failed(): void
}

/** Health of deployments by provider and upstream model; one truth over publishes. */
export interface DeploymentHealthRegistry {
  of(key: string): DeploymentHealth
  /** Forgets the keys that were not asked for since the last call. */
  sweep(): void
}

const FAILURES_IN_A_ROW = 3
const COOL_DOWN_MS = 10_000

class TrackedHealth implements DeploymentHealth {
  readonly #now: () => number
  #failures = 0
  #coolUntilMs = 0

  constructor(now: () => number) {
    this.#now = now
  }

  get isHealthy(): boolean {
    return this.#now() >= this.#coolUntilMs
  }

  succeeded(): void {
    this.#failures = 0
    this.#coolUntilMs = 0
  }

  failed(): void {
    this.#failures++
    if (this.#failures >= FAILURES_IN_A_ROW) this.#coolUntilMs = this.#now() + COOL_DOWN_MS
  }
}

/**
 * A deployment that failed three times in a row cools down for ten seconds: it is tried after all healthy ones, never
 * not at all. One success makes it healthy again.
 */
export function createDeploymentHealthRegistry(now: () => number): DeploymentHealthRegistry {
  return new KeptStates(() => new TrackedHealth(now))
}
