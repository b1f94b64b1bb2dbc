/** Why something is left alone for a while: its credential was refused, or it is over its rate. */
export type CoolCause = 'refused' | 'limited'

/** What a {@link CoolDown} depends on besides itself. */
export interface CoolClock {
  /** Unix time in milliseconds. */
  now(): number
  /** In [0, 1). */
  random(): number
}

const FIRST_MS: Readonly<Record<CoolCause, number>> = { refused: 60_000, limited: 1_000 }
const LONGEST_MS: Readonly<Record<CoolCause, number>> = { refused: 3_600_000, limited: 60_000 }
const JITTER = 0.1

/**
 * A rest after a failure that ends by itself. `refused` lasts a minute, `limited` as long as was said, or else a second;
 * without a word each further one in a row is twice as long, up to an hour and a minute. Up to a tenth is added at random,
 * so that gateways do not come back all at once.
 *
 * Failures of requests that were under way when the rest began are no further ones; they can only make it longer by what
 * they say. A success after the rest starts the count anew; during it, it says nothing, for it was under way before.
 */
export class CoolDown {
  readonly #clock: CoolClock
  #untilMs = 0
  #inARow = 0
  #cause: CoolCause = 'limited'

  constructor(clock: CoolClock) {
    this.#clock = clock
  }

  /** Milliseconds until it is over; 0 when it is. */
  get leftMs(): number {
    return Math.max(0, this.#untilMs - this.#clock.now())
  }

  /** Why it rests; `undefined` when it does not. */
  get cause(): CoolCause | undefined {
    return this.leftMs > 0 ? this.#cause : undefined
  }

  /** `saidMs`: how long the other side wants to be left alone. */
  start(cause: CoolCause, saidMs?: number): void {
    const isFurther = this.cause === undefined
    if (isFurther) this.#inARow = cause === this.#cause ? this.#inARow + 1 : 1
    else if (saidMs === undefined && cause === this.#cause) return
    const grown = Math.min(FIRST_MS[cause] * 2 ** Math.min(this.#inARow - 1, 30), LONGEST_MS[cause])
    const waitMs = saidMs !== undefined && saidMs > 0 ? saidMs : grown
    const untilMs = this.#clock.now() + waitMs * (1 + JITTER * this.#clock.random())
    if (untilMs <= this.#untilMs) return
    this.#untilMs = untilMs
    this.#cause = cause
  }

  succeeded(): void {
    if (this.cause === undefined) this.#inARow = 0
  }
}
