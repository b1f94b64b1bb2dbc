import type { Json, JsonFetcher } from '@konnect/contract'
import type { AddressRule } from './address-rule.ts'
import { createTextFetcher, unavailable } from './text-fetcher.ts'

/**
 * A {@link JsonFetcher} for URLs that an operator configured, e.g. a JWKS: as {@link createTextFetcher}, and every answer
 * but a JSON document with status 200 is refused.
 *
 * Rejects with GatewayError `dependency_unavailable`, whose `reason` says what happened.
 */
export function createJsonFetcher(rule: AddressRule): JsonFetcher {
  const fetchText = createTextFetcher(rule)
  return async (url, options = {}) => {
    const { status, text } = await fetchText({
      method: 'GET',
      url,
      headers: ['accept', 'application/json'],
      ...options,
    })
    try {
      if (status !== 200) throw new Error(`The answer has status ${status}`)
      return JSON.parse(text) as Json
    } catch (error) {
      throw unavailable(url, error)
    }
  }
}
