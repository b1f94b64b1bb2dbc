import { GatewayError } from '@konnect/contract'

const FREE_FAILURES = 5
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 15 * 60_000
const MAX_ENTRIES = 10_000

interface Failures {
  readonly count: number
  readonly untilMs: number
}

/** Makes guessing slow: after five failures under a key, each further one doubles the wait, from one second to 15 minutes. */
export class SlowDown {
  readonly #failures = new Map<string, Failures>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** Throws `too_many_attempts` with Retry-After while `key` has to wait. */
  demand(key: string): void {
    const waitMs = (this.#failures.get(key)?.untilMs ?? 0) - this.#now()
    if (waitMs <= 0) return
    const seconds = Math.ceil(waitMs / 1_000)
    throw new GatewayError('too_many_attempts', {
      detail: `Too many failed attempts; wait ${seconds} s before the next one.`,
      headers: ['retry-after', String(seconds)],
    })
  }

  fail(key: string): void {
    const count = this.#recentCount(key) + 1
    const over = count - FREE_FAILURES
    const waitMs = over < 0 ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** over)
    this.#failures.delete(key)
    this.#failures.set(key, { count, untilMs: this.#now() + waitMs })
    // The oldest go first, so that nobody grows this by inventing addresses.
    const [oldest] = this.#failures.keys()
    if (this.#failures.size > MAX_ENTRIES && oldest !== undefined) this.#failures.delete(oldest)
  }

  succeed(key: string): void {
    this.#failures.delete(key)
  }

  // Failures are forgiven once the longest wait has passed without another.
  #recentCount(key: string): number {
    const entry = this.#failures.get(key)
    return entry && this.#now() - entry.untilMs < LONGEST_WAIT_MS ? entry.count : 0
  }
}
