import { createHash } from 'node:crypto'
import { GatewayError, headerOf } from '@konnect/contract'
import type { Exchange } from '@konnect/sdk'
import ipaddr from 'ipaddr.js'

/** Whom a request is counted for: the part of the state key after the policy's own. */
export type SubjectOf = (exchange: Exchange) => string

const LONGEST_PLAIN_VALUE = 64

/** Compiles `application`, `key`, `ip`, `gateway` or `header:<name>`. Throws `snapshot_invalid` for anything else. */
export function compileSubject(by: string): SubjectOf {
  switch (by) {
    case 'application':
      return byApplication
    case 'key':
      return byKey
    case 'ip':
      return byAddress
    case 'gateway':
      return () => 'all'
  }
  if (by.startsWith('header:')) return byHeader(by.slice('header:'.length).toLowerCase())
  throw new GatewayError('snapshot_invalid', { detail: `rate-limit: cannot count by "${by}".` })
}

/** Anonymous callers are told apart by their address. */
const byApplication: SubjectOf = (exchange) =>
  exchange.principal === undefined ? byAddress(exchange) : `app:${exchange.principal.applicationId}`

const byKey: SubjectOf = (exchange) => {
  const keyId = exchange.principal?.keyId ?? null
  return keyId === null ? byApplication(exchange) : `key:${keyId}`
}

const byAddress: SubjectOf = ({ request }) => `ip:${networkOf(request.clientIp)}`

/** Requests without the field share one limit. Long values are counted by their digest, so that keys stay short. */
function byHeader(name: string): SubjectOf {
  return ({ request }) => {
    const value = headerOf(request.headers, name)
    if (value === undefined) return 'none'
    return value.length <= LONGEST_PLAIN_VALUE
      ? `is:${value}`
      : `of:${createHash('sha256').update(value).digest('hex')}`
  }
}

/**
 * One client of IPv6 usually holds a whole /64 network and could take a fresh address for every request: the network
 * counts. IPv4 addresses count one by one, also when they are mapped into IPv6.
 */
function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const plain = address.split('%', 1)[0] ?? address
  if (!ipaddr.IPv6.isValid(plain)) return address
  const parsed = ipaddr.IPv6.parse(plain)
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString()
  return `${parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::`
}
