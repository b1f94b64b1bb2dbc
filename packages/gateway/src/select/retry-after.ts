import { type HeaderList, headerOf, isJsonObject } from '@konnect/contract'

/** Longest wait that is believed, whatever a vendor says: 5 minutes. */
export const MAX_RETRY_AFTER_MS = 300_000

const DECIMAL = /^\d{1,12}(?:\.\d{1,12})?$/
const DURATION = /^(?:\d{1,12}(?:\.\d{1,12})?(?:ns|us|µs|μs|ms|s|m|h))+$/
const DURATION_PART = /(\d+(?:\.\d+)?)(ns|us|µs|μs|ms|s|m|h)/g
const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
}
const TIME = String.raw`\d\d:\d\d:\d\d`
const HTTP_DATE = new RegExp(
  `^(?:[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} ${TIME} GMT|[A-Z][a-z]{5,8}, \\d\\d-[A-Z][a-z]{2}-\\d\\d ${TIME} GMT|` +
    `[A-Z][a-z]{2} [A-Z][a-z]{2} [ \\d]\\d ${TIME} \\d{4})$`,
)
const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/
// Both name a bucket; its `remaining` sibling tells whether it is the one that is used up.
const RESET = /^(x-ratelimit-)reset-(requests|tokens)$|^(anthropic-ratelimit-)([a-z-]+)-reset$/
const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo'

/**
 * How long a vendor asks to wait, in milliseconds from `nowMs` (Unix time), at most {@link MAX_RETRY_AFTER_MS}; 0 when the
 * moment has passed, `undefined` when it says nothing that can be understood. The first of these that holds:
 *
 * - `retry-after-ms`: milliseconds;
 * - `retry-after` (RFC 9110 §10.2.3): seconds, also with a fraction, or an HTTP date in any of its three forms;
 * - `x-ratelimit-reset-requests`, `x-ratelimit-reset-tokens`: durations such as `6m0s` or `20ms`, a bare number is seconds;
 *   `anthropic-ratelimit-*-reset`: RFC 3339. Buckets with something left do not count unless all have; the longest wait does;
 * - `google.rpc.RetryInfo` among the details of an error body, `retryDelay: "36s"`.
 *
 * Callers add jitter.
 */
export function retryAfterMs(headers: HeaderList, body: Uint8Array | undefined, nowMs: number): number | undefined {
  const wait =
    decimal(headerOf(headers, 'retry-after-ms')) ??
    secondsOrDate(headerOf(headers, 'retry-after'), nowMs) ??
    longestReset(headers, nowMs) ??
    (body === undefined ? undefined : retryInfo(body))
  return wait === undefined ? undefined : Math.min(Math.max(0, wait), MAX_RETRY_AFTER_MS)
}

function decimal(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? ''
  return DECIMAL.test(trimmed) ? Number(trimmed) : undefined
}

function seconds(text: string | undefined): number | undefined {
  const value = decimal(text)
  return value === undefined ? undefined : value * 1000
}

function secondsOrDate(text: string | undefined, nowMs: number): number | undefined {
  return seconds(text) ?? httpDate(text?.trim() ?? '', nowMs)
}

// The asctime form has no zone, and all forms mean UTC (RFC 9110 §5.6.7).
function httpDate(text: string, nowMs: number): number | undefined {
  if (!HTTP_DATE.test(text)) return undefined
  return until(Date.parse(text.endsWith('GMT') ? text : `${text} GMT`), nowMs)
}

function until(atMs: number, nowMs: number): number | undefined {
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs)
}

function duration(text: string): number | undefined {
  if (!DURATION.test(text)) return seconds(text)
  let total = 0
  for (const [, count, unit = ''] of text.matchAll(DURATION_PART)) total += Number(count) * (UNIT_MS[unit] ?? 0)
  return total
}

function longestReset(headers: HeaderList, nowMs: number): number | undefined {
  const used: number[] = []
  const others: number[] = []
  for (let i = 0; i < headers.length; i += 2) {
    const match = RESET.exec(headers[i] ?? '')
    if (match === null) continue
    const wait = resetWait(headers[i + 1]?.trim() ?? '', nowMs)
    if (wait !== undefined) (isLeft(headers, match) ? others : used).push(wait)
  }
  const counted = used.length > 0 ? used : others
  return counted.length > 0 ? Math.max(...counted) : undefined
}

function resetWait(text: string, nowMs: number): number | undefined {
  return RFC_3339.test(text) ? until(Date.parse(text), nowMs) : duration(text)
}

function isLeft(headers: HeaderList, [, prefix, bucket, otherPrefix, otherBucket]: RegExpExecArray): boolean {
  const name = prefix === undefined ? `${otherPrefix}${otherBucket}-remaining` : `${prefix}remaining-${bucket}`
  return (decimal(headerOf(headers, name)) ?? 0) > 0
}

function retryInfo(body: Uint8Array): number | undefined {
  const error = errorIn(body)
  const details: unknown = error?.details
  for (const detail of Array.isArray(details) ? details : []) {
    if (!isJsonObject(detail) || detail['@type'] !== RETRY_INFO || typeof detail.retryDelay !== 'string') continue
    const wait = duration(detail.retryDelay)
    if (wait !== undefined) return wait
  }
  return undefined
}

// An error of a stream that is a JSON array stands in an array, too.
function errorIn(body: Uint8Array) {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString())
    const first: unknown = Array.isArray(parsed) ? parsed[0] : parsed
    return isJsonObject(first) && isJsonObject(first.error) ? first.error : undefined
  } catch {
    return undefined
  }
}
