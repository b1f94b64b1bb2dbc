import { GatewayError, type HeaderList } from '@konnect/contract'
import type { CoolCause } from './cool-down.ts'
import { retryAfterMs } from './retry-after.ts'

/** What the way depends on of a key. */
export interface TourKey {
  readonly weight: number
  readonly state: {
    readonly leftMs: number
    readonly cause: CoolCause | undefined
    readonly why?: string | undefined
    concerns(status: number): boolean
    failed(status: number, headers: HeaderList, body?: Uint8Array): void
  }
}

/** What the way depends on of a deployment. */
export interface TourStop<K extends TourKey> {
  readonly provider: string
  readonly keys: readonly K[]
  /** `undefined`: it is never full. */
  readonly capacity?: { readonly isFull: boolean } | undefined
}

const TOO_MANY = 429
const UNSAID_MS = 1_000

/**
 * The way of one request through the deployments of a model and their keys. A deployment is visited once, each of its keys
 * at most once; one without a key that can be used is passed over. Keys are drawn by weight; `random` gives numbers in
 * [0, 1).
 */
export class DeploymentTour<K extends TourKey, D extends TourStop<K>> {
  #order: readonly D[]
  readonly #random: () => number
  readonly #canWait: boolean
  readonly #tried = new Set<K>()
  /** Waits that vendors asked for whose key is no part of a pool. */
  readonly #waits = new Map<K, number>()
  #at = -1
  #key: K | undefined

  /** `canWait`: a deployment that is full may still be gone to. */
  constructor(order: readonly D[], random: () => number, canWait = false) {
    this.#order = order
    this.#random = random
    this.#canWait = canWait
  }

  /** Where the request is; `undefined` before `next`. */
  get deployment(): D | undefined {
    return this.#order[this.#at]
  }

  /** What it is there with. */
  get key(): K | undefined {
    return this.#key
  }

  /** True when a deployment further on has a key that can be used, and room. */
  get hasOther(): boolean {
    const mayGoTo = (stop: D) => stop.keys.some(isReady) && (this.#canWait || stop.capacity?.isFull !== true)
    return this.#order.some((stop, at) => at > this.#at && mayGoTo(stop))
  }

  /** The deployments further on that have a key that can be used. */
  ahead(): readonly D[] {
    return this.#order.filter((stop, at) => at > this.#at && stop.keys.some(isReady))
  }

  /** Goes to one of those ahead; the ones before it stay ahead. False when no key of it can be used any longer. */
  goTo(stop: D): boolean {
    const rest = this.#order.slice(this.#at + 1).filter((one) => one !== stop)
    this.#order = [...this.#order.slice(0, this.#at + 1), stop, ...rest]
    this.#at++
    return this.nextKey()
  }

  /** Goes to the next deployment that has a key that can be used; false when there is none. */
  next(): boolean {
    while (++this.#at < this.#order.length) if (this.nextKey()) return true
    return false
  }

  /** Takes another key of the same deployment; false when there is none. */
  nextKey(): boolean {
    const ready = this.deployment?.keys.filter((key) => isReady(key) && !this.#tried.has(key)) ?? []
    this.#key = drawn(ready, this.#random)
    if (this.#key !== undefined) this.#tried.add(this.#key)
    return this.#key !== undefined
  }

  /** An answer with an error. True when it concerns the key: it cools down then, and another one may take over. */
  failed(status: number, headers: HeaderList, body?: Uint8Array): boolean {
    const key = this.#key
    if (key === undefined) return false
    if (key.state.concerns(status)) {
      key.state.failed(status, headers, body)
      return true
    }
    if (status === TOO_MANY) this.#waits.set(key, retryAfterMs(headers, body, Date.now()) ?? UNSAID_MS)
    return false
  }

  /** The answer when nothing is left: `rate_limited` when that is all that is wrong, or else `no_healthy_target`. */
  exhausted(): GatewayError {
    const keys = this.#order.flatMap((stop) => stop.keys)
    const waits = keys.map((key) => this.#waits.get(key) ?? key.state.leftMs).filter((ms) => ms > 0)
    const headers = waits.length === 0 ? [] : ['retry-after', String(Math.ceil(Math.min(...waits) / 1000))]
    const reason = `No key can be used: ${this.#order.map(said).join('; ') || 'no deployments'}`
    if (keys.length > 0 && keys.every((key) => this.#waits.has(key) || key.state.cause === 'limited')) {
      return new GatewayError('rate_limited', {
        detail: 'The model is over its rate; try again later.',
        reason,
        headers,
      })
    }
    const detail = 'The model has no deployment that could answer.'
    return new GatewayError('no_healthy_target', { detail, reason, headers })
  }
}

const isReady = (key: TourKey): boolean => key.state.leftMs <= 0

function said<K extends TourKey>({ provider, keys }: TourStop<K>): string {
  const count = (cause: CoolCause) => keys.filter((key) => key.state.cause === cause).length
  const whys = keys.flatMap(({ state }) => (state.why === undefined ? [] : `, ${state.why}`))
  return `${provider} has ${keys.length}, ${count('refused')} refused, ${count('limited')} over their rate${whys.join('')}`
}

function drawn<K extends TourKey>(keys: readonly K[], random: () => number): K | undefined {
  let left = random() * keys.reduce((sum, key) => sum + key.weight, 0)
  const found = keys.find((key) => {
    left -= key.weight
    return left < 0
  })
  return found ?? keys.at(-1)
}
