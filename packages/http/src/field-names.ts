import { TOKEN } from './characters.ts'

/** Fields that decide how a message is framed or where it ends; every other field is `other`. */
export const FIELD = {
  other: 0,
  host: 1,
  contentLength: 2,
  transferEncoding: 3,
  connection: 4,
  expect: 5,
  upgrade: 6,
  /** Hop-by-hop without a meaning of its own for the codec. */
  hop: 7,
} as const

const MEANING: Record<string, number> = {
  host: FIELD.host,
  'content-length': FIELD.contentLength,
  'transfer-encoding': FIELD.transferEncoding,
  connection: FIELD.connection,
  expect: FIELD.expect,
  upgrade: FIELD.upgrade,
  'keep-alive': FIELD.hop,
  'proxy-connection': FIELD.hop,
  'proxy-authenticate': FIELD.hop,
  'proxy-authorization': FIELD.hop,
  'proxy-authentication-info': FIELD.hop,
  te: FIELD.hop,
  trailer: FIELD.hop,
}

const FREQUENT = `accept accept-charset accept-encoding accept-language accept-ranges access-control-allow-credentials
access-control-allow-headers access-control-allow-methods access-control-allow-origin access-control-expose-headers
access-control-max-age access-control-request-headers access-control-request-method age allow alt-svc
anthropic-beta anthropic-organization-id anthropic-ratelimit-requests-limit anthropic-ratelimit-requests-remaining
anthropic-version api-key authorization cache-control cf-cache-status cf-ray content-disposition content-encoding
content-language content-location content-range content-security-policy content-type cookie cross-origin-opener-policy
cross-origin-resource-policy date dnt etag expires forwarded from grpc-status if-match if-modified-since
if-none-match if-range if-unmodified-since last-modified link location max-forwards mcp-protocol-version mcp-session-id
nel openai-beta openai-organization openai-processing-ms openai-project openai-version origin permissions-policy pragma
priority prefer range ratelimit ratelimit-policy referer referrer-policy report-to request-id retry-after
sec-ch-ua sec-ch-ua-mobile sec-ch-ua-platform sec-fetch-dest sec-fetch-mode sec-fetch-site sec-fetch-user
sec-websocket-accept sec-websocket-extensions sec-websocket-key sec-websocket-protocol sec-websocket-version server
server-timing set-cookie strict-transport-security sunset timing-allow-origin traceparent tracestate
upgrade-insecure-requests user-agent vary via warning www-authenticate x-amz-date x-amz-security-token x-api-key
x-content-type-options x-correlation-id x-forwarded-for x-forwarded-host x-forwarded-port x-forwarded-proto
x-frame-options x-goog-api-key x-powered-by x-ratelimit-limit x-ratelimit-limit-requests x-ratelimit-limit-tokens
x-ratelimit-remaining x-ratelimit-remaining-requests x-ratelimit-remaining-tokens x-ratelimit-reset x-real-ip
x-request-id x-requested-with x-stainless-arch x-stainless-lang x-stainless-os x-stainless-package-version
x-stainless-retry-count x-stainless-runtime x-stainless-runtime-version x-stainless-timeout x-xss-protection`

interface KnownField {
  readonly name: string
  readonly bytes: Uint8Array
  readonly meaning: number
}

const SLOTS = 2048
const table: (KnownField | undefined)[] = new Array<KnownField | undefined>(SLOTS).fill(undefined)

/** One step of the hash that {@link findField} is asked with; start with 0 and feed lower-case bytes. */
export const hashStep = (hash: number, lowerCaseByte: number): number => (Math.imul(hash, 31) + lowerCaseByte) | 0

/**
 * Finds the interned field whose name stands at `start…end` of `bytes`, whatever its case; `undefined` when it is not a
 * frequent one. Comparing interned names costs a pointer comparison and reading them costs no allocation.
 */
export function findField(bytes: Uint8Array, start: number, end: number, hash: number): KnownField | undefined {
  let slot = hash & (SLOTS - 1)
  for (;;) {
    const field = table[slot]
    if (field === undefined) return undefined
    if (field.bytes.length === end - start && isSame(field.bytes, bytes, start)) return field
    slot = (slot + 1) & (SLOTS - 1)
  }
}

function isSame(name: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < name.length; i++) if (name[i] !== TOKEN[bytes[start + i] as number]) return false
  return true
}

function intern(name: string): void {
  const bytes = new Uint8Array(Buffer.from(name, 'latin1'))
  let slot = bytes.reduce(hashStep, 0) & (SLOTS - 1)
  while (table[slot] !== undefined) slot = (slot + 1) & (SLOTS - 1)
  table[slot] = { name, bytes, meaning: MEANING[name] ?? FIELD.other }
}

for (const name of [...Object.keys(MEANING), ...FREQUENT.split(/\s+/)]) intern(name)
