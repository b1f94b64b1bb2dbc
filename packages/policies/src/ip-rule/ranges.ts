import { GatewayError } from '@konnect/contract'
import ipaddr from 'ipaddr.js'

/** Whether an address lies in one of the ranges; undefined when the text is no address. */
export type RangeTest = (address: string) => boolean | undefined

interface Range<T> {
  readonly first: T
  last: T
}

/**
 * Compiles addresses and CIDR ranges (RFC 4632, RFC 4291) into two sorted lists that are searched by halves. An IPv4
 * address mapped into IPv6 (`::ffff:a.b.c.d`) counts as the IPv4 address, on both sides. Host bits in a range are ignored.
 *
 * Throws `snapshot_invalid` for a text that is neither address nor range.
 */
export function compileRanges(texts: readonly string[]): RangeTest {
  const four: Range<number>[] = []
  const six: Range<bigint>[] = []
  for (const text of texts) {
    const { address, bits } = parseRange(text)
    if (address instanceof ipaddr.IPv4) {
      const size = 2 ** (32 - bits)
      const first = Math.floor(numberOf(address) / size) * size
      four.push({ first, last: first + size - 1 })
    } else {
      const size = 1n << BigInt(128 - bits)
      const first = (bigintOf(address) / size) * size
      six.push({ first, last: first + size - 1n })
    }
  }
  const mergedFour = merge(four)
  const mergedSix = merge(six)
  return (text) => {
    const quick = quickIPv4(text)
    if (quick !== undefined) return contains(mergedFour, quick)
    const address = parseAddress(text)
    if (address === undefined) return undefined
    return address instanceof ipaddr.IPv4
      ? contains(mergedFour, numberOf(address))
      : contains(mergedSix, bigintOf(address))
  }
}

function parseRange(text: string): { address: ipaddr.IPv4 | ipaddr.IPv6; bits: number } {
  const slash = text.indexOf('/')
  const host = slash < 0 ? text : text.slice(0, slash)
  const written = parseWritten(host)
  if (written === undefined) throw invalid(text)
  const width = written instanceof ipaddr.IPv4 ? 32 : 128
  const suffix = slash < 0 ? String(width) : text.slice(slash + 1)
  const bits = Number(suffix)
  if (!/^\d{1,3}$/.test(suffix) || bits > width) throw invalid(text)
  if (written instanceof ipaddr.IPv6 && written.isIPv4MappedAddress() && bits >= 96) {
    return { address: written.toIPv4Address(), bits: bits - 96 }
  }
  return { address: written, bits }
}

function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const zone = text.indexOf('%')
  const address = parseWritten(zone < 0 ? text : text.slice(0, zone))
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address
}

// ipaddr.js alone would also read 127.1, 0x7f.0.0.1 or 010.0.0.1, which other programs read differently.
function parseWritten(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text)
  return text.includes(':') && ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : undefined
}

/** The number of a dotted address without any object; undefined for everything unusual. */
function quickIPv4(text: string): number | undefined {
  let value = 0
  let part = 0
  let digits = 0
  let dots = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 46 && digits > 0) {
      value = value * 256 + part
      part = 0
      digits = 0
      dots += 1
    } else if (code >= 48 && code <= 57 && digits < 3 && (digits === 0 || part > 0)) {
      part = part * 10 + code - 48
      digits += 1
      if (part > 255) return undefined
    } else return undefined
  }
  return dots === 3 && digits > 0 ? value * 256 + part : undefined
}

function merge<T extends number | bigint>(ranges: Range<T>[]): Range<T>[] {
  ranges.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))
  const merged: Range<T>[] = []
  for (const range of ranges) {
    const last = merged.at(-1)
    if (last === undefined || range.first > last.last) merged.push({ ...range })
    else if (range.last > last.last) last.last = range.last
  }
  return merged
}

function contains<T extends number | bigint>(ranges: readonly Range<T>[], value: T): boolean {
  let low = 0
  let high = ranges.length - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    const range = ranges[middle]
    if (range === undefined || value < range.first) high = middle - 1
    else if (value > range.last) low = middle + 1
    else return true
  }
  return false
}

const numberOf = (address: ipaddr.IPv4): number => address.octets.reduce((sum, octet) => sum * 256 + octet, 0)

const bigintOf = (address: ipaddr.IPv6): bigint => address.parts.reduce((sum, part) => sum * 65536n + BigInt(part), 0n)

const invalid = (text: string) =>
  new GatewayError('snapshot_invalid', {
    detail: `ip-rule: expected an address or a range such as 10.0.0.0/8, got "${text}".`,
  })
