import type { KeyInQuery } from '@konnect/ai'
import { headerOf } from '@konnect/contract'
import type { ExchangeRequest } from '@konnect/sdk'

/**
 * Takes the client's key out of the query, where logs would keep it, and puts it where policies look for one. A key in the
 * field itself goes before it.
 */
export function takeKeyFromQuery(request: ExchangeRequest, { parameter, header }: KeyInQuery): void {
  if (!request.query.includes(parameter)) return
  const pairs = request.query.split('&')
  const others = pairs.filter((pair) => !pair.startsWith(`${parameter}=`))
  if (others.length === pairs.length) return
  const found = pairs.find((pair) => pair.startsWith(`${parameter}=`)) ?? ''
  request.query = others.join('&')
  const key = decoded(found.slice(parameter.length + 1))
  if (key !== undefined && headerOf(request.headers, header) === undefined) request.headers.push(header, key)
}

// What cannot stand in a field is no key.
function decoded(text: string): string | undefined {
  try {
    const key = decodeURIComponent(text)
    return /^[\x21-\x7e]+$/.test(key) ? key : undefined
  } catch {
    return undefined
  }
}
