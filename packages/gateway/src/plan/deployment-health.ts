import { Circuit } from '../select/circuit.ts'
import { KeptStates } from './kept-states.ts'

/** How a deployment fares, and whether it goes last for now. */
export interface DeploymentHealth {
  /** False while it cools down after failures in a row, and while one request tries it again afterwards. */
  readonly isHealthy: boolean
  /** Milliseconds of a cool-down that are left; 0 when there is none. */
  readonly leftMs: number
  /** A request is sent there; after a cool-down it is the trial. */
  begin(): void
  succeeded(): void
  /** It did not answer in time or to the end, not at all, or with an error of its own. */
  failed(): void
}

/** Health of deployments by provider and upstream model; one truth over publishes. */
export interface DeploymentHealthRegistry {
  of(key: string): DeploymentHealth
  /** Forgets the keys that were not asked for since the last call. */
  sweep(): void
}

const SETTINGS = { failures: 3, cooldownMs: 10_000 }

class CircuitHealth implements DeploymentHealth {
  readonly #circuit: Circuit

  constructor(now: () => number) {
    this.#circuit = new Circuit(now, SETTINGS)
  }

  get isHealthy(): boolean {
    return this.#circuit.isAvailable
  }

  get leftMs(): number {
    return this.#circuit.leftMs
  }

  begin(): void {
    this.#circuit.begin()
  }

  succeeded(): void {
    this.#circuit.report('success')
  }

  failed(): void {
    this.#circuit.report('failure')
  }
}

/**
 * A deployment that failed three times in a row cools down for ten seconds: it is tried after all healthy ones, never
 * not at all. Then one request tries it: its success makes the deployment healthy again, its failure begins another
 * cool-down, twice as long up to a minute.
 */
export function createDeploymentHealthRegistry(now: () => number): DeploymentHealthRegistry {
  return new KeptStates(() => new CircuitHealth(now))
}
