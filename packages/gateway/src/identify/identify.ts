import { GatewayError, type MaybePromise } from '@konnect/contract'
import type { ActiveExchange } from '../exchange/active-exchange.ts'

/**
 * The identify station. Every identifying policy of the route may recognise the caller; the first one that does counts.
 * When one refuses a credential the others still get their turn, and only if none recognises the caller is the first
 * refusal thrown. Anything but a refusal (a dependency that is away, say) ends the search at once.
 */
export function identify(exchange: ActiveExchange): MaybePromise<void> {
  return tryFrom(exchange, 0, undefined)
}

function tryFrom(exchange: ActiveExchange, from: number, refusal: GatewayError | undefined): MaybePromise<void> {
  const handlers = exchange.pipeline.identify
  let first = refusal
  for (let i = from; i < handlers.length; i++) {
    if (exchange.principal !== undefined || exchange.directAnswer !== undefined) return
    try {
      const waiting = handlers[i]?.(exchange)
      if (waiting === undefined) continue
      return waiting.then(
        () => tryFrom(exchange, i + 1, first),
        (error: unknown) => tryFrom(exchange, i + 1, first ?? asRefusal(error)),
      )
    } catch (error) {
      first ??= asRefusal(error)
    }
  }
  if (exchange.principal === undefined && first !== undefined) throw first
}

function asRefusal(error: unknown): GatewayError {
  if (error instanceof GatewayError && error.status === 401) return error
  throw error
}
