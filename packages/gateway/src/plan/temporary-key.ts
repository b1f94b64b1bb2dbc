import { createHash } from 'node:crypto'
import { GatewayError, type Logger, type TextFetcher } from '@konnect/contract'
import type { TemporaryKey, TemporaryKeySource } from '@konnect/sdk'

/** What the renewal of keys depends on. */
export interface RenewalContext {
  readonly fetchText: TextFetcher
  readonly logger: Logger
  /** Unix time in milliseconds. */
  now(): number
  /** In [0, 1). */
  random(): number
}

/** Of the lifetime of a key, when the next one is got: so early that an hour's key outlives an outage of 15 minutes. */
const RENEWED_AFTER = 0.75
/** Of the lifetime, up to which a renewal comes earlier at random, so that gateways do not all come at once. */
const JITTER = 0.1
/** Of the lifetime, at its end: requests under way must arrive while the key still holds. */
const RESERVE = 0.05
const LONGEST_RESERVE_MS = 10_000
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000
const LONGEST_TIMER_MS = 2 ** 31 - 1

/**
 * A key that a vendor hands out for a while, got at once and renewed ahead of its end, off the path of requests. After a
 * failure it is tried again with growing pauses, up to a minute; the key at hand is used to its end. What it holds is never
 * logged.
 */
export class RenewedKey {
  readonly #source: TemporaryKeySource
  readonly #provider: string
  readonly #context: RenewalContext
  #key: TemporaryKey | undefined
  #usableUntilMs = 0
  #failure: string | undefined
  #failuresInARow = 0
  /** When the next attempt is due. */
  #dueAtMs = 0
  #running: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  /** `provider`: its name, for the log. */
  constructor(source: TemporaryKeySource, provider: string, context: RenewalContext) {
    this.#source = source
    this.#provider = provider
    this.#context = context
    void this.#renew()
  }

  /** The newest key, even where it has expired; `undefined` before the first. */
  get apiKey(): string | undefined {
    return this.#key?.apiKey
  }

  /** Milliseconds until a key may be at hand; 0 when one is. */
  get leftMs(): number {
    if (this.#isUsable) return 0
    return Math.max(1, this.#dueAtMs - this.#context.now())
  }

  /** Why no key is at hand, for the operator; `undefined` when one is. */
  get why(): string | undefined {
    return this.#isUsable ? undefined : (this.#failure ?? 'its first key has not come yet')
  }

  /** Waits for an attempt to get a key, where none is at hand and one is under way or due; never rejects. */
  attempt(): Promise<void> | undefined {
    if (this.#isUsable || (this.#running === undefined && this.#context.now() < this.#dueAtMs)) return undefined
    return this.#renew()
  }

  /** Nothing is renewed any more. */
  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
  }

  get #isUsable(): boolean {
    return this.#context.now() < this.#usableUntilMs
  }

  #renew(): Promise<void> {
    this.#running ??= this.#obtain().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #obtain(): Promise<void> {
    const { fetchText, now } = this.#context
    try {
      this.#took(await this.#source.obtain(fetchText, now()))
    } catch (error) {
      this.#failed(error)
    }
  }

  #took(key: TemporaryKey): void {
    const { now, random, logger } = this.#context
    const lifetimeMs = key.expiresAtMs - now()
    if (!(lifetimeMs > 0)) throw new Error('the key that came has expired already; compare the clocks')
    if (this.#failuresInARow > 0) logger.info({ provider: this.#provider }, 'The key of a provider is renewed again')
    this.#key = key
    this.#usableUntilMs = key.expiresAtMs - Math.min(lifetimeMs * RESERVE, LONGEST_RESERVE_MS)
    this.#failure = undefined
    this.#failuresInARow = 0
    this.#renewIn(lifetimeMs * (RENEWED_AFTER - JITTER * random()))
  }

  #failed(error: unknown): void {
    const { logger, random } = this.#context
    this.#failure = reasonOf(error)
    if (this.#failuresInARow === 0) {
      const fields = { provider: this.#provider, reason: this.#failure }
      logger.warn(fields, 'The key of a provider cannot be renewed; the one at hand is used to its end')
    }
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(this.#failuresInARow, 30), LONGEST_PAUSE_MS)
    this.#failuresInARow++
    this.#renewIn(pauseMs * (1 - JITTER * random()))
  }

  #renewIn(ms: number): void {
    this.#dueAtMs = this.#context.now() + ms
    clearTimeout(this.#timer)
    if (this.#isClosed) return
    this.#timer = setTimeout(() => void this.#renew(), Math.min(ms, LONGEST_TIMER_MS))
    this.#timer.unref()
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof GatewayError) return error.reason ?? error.detail
  return error instanceof Error ? error.message : String(error)
}

/** Renewed keys by provider and what they depend on; they outlive a publish. */
export class RenewedKeys {
  readonly #keys = new Map<string, RenewedKey>()
  readonly #context: RenewalContext
  #asked = new Set<string>()

  constructor(context: RenewalContext) {
    this.#context = context
  }

  /** The key of a provider from this source; the first time it is asked for, getting it begins. */
  of(provider: { readonly id: string; readonly name: string }, source: TemporaryKeySource): RenewedKey {
    const digest = createHash('sha256')
      .update(JSON.stringify([provider.id, ...source.dependsOn]))
      .digest('base64')
    this.#asked.add(digest)
    let key = this.#keys.get(digest)
    if (key === undefined) {
      key = new RenewedKey(source, provider.name, this.#context)
      this.#keys.set(digest, key)
    }
    return key
  }

  /** Ends the renewal of keys that were not asked for since the last call. */
  sweep(): void {
    for (const [digest, key] of this.#keys) {
      if (this.#asked.has(digest)) continue
      key.close()
      this.#keys.delete(digest)
    }
    this.#asked = new Set()
  }

  close(): void {
    for (const key of this.#keys.values()) key.close()
    this.#keys.clear()
  }
}
