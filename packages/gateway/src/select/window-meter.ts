import { type LimitDecision, type LimitRule, type Logger, type StateStore, StateUnavailable } from '@konnect/contract'

/** What meters and places of all deployments share. */
export interface CapacityTools {
  readonly state: StateStore
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number
  readonly logger: Logger
}

const WINDOW_MS = 60_000
const SPARE_MS = 5_000
const REFRESH_MS = 1_000
const LOG_PAUSE_MS = 10_000
/** Above any count, and exact in every driver's numbers: what is taken from it is counted whatever the limit. */
const UNLIMITED = 2 ** 52

const ruleOf = (limit: number): LimitRule => ({ algorithm: 'sliding-window', limit, windowMs: WINDOW_MS })

/**
 * Units that all gateways together used in the last minute, counted in the shared state.
 *
 * What was taken and turns out not to be needed is kept for five seconds, for the next taker in this process. While the
 * shared state is out of reach, everything is let pass uncounted, and the log says so.
 */
export class WindowMeter {
  readonly #key: string
  readonly #tools: CapacityTools
  #used = 0
  #knownAtMs = Number.NEGATIVE_INFINITY
  #fullUntilMs = 0
  #spare = 0
  #spareUntilMs = 0
  #quietUntilMs = 0

  constructor(key: string, tools: CapacityTools) {
    this.#key = key
    this.#tools = tools
  }

  /** Milliseconds for which a limit is known to be used up; 0 when there may be room. */
  fullMs(limit: number): number {
    return this.#used < limit || this.#ownSpare() > 0 ? 0 : Math.max(0, this.#fullUntilMs - this.#tools.now())
  }

  /** Used in the last minute, as far as this process knows; asks anew when that is more than a second old. */
  used(limit: number): number {
    if (this.#tools.now() - this.#knownAtMs > REFRESH_MS) this.#count(limit, 0)
    return this.#used
  }

  /** Takes units, as many as the limit at most; false when they do not fit. */
  async take(limit: number, units: number): Promise<boolean> {
    const wanted = Math.min(units, limit)
    const spare = Math.min(wanted, this.#ownSpare())
    this.#spare -= spare
    if (spare === wanted) return true
    try {
      const decision = await this.#tools.state.take(this.#key, ruleOf(limit), wanted - spare)
      this.#learn(decision)
      if (!decision.isAllowed) this.giveBack(spare)
      return decision.isAllowed
    } catch (error) {
      this.#failed(error)
      return true
    }
  }

  /** Counts units that were used without being taken, whether they fit or not. */
  add(units: number): void {
    const spare = Math.min(units, this.#ownSpare())
    this.#spare -= spare
    if (units > spare) this.#count(UNLIMITED, units - spare)
  }

  /** Units that were taken and not used. */
  giveBack(units: number): void {
    const kept = this.#ownSpare()
    if (kept === 0) this.#spareUntilMs = this.#tools.now() + SPARE_MS
    this.#spare = kept + units
  }

  #ownSpare(): number {
    return this.#tools.now() < this.#spareUntilMs ? this.#spare : 0
  }

  /** Nobody waits for the answer. */
  #count(limit: number, units: number): void {
    this.#knownAtMs = this.#tools.now()
    try {
      const decision = this.#tools.state.take(this.#key, ruleOf(limit), units)
      if (!(decision instanceof Promise)) this.#learn(decision)
      else
        decision.then(
          (settled) => this.#learn(settled),
          (error: unknown) => this.#note(error),
        )
    } catch (error) {
      this.#failed(error)
    }
  }

  #learn({ limit, remaining, retryAfterMs }: LimitDecision): void {
    const nowMs = this.#tools.now()
    this.#used = limit - remaining
    this.#knownAtMs = nowMs
    this.#fullUntilMs = remaining > 0 ? 0 : nowMs + retryAfterMs
  }

  #failed(error: unknown): void {
    if (!(error instanceof StateUnavailable)) throw error
    this.#note(error)
  }

  #note(error: unknown): void {
    const nowMs = this.#tools.now()
    if (nowMs < this.#quietUntilMs) return
    this.#quietUntilMs = nowMs + LOG_PAUSE_MS
    this.#tools.logger.warn(
      { error, deployment: this.#key },
      'No shared state: the capacity of a deployment is not kept',
    )
  }
}
