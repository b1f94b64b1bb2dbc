import { createHash } from 'node:crypto'
import type { HeaderList, SecretBox, SnapshotProvider } from '@konnect/contract'
import { type CoolCause, type CoolClock, CoolDown } from '../select/cool-down.ts'
import { retryAfterMs } from '../select/retry-after.ts'
import { KeptStates } from './kept-states.ts'

/** Whether a key of a provider can be used for one model right now. */
export interface KeyState {
  /** Milliseconds until it can; 0 when it can. */
  readonly leftMs: number
  /** Why it cannot; `undefined` when it can. */
  readonly cause: CoolCause | undefined
  /** What is known of it beyond the cause, for the operator. */
  readonly why?: string | undefined
  /** True for an answer that concerns the key rather than the deployment: another key may do better. */
  concerns(status: number): boolean
  /** True when the fields of such an answer leave open how long to wait, so that its body is worth reading. */
  wantsBody(status: number, headers: HeaderList): boolean
  /** Such an answer came. */
  failed(status: number, headers: HeaderList, body?: Uint8Array): void
  succeeded(): void
}

/** One key of a provider, opened. */
export interface OpenKey {
  /** Undefined for the only key of a provider without a pool, and for none at all. */
  readonly name: string | undefined
  readonly value: string | undefined
  readonly weight: number
}

/** States of keys by provider, value and upstream model; one truth over publishes. */
export interface KeyRegistry {
  of(providerId: string, key: OpenKey, model: string): KeyState
  /** Forgets the keys that were not asked for since the last call. */
  sweep(): void
}

/** What `apiKey` is called where there is a pool beside it. */
export const DEFAULT_KEY_NAME = 'default'

/** The keys that requests to a provider may use. Without a pool there is exactly one, perhaps without a value. */
export function openKeys({ apiKey, apiKeys }: SnapshotProvider, secrets: SecretBox): readonly OpenKey[] {
  const open = (value: string) => (secrets.isSealed(value) ? secrets.open(value) : value)
  const own = apiKey === undefined ? undefined : open(apiKey)
  if (apiKeys === undefined) return [{ name: undefined, value: own, weight: 1 }]
  const pooled = apiKeys
    .filter(({ enabled }) => enabled !== false)
    .map(({ name, value, weight = 1 }) => ({ name, value: open(value), weight }))
  return own === undefined ? pooled : [{ name: DEFAULT_KEY_NAME, value: own, weight: 1 }, ...pooled]
}

/** The state of a key that is no part of a pool: what happens to it is the deployment's affair. */
const ONLY_KEY: KeyState = {
  leftMs: 0,
  cause: undefined,
  concerns: () => false,
  wantsBody: () => false,
  failed() {},
  succeeded() {},
}

const UNAUTHENTICATED = 401
const FORBIDDEN = 403
const TOO_MANY = 429

/** A refused key is of no use at all; a missing right and a rate are matters of one model. */
class PooledKey implements KeyState {
  readonly #whole: CoolDown
  readonly #model: CoolDown
  readonly #now: () => number

  constructor(whole: CoolDown, model: CoolDown, now: () => number) {
    this.#whole = whole
    this.#model = model
    this.#now = now
  }

  get leftMs(): number {
    return Math.max(this.#whole.leftMs, this.#model.leftMs)
  }

  get cause(): CoolCause | undefined {
    return this.#whole.cause ?? this.#model.cause
  }

  concerns(status: number): boolean {
    return status === UNAUTHENTICATED || status === FORBIDDEN || status === TOO_MANY
  }

  wantsBody(status: number, headers: HeaderList): boolean {
    return status === TOO_MANY && retryAfterMs(headers, undefined, this.#now()) === undefined
  }

  failed(status: number, headers: HeaderList, body?: Uint8Array): void {
    if (status === UNAUTHENTICATED) this.#whole.start('refused')
    else if (status === FORBIDDEN) this.#model.start('refused')
    else this.#model.start('limited', retryAfterMs(headers, body, this.#now()))
  }

  succeeded(): void {
    this.#whole.succeeded()
    this.#model.succeeded()
  }
}

/**
 * Creates the registry. A key is known by its value, of which only a digest is kept: renaming one keeps its state, and
 * replacing one under the same name starts anew.
 */
export function createKeyRegistry(clock: CoolClock): KeyRegistry {
  const states = new KeptStates(() => new CoolDown(clock))
  return {
    of(providerId, { name, value = '' }, model) {
      if (name === undefined) return ONLY_KEY
      const digest = createHash('sha256').update(value).digest('base64')
      const whole = states.of(`${providerId}\n${digest}`)
      return new PooledKey(whole, states.of(`${providerId}\n${digest}\n${model}`), clock.now)
    },
    sweep: () => states.sweep(),
  }
}
