import {
  closed,
  DurationSchema,
  GatewayError,
  type LimitDecision,
  type LimitRule,
  OneOf,
  parseDurationMs,
  StateUnavailable,
} from '@konnect/contract'
import { definePolicy, type Exchange, type PolicyContext } from '@konnect/sdk'
import { type Static, Type } from 'typebox'
import { announce, hasCounted, seconds } from './fields.ts'
import { compileSubject } from './subject.ts'

const settings = closed({
  limit: Type.Integer({
    title: 'Limit',
    description: 'Requests per window.',
    minimum: 1,
    maximum: 1_000_000_000,
    examples: [100],
  }),
  window: Type.Optional(DurationSchema({ title: 'Window', default: '60s' })),
  algorithm: Type.Optional(
    OneOf(['sliding-window', 'token-bucket'], {
      title: 'Algorithm',
      description:
        'sliding-window: never more than the limit in any window. token-bucket: the limit on average, bursts up to the burst size.',
      default: 'sliding-window',
    }),
  ),
  burst: Type.Optional(
    Type.Integer({
      title: 'Burst',
      description: 'Token bucket only: what it holds when full. The limit when left out.',
      minimum: 1,
      maximum: 1_000_000_000,
      'x-advanced': true,
    }),
  ),
  by: Type.Optional(
    Type.String({
      title: 'Counted by',
      description:
        'application, key, ip (IPv6 by /64 network), header:<name>, or gateway for all requests together. Without an application the address counts.',
      pattern: "^(application|key|ip|gateway|header:[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64})$",
      default: 'application',
      examples: ['application', 'key', 'ip', 'gateway', 'header:x-user-id'],
    }),
  ),
  name: Type.Optional(
    Type.String({
      title: 'Name',
      description: 'How clients see this limit in RateLimit. Where it is attached (api, plan, …) when left out.',
      pattern: '^[A-Za-z0-9._-]{1,64}$',
      'x-advanced': true,
    }),
  ),
  onStateFailure: Type.Optional(
    OneOf(['open', 'closed'], {
      title: 'Without shared state',
      description: 'open: requests pass uncounted, and the log says so. closed: they are refused with 503.',
      default: 'open',
    }),
  ),
})
type Settings = Static<typeof settings>

const LOG_PAUSE_MS = 10_000

/** Limits how many requests are let in. */
export const rateLimit = definePolicy({
  id: 'rate-limit',
  title: 'Rate limit',
  description: 'Limits how many requests an application, an address or everyone together may send.',
  settings,
  phases: ['admit'],
  failure: 'configurable',
  compile(given, context) {
    const { rule, key, policy } = compileRule(given, context.stateKey)
    const name = given.name ?? context.scope.kind
    const subjectOf = compileSubject(given.by ?? 'application')
    const withoutState = compileFailure(given, context)
    const owner = Symbol('rate-limit')
    const policyField = `"${name}";${policy}`

    const decide = (exchange: Exchange, decision: LimitDecision): void => {
      announce(exchange, { owner, name, policy, policyField, decision })
      if (!decision.isAllowed) throw refusal(decision)
    }
    return {
      admit(exchange) {
        if (hasCounted(exchange, owner)) return
        let decision: LimitDecision | Promise<LimitDecision>
        try {
          decision = context.state.take(key + subjectOf(exchange), rule)
        } catch (error) {
          withoutState(error)
          return
        }
        if (!(decision instanceof Promise)) {
          decide(exchange, decision)
          return
        }
        return decision.then((settled) => decide(exchange, settled), withoutState)
      },
    }
  },
})

interface CompiledRule {
  readonly rule: LimitRule
  /** Start of the state key: another algorithm or window starts afresh, another limit keeps what was counted. */
  readonly key: string
  /** Parameters of RateLimit-Policy. */
  readonly policy: string
}

function compileRule(given: Settings, stateKey: string): CompiledRule {
  const windowMs = Math.ceil(parseDurationMs(given.window ?? '60s'))
  if (windowMs < 1)
    throw new GatewayError('snapshot_invalid', { detail: 'rate-limit: the window must be at least 1ms.' })
  if (given.algorithm !== 'token-bucket') {
    if (given.burst !== undefined) {
      throw new GatewayError('snapshot_invalid', { detail: 'rate-limit: burst belongs to algorithm token-bucket.' })
    }
    return {
      rule: { algorithm: 'sliding-window', limit: given.limit, windowMs },
      key: `${stateKey}:w${windowMs}:`,
      policy: `q=${given.limit};w=${seconds(windowMs)}`,
    }
  }
  const capacity = given.burst ?? given.limit
  const refillPerSecond = (given.limit * 1000) / windowMs
  return {
    rule: { algorithm: 'token-bucket', capacity, refillPerSecond },
    key: `${stateKey}:b:`,
    policy: `q=${capacity};w=${Math.ceil(capacity / refillPerSecond)}`,
  }
}

function refusal({ retryAfterMs, resetMs }: LimitDecision): GatewayError {
  const retryAfter = Math.max(1, seconds(retryAfterMs === 0 ? resetMs : retryAfterMs))
  return new GatewayError('rate_limited', { headers: ['retry-after', String(retryAfter)] })
}

/** What happens when the shared state does not answer; says so in the log, but not for every request. */
function compileFailure({ onStateFailure }: Settings, context: PolicyContext): (error: unknown) => void {
  let quietUntilMs = 0
  const isOpen = onStateFailure !== 'closed'
  return (error) => {
    if (!(error instanceof StateUnavailable)) throw error
    const nowMs = context.now()
    if (nowMs >= quietUntilMs) {
      quietUntilMs = nowMs + LOG_PAUSE_MS
      const outcome = isOpen ? 'requests pass uncounted' : 'requests are refused'
      context.logger.warn({ error, policy: 'rate-limit', scope: context.scope }, `No shared state: ${outcome}`)
    }
    if (isOpen) return
    throw new GatewayError('dependency_unavailable', {
      reason: 'rate-limit has no shared state',
      headers: ['retry-after', '1'],
      cause: error,
    })
  }
}
