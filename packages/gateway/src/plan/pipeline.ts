import type { MaybePromise, Phase } from '@konnect/contract'
import type { Exchange, PolicyHandlers } from '@konnect/sdk'

type Handler = (exchange: Exchange) => MaybePromise<void>

/** The handlers of one route, by phase, in the order in which they run. */
export interface Pipeline {
  readonly match: readonly Handler[]
  readonly identify: readonly Handler[]
  readonly admit: readonly Handler[]
  readonly shape: readonly Handler[]
  /** Reversed already: the last policy on the way in is the first on the way out. */
  readonly return: readonly Handler[]
  readonly account: readonly ((exchange: Exchange) => void)[]
}

export const EMPTY_PIPELINE: Pipeline = Object.freeze({
  match: [],
  identify: [],
  admit: [],
  shape: [],
  return: [],
  account: [],
})

/** Lays the handlers of several policies out by phase. */
export function buildPipeline(policies: readonly PolicyHandlers[]): Pipeline {
  const of = (phase: Exclude<Phase, 'account'>): Handler[] =>
    policies.flatMap((policy) => (policy[phase] === undefined ? [] : [policy[phase].bind(policy)]))
  return {
    match: of('match'),
    identify: of('identify'),
    admit: of('admit'),
    shape: of('shape'),
    return: of('return').reverse(),
    account: policies.flatMap((policy) => (policy.account === undefined ? [] : [policy.account.bind(policy)])),
  }
}

/**
 * Runs handlers one after the other until one answers the exchange. Synchronous while they are; a promise only from the
 * first handler that has to wait.
 */
export function runHandlers(
  handlers: readonly Handler[],
  exchange: Exchange & { readonly directAnswer: unknown },
  from = 0,
): MaybePromise<void> {
  for (let i = from; i < handlers.length; i++) {
    const waiting = handlers[i]?.(exchange)
    if (waiting !== undefined) {
      return waiting.then(() =>
        exchange.directAnswer === undefined ? runHandlers(handlers, exchange, i + 1) : undefined,
      )
    }
    if (exchange.directAnswer !== undefined) return
  }
}
