import { GatewayError, type HeaderList, headerOf, isJsonObject, type JsonObject } from '@konnect/contract'
import { vendorError } from '../canonical/error.ts'
import { numberOf, objectOf, objectsOf, textOf } from '../json/access.ts'
import type { TranslatedResponse } from '../ports.ts'

/** Statuses and their names (google.rpc.Code and its HTTP mapping), first match. */
const NAMES: readonly (readonly [status: number, name: string])[] = [
  [400, 'INVALID_ARGUMENT'],
  [401, 'UNAUTHENTICATED'],
  [403, 'PERMISSION_DENIED'],
  [404, 'NOT_FOUND'],
  [410, 'NOT_FOUND'],
  [409, 'ABORTED'],
  [429, 'RESOURCE_EXHAUSTED'],
  [499, 'CANCELLED'],
  [500, 'INTERNAL'],
  [501, 'UNIMPLEMENTED'],
  [503, 'UNAVAILABLE'],
  [504, 'DEADLINE_EXCEEDED'],
  [400, 'FAILED_PRECONDITION'],
  [400, 'OUT_OF_RANGE'],
]

const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo'

/** Reads an error answer of a vendor of this dialect. What it says about waiting becomes `retry-after`. */
export function readError(status: number, body: Buffer): GatewayError {
  let parsed: unknown
  try {
    parsed = JSON.parse(body.toString())
  } catch {
    parsed = undefined
  }
  // A stream that is no server-sent events is an array, its errors included.
  const holder = objectOf(Array.isArray(parsed) ? parsed[0] : parsed)
  return readErrorBody(status, isJsonObject(holder.error) ? holder.error : { message: holder.error ?? null })
}

/** The error that a chunk or an answer holds in place of candidates, or `undefined`. */
export function streamError(chunk: JsonObject): GatewayError | undefined {
  if (!isJsonObject(chunk.error)) return undefined
  const name = textOf(chunk.error.status)
  const status = numberOf(chunk.error.code) ?? NAMES.find((row) => row[1] === name)?.[0] ?? 502
  return readErrorBody(status >= 400 && status <= 599 ? status : 502, chunk.error)
}

function readErrorBody(status: number, error: JsonObject): GatewayError {
  const known = vendorError(status, { message: textOf(error.message), type: textOf(error.status), code: undefined })
  const headers = retryAfter(error)
  if (headers === undefined) return known
  const { code, detail, reason = detail } = known
  return new GatewayError(code, { status, detail, reason, headers })
}

// google.protobuf.Duration in JSON: seconds with up to nine fractional digits and an "s".
function retryAfter(error: JsonObject): HeaderList | undefined {
  for (const detail of objectsOf(error.details)) {
    const seconds = /^(\d{1,9}(?:\.\d{1,9})?)s$/.exec(textOf(detail.retryDelay) ?? '')?.[1]
    if (seconds !== undefined) return ['retry-after', String(Math.ceil(Number(seconds)))]
  }
  return undefined
}

/** Writes an error answer. */
export const writeError = (error: GatewayError): TranslatedResponse => ({
  status: statusOf(error),
  contentType: 'application/json',
  body: Buffer.from(JSON.stringify({ error: errorBody(error) })),
})

/** Writes an error as the last event of a stream. */
export const errorEvent = (error: GatewayError): string => `data: ${JSON.stringify({ error: errorBody(error) })}\n\n`

// 529 is another vendor's word for overloaded.
const statusOf = (error: GatewayError): number => (error.status === 529 ? 503 : error.status)

function errorBody(error: GatewayError): JsonObject {
  const status = statusOf(error)
  const wait = headerOf(error.headers ?? [], 'retry-after')
  const isSeconds = wait !== undefined && /^\d+$/.test(wait)
  return {
    code: status,
    message: error.detail,
    status: NAMES.find((row) => row[0] === status)?.[1] ?? (status >= 500 ? 'INTERNAL' : 'INVALID_ARGUMENT'),
    ...(isSeconds ? { details: [{ '@type': RETRY_INFO, retryDelay: `${wait}s` }] } : {}),
  }
}
