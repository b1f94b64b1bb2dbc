import type { HeaderList } from '@konnect/contract'
import { connectionOptions } from './field-section.ts'

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** What a client may nominate in Connection without losing it: removing these would change what the request says. */
const PROTECTED = new Set(['host', 'content-length', 'authorization', 'cookie'])

/**
 * Removes the fields that end at this hop (RFC 9110 §7.6.1), in place: the known ones and those that Connection
 * nominates. Content-Length and Host stay, they are the caller's to decide. Costs one pass, and moves nothing when there
 * is nothing to remove.
 */
export function stripHopByHop(headers: HeaderList): void {
  const nominated = nominatedBy(headers)
  let to = 0
  for (let from = 0; from < headers.length; from += 2) {
    const name = headers[from] as string
    if (HOP_BY_HOP.has(name) || nominated?.includes(name)) continue
    if (to !== from) {
      headers[to] = name
      headers[to + 1] = headers[from + 1] as string
    }
    to += 2
  }
  headers.length = to
}

function nominatedBy(headers: HeaderList): string[] | undefined {
  let nominated: string[] | undefined
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i] !== 'connection') continue
    const value = headers[i + 1] as string
    if (value === 'keep-alive' || value === 'close') continue
    const options = connectionOptions(value).filter((option) => !PROTECTED.has(option))
    nominated = nominated ? [...nominated, ...options] : options
  }
  return nominated
}
