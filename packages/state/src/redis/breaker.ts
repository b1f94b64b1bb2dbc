import { StateUnavailable } from '@konnect/contract'

/**
 * Keeps a server that hangs from costing every request the whole timeout: after some failures in a row calls fail at
 * once, but for one probe per pause, until one succeeds.
 */
export class Breaker {
  readonly #failuresToOpen: number
  readonly #pauseMs: number
  #failures = 0
  #probeAtMs = 0

  constructor(failuresToOpen: number, pauseMs: number) {
    this.#failuresToOpen = failuresToOpen
    this.#pauseMs = pauseMs
  }

  /** Throws StateUnavailable while open, unless this call is the probe. */
  enter(nowMs: number): void {
    if (this.#failures < this.#failuresToOpen) return
    if (nowMs < this.#probeAtMs) throw new StateUnavailable('Redis does not answer')
    this.#probeAtMs = nowMs + this.#pauseMs
  }

  succeed(): void {
    this.#failures = 0
  }

  fail(nowMs: number): void {
    this.#failures += 1
    if (this.#failures === this.#failuresToOpen) this.#probeAtMs = nowMs + this.#pauseMs
  }
}
