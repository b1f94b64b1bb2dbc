import { lookup } from 'node:dns/promises'
import ipaddr from 'ipaddr.js'

/** Which addresses an operator-configured URL may lead to. */
export interface AddressRule {
  /** Loopback, private and carrier-grade ranges too. Link-local addresses, where clouds keep credentials, never. */
  readonly allowPrivate: boolean
  /** Host names or addresses, lower-case, that may be asked; any when left out. */
  readonly allowedHosts?: readonly string[]
}

const PRIVATE_RANGES = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat'])

/** Fully reachable metadata addresses that are not in a link-local range. */
const METADATA = new Set(['fd00:ec2::254', '100.100.100.200', '168.63.129.16'])

/** True when `address` (an IP literal) may be connected to. */
export function isAllowedAddress(address: string, allowPrivate: boolean): boolean {
  if (!ipaddr.isValid(address)) return false
  // An IPv4 address inside an IPv6 one is judged as what it is.
  const parsed = ipaddr.process(address)
  if (METADATA.has(parsed.toString())) return false
  const range = parsed.range()
  return range === 'unicast' || (allowPrivate && PRIVATE_RANGES.has(range))
}

/**
 * Resolves `host` once and returns the address to connect to, so that a second resolution cannot lead elsewhere. Throws an
 * Error that says why when the name does not resolve, is not among `allowedHosts`, or any of its addresses is refused.
 */
export async function resolveAllowed(host: string, rule: AddressRule): Promise<string> {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase()
  if (rule.allowedHosts && !rule.allowedHosts.includes(name)) throw new Error(`${name} is not an allowed host`)
  const addresses = ipaddr.isValid(name)
    ? [{ address: ipaddr.process(name).toString() }]
    : await lookup(name, { all: true })
  for (const { address } of addresses) {
    if (!isAllowedAddress(address, rule.allowPrivate))
      throw new Error(`${name} leads to an address that is not allowed`)
  }
  const first = addresses[0]
  if (!first) throw new Error(`${name} has no address`)
  return first.address
}
