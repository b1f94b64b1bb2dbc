import { type GatewayError, isJsonObject, type JsonObject } from '@konnect/contract'
import { readVendorError, vendorError } from '../../canonical/error.ts'
import { numberOf, textOf } from '../../json/access.ts'

/** Reads an error answer: `{ error }`, a sentence. */
export const readError = (status: number, body: Buffer): GatewayError => vendorError(status, readVendorError(body))

/** The error that an answer or a line of a stream holds in place of a message, or `undefined`. */
export function innerError(answer: JsonObject): GatewayError | undefined {
  const { error } = answer
  if (error === undefined || error === null) return undefined
  const status = numberOf(answer.status_code) ?? numberOf(answer.code) ?? 502
  return vendorError(status >= 400 && status <= 599 ? status : 502, {
    message: isJsonObject(error) ? textOf(error.message) : textOf(error),
    type: undefined,
    code: undefined,
  })
}
