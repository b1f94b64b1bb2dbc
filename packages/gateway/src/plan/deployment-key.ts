import type { KeyState, OpenKey } from './key-pool.ts'
import type { RenewedKey } from './temporary-key.ts'

/** One key of a deployment's provider, and how the deployment is asked with it. */
export interface DeploymentKeyOf<Addresses> {
  /** Undefined where the provider has no pool. */
  readonly name: string | undefined
  readonly weight: number
  readonly state: KeyState
  /** By the dialect of the client; one that is missing can be served neither as it is nor translated. */
  readonly addresses: Addresses
  /** Undefined for keys that are sent as they are. */
  readonly renewed: RenewedKey | undefined
}

export interface DeploymentKeyOptions<Addresses> {
  readonly key: OpenKey
  readonly state: KeyState
  readonly renewed: RenewedKey | undefined
  /** How the deployment is asked with this value of the key. */
  readonly addresses: (apiKey: string | undefined) => Addresses
}

/** A key as requests use it: with the addresses of its value, or of the newest temporary key that it got. */
export function deploymentKey<A>({ key, state, renewed, addresses }: DeploymentKeyOptions<A>): DeploymentKeyOf<A> {
  const { name, weight, value } = key
  if (renewed === undefined) return { name, weight, state, renewed, addresses: addresses(value) }
  const newest = followingKey(renewed, addresses)
  return {
    name,
    weight,
    state: whileRenewed(state, renewed),
    renewed,
    get addresses() {
      return newest()
    },
  }
}

/** Gives what `make` makes of the newest temporary key, made once for each. */
export function followingKey<A>(renewed: RenewedKey, make: (apiKey: string | undefined) => A): () => A {
  let { apiKey } = renewed
  let made = make(apiKey)
  return () => {
    if (apiKey !== renewed.apiKey) {
      apiKey = renewed.apiKey
      made = make(apiKey)
    }
    return made
  }
}

/** The state of a key that also cannot be used while there is no temporary one. */
function whileRenewed(state: KeyState, renewed: RenewedKey): KeyState {
  return {
    get leftMs() {
      return Math.max(state.leftMs, renewed.leftMs)
    },
    get cause() {
      return renewed.leftMs > 0 ? 'refused' : state.cause
    },
    get why() {
      return renewed.why
    },
    concerns: (status) => state.concerns(status),
    wantsBody: (status, headers) => state.wantsBody(status, headers),
    failed: (status, headers, body) => state.failed(status, headers, body),
    succeeded: () => state.succeeded(),
  }
}

/** What waiting for a key depends on of a deployment. */
interface KeyedStop {
  readonly keys: readonly Pick<DeploymentKeyOf<unknown>, 'state' | 'renewed'>[]
  readonly timeouts: { readonly headMs: number }
}

/**
 * Waits for temporary keys that are on their way, deployment by deployment, until one can be used; at each at most as long
 * as it has for an answer. `undefined`: the first one can be used, or there is nothing to wait for. Never rejects.
 */
export function untilKeyed(stops: readonly KeyedStop[]): Promise<void> | undefined {
  const [first, ...others] = stops
  if (first === undefined || first.keys.some(isReady)) return undefined
  const goOn = () => (first.keys.some(isReady) ? undefined : untilKeyed(others))
  const waiting = keyAtHand(first)
  return waiting === undefined ? goOn() : waiting.then(goOn)
}

const isReady = ({ state }: KeyedStop['keys'][number]): boolean => state.leftMs <= 0

/** Resolves when one of the keys has come, none will, or the time is over. */
function keyAtHand({ keys, timeouts }: KeyedStop): Promise<void> | undefined {
  const attempts = keys.flatMap(({ renewed }) => {
    const attempt = renewed?.attempt()
    return renewed === undefined || attempt === undefined ? [] : [attempt.then(() => assertAtHand(renewed))]
  })
  if (attempts.length === 0) return undefined
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeouts.headMs)
    const done = () => {
      clearTimeout(timer)
      resolve()
    }
    Promise.any(attempts).then(done, done)
  })
}

function assertAtHand(renewed: RenewedKey): void {
  if (renewed.leftMs > 0) throw new Error(renewed.why)
}
