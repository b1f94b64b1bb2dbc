import type { LimitDecision } from '@konnect/contract'
import type { Exchange } from '@konnect/sdk'

/** What one rate limit adds to the response. */
export interface Standing {
  /** The attachment that counted. */
  readonly owner: symbol
  readonly name: string
  /** Parameters of RateLimit-Policy, e.g. `q=100;w=60`. */
  readonly policy: string
  /** The whole RateLimit-Policy of an exchange without another limit. */
  readonly policyField: string
  readonly decision: LimitDecision
}

const STANDINGS = Symbol('rate-limit standings')

/** True when this attachment counted the exchange before. */
export function hasCounted(exchange: Exchange, owner: symbol): boolean {
  const standings = exchange.notes.get(STANDINGS) as Standing[] | undefined
  return standings?.some((standing) => standing.owner === owner) ?? false
}

/**
 * Announces the standing of every rate limit of the exchange: `RateLimit-Policy` and `RateLimit` (IETF httpapi draft 10)
 * as lists, the older `X-RateLimit-*` from the tightest. Times are seconds from now, rounded up.
 */
export function announce(exchange: Exchange, standing: Standing): void {
  const known = exchange.notes.get(STANDINGS) as Standing[] | undefined
  const standings = known ?? []
  standings.push(standing)
  if (known === undefined) exchange.notes.set(STANDINGS, standings)
  if (standings.length === 1) {
    exchange.setResponseHeader('ratelimit-policy', standing.policyField)
    exchange.setResponseHeader('ratelimit', `"${standing.name}";${stateOf(standing)}`)
  } else {
    const names = distinctNames(standings)
    exchange.setResponseHeader('ratelimit-policy', standings.map((s, i) => `"${names[i]}";${s.policy}`).join(', '))
    exchange.setResponseHeader('ratelimit', standings.map((s, i) => `"${names[i]}";${stateOf(s)}`).join(', '))
  }
  const { decision } = tightest(standings)
  exchange.setResponseHeader('x-ratelimit-limit', String(decision.limit))
  exchange.setResponseHeader('x-ratelimit-remaining', String(decision.remaining))
  exchange.setResponseHeader('x-ratelimit-reset', String(seconds(decision.resetMs)))
}

/** Whole seconds, rounded up: never too early. */
export const seconds = (ms: number): number => Math.ceil(ms / 1000)

const stateOf = ({ decision }: Standing): string => `r=${decision.remaining};t=${seconds(decision.resetMs)}`

// Two limits may carry one name, e.g. both stand on the same API; clients match the lists by name.
function distinctNames(standings: readonly Standing[]): string[] {
  const seen = new Map<string, number>()
  return standings.map(({ name }) => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name}-${count}`
  })
}

/** The limit that refused, else the one with the fewest units left; of two alike the one that takes longer. */
function tightest(standings: readonly Standing[]): Standing {
  return standings.reduce((worst, each) => (isTighter(each.decision, worst.decision) ? each : worst))
}

function isTighter(a: LimitDecision, b: LimitDecision): boolean {
  if (a.isAllowed !== b.isAllowed) return !a.isAllowed
  return a.remaining === b.remaining ? a.resetMs > b.resetMs : a.remaining < b.remaining
}
