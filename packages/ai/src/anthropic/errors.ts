import type { GatewayError, JsonObject } from '@konnect/contract'
import { readVendorError, vendorError } from '../canonical/error.ts'
import { objectOf, textOf } from '../json/access.ts'
import type { TranslatedResponse } from '../ports.ts'
import { frame } from './frame.ts'

/** Statuses and the error types that stand for them, first match. */
const TYPES: readonly (readonly [status: number, type: string])[] = [
  [400, 'invalid_request_error'],
  [401, 'authentication_error'],
  [402, 'billing_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [410, 'not_found_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [500, 'api_error'],
  [504, 'timeout_error'],
  [529, 'overloaded_error'],
]

/** Reads an error answer of a vendor of this dialect. */
export const readError = (status: number, body: Buffer): GatewayError => vendorError(status, readVendorError(body))

/** Reads an `error` event. */
export function streamError(data: JsonObject): GatewayError {
  const error = objectOf(data.error)
  const type = textOf(error.type)
  const status = TYPES.find((row) => row[1] === type)?.[0] ?? 502
  return vendorError(status, { message: textOf(error.message), type, code: undefined })
}

/** Writes an error answer. A vendor's 503 becomes the dialect's 529. */
export function writeError(error: GatewayError, requestId: string): TranslatedResponse {
  return {
    status: statusOf(error),
    contentType: 'application/json',
    body: Buffer.from(JSON.stringify({ type: 'error', ...errorBody(error, requestId) })),
  }
}

/** Writes an error as the last event of a stream. */
export const errorEvent = (error: GatewayError, requestId: string): string =>
  frame('error', errorBody(error, requestId))

const statusOf = (error: GatewayError): number =>
  error.status === 503 && error.code === 'upstream_error' ? 529 : error.status

function errorBody(error: GatewayError, requestId: string): JsonObject {
  return { error: { type: typeOf(statusOf(error)), message: error.detail }, request_id: requestId }
}

function typeOf(status: number): string {
  const exact = TYPES.find((row) => row[0] === status)
  if (exact) return exact[1]
  return status >= 500 ? 'api_error' : 'invalid_request_error'
}
