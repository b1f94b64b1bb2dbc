import { setTimeout as delay } from 'node:timers/promises'
import { GatewayError } from '@konnect/contract'
import type { CallSpool, SpoolBatch } from './spool/call-spool.ts'

const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 5_000
const DEFAULT_BATCH_SIZE = 2_000
const DEFAULT_LINGER_MS = 200
const DEFAULT_FLUSH_TIMEOUT_MS = 5_000
const PLENTY_OF_ROOM = 0.5
const LONGEST_REST_MS = 1_000

export interface CallShipperOptions {
  readonly spool: CallSpool
  /**
   * Hands calls over, each as JSON text in UTF-8 ({@link SpoolBatch}); resolves when they are safe. Rejects with
   * GatewayError `validation_failed` when one of them can never be accepted; any other rejection is tried again.
   */
  readonly ship: (records: readonly Buffer[]) => Promise<void>
  /** Most calls of one shipment. Default 2,000: storing a batch costs a database more than storing a call. */
  readonly batchSize?: number
  /** Pause after a shipment that was not full, so that a trickle of calls travels together. Default 200 ms. */
  readonly lingerMs?: number
  /** Ends the shipper, like `close`. */
  readonly signal?: AbortSignal
}

/** Carries calls out of a spool: each at least once, in order. */
export interface CallShipper {
  /** Resolves with true when everything recorded before is shipped, with false after `timeoutMs` (default 5,000). */
  flush(timeoutMs?: number): Promise<boolean>
  /** Ends shipping; what was not acknowledged stays in the spool. Resolves when no shipment is under way. */
  close(): Promise<void>
}

/** Starts to ship. Failures are retried after 0.1 to 5 s (exponential, with jitter), for as long as it takes. */
export function createCallShipper(options: CallShipperOptions): CallShipper {
  return new LoopShipper(options)
}

class LoopShipper implements CallShipper {
  readonly #spool: CallSpool
  readonly #ship: CallShipperOptions['ship']
  readonly #batchSize: number
  readonly #lingerMs: number
  readonly #loop: Promise<void>
  readonly #release: () => void
  #isEnded = false
  #isHurried = false
  /** Something was written since the spool was last looked into. */
  #hasNews = false
  #isIdle = false
  #interrupt: () => void = () => {}
  #drainWaiters: (() => void)[] = []

  constructor(options: CallShipperOptions) {
    this.#spool = options.spool
    this.#ship = options.ship
    this.#batchSize = options.batchSize ?? DEFAULT_BATCH_SIZE
    this.#lingerMs = options.lingerMs ?? DEFAULT_LINGER_MS
    this.#isEnded = options.signal?.aborted ?? false
    const end = () => this.#finish()
    options.signal?.addEventListener('abort', end)
    const unsubscribe = this.#spool.onWritten(() => this.#notice())
    this.#release = () => {
      unsubscribe()
      options.signal?.removeEventListener('abort', end)
    }
    this.#loop = this.#run()
  }

  async flush(timeoutMs = DEFAULT_FLUSH_TIMEOUT_MS): Promise<boolean> {
    await this.#spool.flush()
    if (this.#isEnded) return false
    const timeout = new AbortController()
    const drained = new Promise<boolean>((resolve) => this.#drainWaiters.push(() => resolve(true)))
    const late = delay(timeoutMs, false, { signal: timeout.signal }).catch(() => false)
    this.#isHurried = true
    this.#interrupt()
    try {
      return await Promise.race([drained, late, this.#loop.then(() => false)])
    } finally {
      timeout.abort()
    }
  }

  async close(): Promise<void> {
    this.#finish()
    await this.#loop
  }

  #finish(): void {
    this.#isEnded = true
    this.#interrupt()
  }

  #notice(): void {
    this.#hasNews = true
    if (this.#isIdle) this.#interrupt()
  }

  async #run(): Promise<void> {
    while (!this.#isEnded) {
      this.#hasNews = false
      const batch = await this.#nextBatch()
      if (batch !== undefined) {
        const startedAt = performance.now()
        await this.#deliver(batch)
        if (!this.#isHurried) await this.#pause(this.#restAfter(batch, performance.now() - startedAt))
      } else if (!this.#hasNews) {
        await this.#rest()
      }
    }
    this.#release()
  }

  /**
   * Traffic comes first: while there is plenty of room, at most a third of the time is spent on shipping, so that a burst
   * of calls is stored after it rather than during it. A spool that fills up is shipped without pause.
   */
  #restAfter(batch: SpoolBatch, tookMs: number): number {
    if (batch.records.length < this.#batchSize) return this.#lingerMs
    return this.#spool.status().fill < PLENTY_OF_ROOM ? Math.min(tookMs * 2, LONGEST_REST_MS) : 0
  }

  /** Everything is shipped: waits for the next write. */
  async #rest(): Promise<void> {
    this.#isHurried = false
    for (const resolve of this.#drainWaiters.splice(0)) resolve()
    this.#isIdle = true
    await this.#pause(undefined)
    this.#isIdle = false
  }

  /** A segment that cannot be read now (e.g. no file handles left) is tried again. */
  async #nextBatch(): Promise<SpoolBatch | undefined> {
    for (let attempt = 0; !this.#isEnded; attempt += 1) {
      try {
        return await this.#spool.next(this.#batchSize)
      } catch {
        await this.#backOff(attempt)
      }
    }
    return undefined
  }

  async #deliver(batch: SpoolBatch): Promise<void> {
    if (await this.#shipAll(batch.records)) await batch.acknowledge()
  }

  /** True when every call was shipped or set aside; false when the shipper was ended meanwhile. */
  async #shipAll(records: readonly Buffer[]): Promise<boolean> {
    for (let attempt = 0; !this.#isEnded; attempt += 1) {
      try {
        await this.#ship(records)
        return true
      } catch (error) {
        if (isRefusal(error)) return this.#divide(records, error)
        await this.#backOff(attempt)
      }
    }
    return false
  }

  /** Halves a refused batch until the call that is at fault stands alone. */
  async #divide(records: readonly Buffer[], refusal: GatewayError): Promise<boolean> {
    if (records.length <= 1) {
      await this.#spool.reject(records, refusal.message)
      return true
    }
    const middle = Math.ceil(records.length / 2)
    return (await this.#shipAll(records.slice(0, middle))) && (await this.#shipAll(records.slice(middle)))
  }

  #backOff(attempt: number): Promise<void> {
    const ceiling = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt, 10))
    return this.#pause(ceiling * (0.5 + Math.random() / 2))
  }

  /** Waits for a time, or without end; cut short when the shipper ends or a flush begins. */
  #pause(ms: number | undefined): Promise<void> {
    if (this.#isEnded) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(() => this.#interrupt(), ms).unref()
      this.#interrupt = () => {
        clearTimeout(timer)
        this.#interrupt = () => {}
        resolve()
      }
    })
  }
}

function isRefusal(error: unknown): error is GatewayError {
  return error instanceof GatewayError && error.code === 'validation_failed'
}
