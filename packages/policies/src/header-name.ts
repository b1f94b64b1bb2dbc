import { GatewayError } from '@konnect/contract'

/** Pattern of a field name in settings (token of RFC 9110 §5.6.2, at most 64 characters). */
export const FIELD_NAME_PATTERN = "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$"

/** Fields that belong to one connection or frame a message: only the gateway itself writes them. */
export const RESERVED_FIELDS: readonly string[] = [
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

const reserved = new Set(RESERVED_FIELDS)

/** The lower-case name. Throws `snapshot_invalid` for a field that policies must not touch. */
export function ownableField(policy: string, name: string): string {
  const lower = name.toLowerCase()
  if (!reserved.has(lower)) return lower
  throw new GatewayError('snapshot_invalid', { detail: `${policy}: the gateway itself writes the field "${name}".` })
}
