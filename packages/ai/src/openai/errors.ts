import { type GatewayError, isJsonObject, type Json, type JsonObject } from '@konnect/contract'
import { readVendorError, vendorError } from '../canonical/error.ts'
import { numberOf, textOf } from '../json/access.ts'
import type { TranslatedResponse } from '../ports.ts'

/** Reads an error answer of a vendor of this dialect. */
export const readError = (status: number, body: Buffer): GatewayError => vendorError(status, readVendorError(body))

/** The error that a chunk holds in place of choices, or `undefined`. */
export function streamError(chunk: JsonObject): GatewayError | undefined {
  const { error } = chunk
  if (error === undefined || error === null || error === false) return undefined
  const found = isJsonObject(error) ? error : { message: error }
  const status =
    numberOf(found.code) ?? numberOf(found.status) ?? statusOfType(textOf(found.type) ?? textOf(found.code))
  return vendorError(status >= 400 && status <= 599 ? status : 502, {
    message: textOf(found.message),
    type: textOf(found.type),
    code: textOf(found.code),
  })
}

const statusOfType = (type: string | undefined): number => {
  if (type === undefined) return 502
  if (type.includes('rate_limit') || type.includes('quota')) return 429
  if (type.includes('overloaded')) return 503
  return type.includes('invalid_request') ? 400 : 502
}

/** Writes an error answer. */
export function writeError(error: GatewayError): TranslatedResponse {
  return {
    status: error.status === 529 ? 503 : error.status,
    contentType: 'application/json',
    body: Buffer.from(JSON.stringify({ error: errorBody(error) })),
  }
}

/** Writes an error as the last event of a stream. */
export const errorEvent = (error: GatewayError): string => `data: ${JSON.stringify({ error: errorBody(error) })}\n\n`

/** Message, type and code of an error, as programs written for OpenAI know them. */
export function errorBody(error: GatewayError): { [key: string]: Json } {
  return { message: error.detail, type: typeOf(error.status), param: null, code: codeOf(error) }
}

function typeOf(status: number): string {
  switch (status) {
    case 401:
      return 'authentication_error'
    case 403:
      return 'permission_error'
    case 429:
      return 'rate_limit_error'
    default:
      return status >= 500 ? 'server_error' : 'invalid_request_error'
  }
}

// The codes that programs written for this dialect know; otherwise the gateway's own.
function codeOf(error: GatewayError): string {
  if (error.code === 'credential_invalid' || error.code === 'credential_missing') return 'invalid_api_key'
  if (error.code === 'rate_limited') return 'rate_limit_exceeded'
  if (error.code !== 'upstream_error') return error.code
  if (error.status === 404) return 'model_not_found'
  if (error.status === 429) return 'rate_limit_exceeded'
  return error.status === 529 || error.status === 503 ? 'overloaded' : error.code
}
