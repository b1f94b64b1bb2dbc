import { GatewayError, isJsonObject, type JsonFetcher, type Logger } from '@konnect/contract'
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTHeaderParameters, type LocalJWKSet } from 'jose'

export interface KeySetOptions {
  readonly url: string
  readonly fetchJson: JsonFetcher
  readonly logger: Logger
  /** Milliseconds. */
  readonly now: () => number
}

/** How long the keys of one document are used. */
export interface KeySetAges {
  /** From this age on it is fetched again, while the old keys go on being used. */
  readonly freshMs: number
  /** Older keys are not used any more. */
  readonly usableMs: number
}

/** The key that a token names. */
export type FoundKey = Awaited<ReturnType<LocalJWKSet>>

interface Fetched {
  readonly find: LocalJWKSet
  readonly atMs: number
}

const FETCH_TIMEOUT_MS = 5_000
const MAX_BYTES = 512 * 1024
/** Tokens with unknown keys, which anyone can send, cause at most one fetch in this time. */
const ROTATION_PAUSE_MS = 10_000
/** After a fetch that failed. */
const FAILURE_PAUSE_MS = 1_000

/**
 * The keys of an identity provider (RFC 7517), fetched when needed and kept.
 *
 * One fetch at a time, whoever asks. A key that is not in the set causes a fetch, as keys may have been rotated, but not
 * more often than every ten seconds. While the provider is away the keys known so far are used.
 */
export class KeySet {
  readonly #options: KeySetOptions
  #fetched: Fetched | undefined
  #running: Promise<void> | undefined
  #attemptedAtMs = Number.NEGATIVE_INFINITY
  #failure: GatewayError | undefined

  constructor(options: KeySetOptions) {
    this.#options = options
  }

  /**
   * The key for a token. Rejects with `dependency_unavailable` when nobody can tell because the provider is away, and
   * with jose's `JWKSNoMatchingKey` when there is no such key.
   */
  async find(header: JWTHeaderParameters, ages: KeySetAges): Promise<FoundKey> {
    const fetched = await this.#usable(ages)
    try {
      return await fetched.find(header)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      return await this.#findRotated(header, fetched, error)
    }
  }

  async #usable({ freshMs, usableMs }: KeySetAges): Promise<Fetched> {
    const ageMs = this.#fetched === undefined ? Number.POSITIVE_INFINITY : this.#options.now() - this.#fetched.atMs
    if (ageMs > freshMs) {
      const refreshed = this.#refresh(FAILURE_PAUSE_MS)
      if (ageMs > usableMs) await refreshed
    }
    const fetched = this.#fetched
    if (fetched !== undefined && this.#options.now() - fetched.atMs <= usableMs) return fetched
    throw this.#failure ?? this.#unavailable('has no usable keys')
  }

  async #findRotated(header: JWTHeaderParameters, before: Fetched, noMatch: Error): Promise<FoundKey> {
    await this.#refresh(this.#failure === undefined ? ROTATION_PAUSE_MS : FAILURE_PAUSE_MS)
    if (this.#fetched !== undefined && this.#fetched !== before) return await this.#fetched.find(header)
    throw this.#failure ?? noMatch
  }

  /** Never rejects; does nothing when the last attempt is younger than `pauseMs`. */
  #refresh(pauseMs: number): Promise<void> {
    if (this.#running !== undefined) return this.#running
    const nowMs = this.#options.now()
    if (nowMs - this.#attemptedAtMs < pauseMs) return Promise.resolve()
    this.#attemptedAtMs = nowMs
    this.#running = this.#fetch().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #fetch(): Promise<void> {
    const { url, fetchJson, logger, now } = this.#options
    try {
      const document = await fetchJson(url, { timeoutMs: FETCH_TIMEOUT_MS, maxBytes: MAX_BYTES })
      this.#fetched = { find: createLocalJWKSet(keySetOf(document)), atMs: now() }
      this.#failure = undefined
    } catch (error) {
      logger.warn({ error, url }, 'The key set of an identity provider cannot be fetched')
      this.#failure = this.#unavailable(error instanceof Error ? error.message : String(error))
    }
  }

  #unavailable(why: string): GatewayError {
    return new GatewayError('dependency_unavailable', {
      detail: 'The keys of the identity provider are not available right now.',
      reason: `key set ${this.#options.url}: ${why}`,
      headers: ['retry-after', '5'],
    })
  }
}

function keySetOf(document: unknown): JSONWebKeySet {
  if (!isJsonObject(document) || !Array.isArray(document.keys) || !document.keys.every(isJsonObject)) {
    throw new TypeError('the document is not a JSON Web Key Set')
  }
  return document as unknown as JSONWebKeySet
}
