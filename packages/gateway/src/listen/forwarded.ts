import { BlockList, isIP } from 'node:net'
import { GatewayError, type HeaderList, headerOf } from '@konnect/contract'

/** Decides whose word about the client is taken. */
export interface ProxyTrust {
  /**
   * The client's address. Fields that say who the client is are believed only when `remoteAddress` is a listed proxy;
   * from anyone else they are removed from `headers`, so that no upstream believes them either.
   */
  clientIp(remoteAddress: string, headers: HeaderList): string
}

/**
 * Trusts the proxies of `cidrs` (IPv4 and IPv6, with or without a prefix length). Throws `invalid_request` on anything
 * else.
 */
export function createProxyTrust(cidrs: readonly string[]): ProxyTrust {
  const trusted = new BlockList()
  for (const cidr of cidrs) addTo(trusted, cidr)
  const isTrusted = (address: string): boolean => {
    const family = isIP(address)
    return family !== 0 && trusted.check(address, family === 6 ? 'ipv6' : 'ipv4')
  }
  return {
    clientIp(remoteAddress, headers) {
      const peer = remoteAddress.startsWith('::ffff:') ? remoteAddress.slice(7) : remoteAddress
      if (cidrs.length === 0 || !isTrusted(peer)) {
        removeClaims(headers)
        return peer
      }
      const hops = (headerOf(headers, 'x-forwarded-for') ?? '').split(',').map((hop) => hop.trim())
      for (let i = hops.length - 1; i >= 0; i--) {
        const hop = hops[i] ?? ''
        if (isIP(hop) === 0) return peer
        if (!isTrusted(hop) || i === 0) return hop
      }
      return peer
    },
  }
}

function addTo(list: BlockList, cidr: string): void {
  const [address = '', bits] = cidr.split('/')
  const family = isIP(address)
  const most = family === 6 ? 128 : 32
  const length = bits === undefined ? most : Number(bits)
  if (family === 0 || !Number.isInteger(length) || length < 0 || length > most) {
    throw new GatewayError('invalid_request', { detail: `"${cidr}" is not an address or CIDR range.` })
  }
  list.addSubnet(address, length, family === 6 ? 'ipv6' : 'ipv4')
}

const CLAIMS = new Set(['forwarded', 'x-real-ip', 'x-client-ip', 'true-client-ip', 'x-original-url', 'x-rewrite-url'])

/** Of the gateway's own fields the one that clients may send: it says what they want, not who they are. */
const ASKING = 'x-konnect-model'

const isClaim = (name: string): boolean =>
  name !== ASKING &&
  (name.startsWith('x-forwarded-') ||
    name.startsWith('x-consumer-') ||
    name.startsWith('x-konnect-') ||
    CLAIMS.has(name))

function removeClaims(headers: HeaderList): void {
  for (let i = headers.length - 2; i >= 0; i -= 2) if (isClaim(headers[i] ?? '')) headers.splice(i, 2)
}
