/** How a request ended, as far as the health of its target is concerned. `neutral` says nothing about it. */
export type Outcome = 'success' | 'failure' | 'neutral'

export interface CircuitSettings {
  /** Failures in a row that open the circuit. */
  readonly failures: number
  /** First cool-down; each further one in a row is twice as long, up to the longer of this and one minute. */
  readonly cooldownMs: number
}

/** What a report changed. */
export type CircuitChange = 'opened' | 'closed' | undefined

const LONGEST_COOLDOWN_MS = 60_000

/**
 * Passive health: learns from real requests (the circuit breaker of Nygard, "Release It!"). Closed until so many
 * failures in a row, then open for a cool-down, then one trial request at a time decides. Any success closes it. Reports
 * of requests that began before it opened can close it, but neither prolong a cool-down nor fail a trial that has not
 * begun. A trial that stays without a result for as long as the cool-down lasted makes room for the next one.
 */
export class Circuit {
  readonly #now: () => number
  #settings: CircuitSettings
  #failures = 0
  #cooldownMs = 0
  #openUntil: number | undefined
  #trialSince: number | undefined

  /** `now`: milliseconds of a monotonic clock. */
  constructor(now: () => number, settings: CircuitSettings) {
    this.#now = now
    this.#settings = settings
  }

  get isClosed(): boolean {
    return this.#openUntil === undefined
  }

  /** Whether a request may come now: the circuit is closed, or its cool-down is over and no trial is under way. */
  get isAvailable(): boolean {
    return this.#openUntil === undefined || this.#isTrialDue(this.#openUntil)
  }

  /** Milliseconds of the cool-down that are left; 0 when it is over or there is none. */
  get leftMs(): number {
    return this.#openUntil === undefined ? 0 : Math.max(0, this.#openUntil - this.#now())
  }

  /** Applies new settings from the next report on. What was learnt stays. */
  configure(settings: CircuitSettings): void {
    this.#settings = settings
  }

  /** A request sets out. It is the trial when one is due. */
  begin(): void {
    if (this.#openUntil !== undefined && this.#isTrialDue(this.#openUntil)) this.#trialSince = this.#now()
  }

  report(outcome: Outcome): CircuitChange {
    if (outcome === 'success') return this.#close()
    if (outcome === 'failure') return this.#fail()
    this.#trialSince = undefined
    return undefined
  }

  #close(): CircuitChange {
    const wasClosed = this.isClosed
    this.#failures = 0
    this.#cooldownMs = 0
    this.#openUntil = undefined
    this.#trialSince = undefined
    return wasClosed ? undefined : 'closed'
  }

  #fail(): CircuitChange {
    if (this.#openUntil === undefined) {
      this.#failures++
      if (this.#failures < this.#settings.failures) return undefined
      this.#open()
      return 'opened'
    }
    if (this.#trialSince !== undefined) this.#open()
    return undefined
  }

  #open(): void {
    const { cooldownMs } = this.#settings
    const longest = Math.max(cooldownMs, LONGEST_COOLDOWN_MS)
    this.#cooldownMs = Math.min(longest, Math.max(cooldownMs, this.#cooldownMs * 2))
    this.#openUntil = this.#now() + this.#cooldownMs
    this.#trialSince = undefined
  }

  #isTrialDue(openUntil: number): boolean {
    const now = this.#now()
    if (now < openUntil) return false
    return this.#trialSince === undefined || now - this.#trialSince >= this.#cooldownMs
  }
}
