import { type GatewayError, isJsonObject, type JsonObject } from '@konnect/contract'
import { vendorError } from '../../canonical/error.ts'
import { errorBody, streamError } from '../../openai/errors.ts'

/** Reads an `error` event, with its words nested or not, or the `error` of a failed response. */
export function readFailure(holder: JsonObject): GatewayError {
  const { code = null, message = null } = holder
  const error = streamError({ error: isJsonObject(holder.error) ? holder.error : { code, message } })
  return error ?? vendorError(502, { message: undefined, type: undefined, code: undefined })
}

/** The error of a response object, or `undefined` when it did not fail. */
export function responseError(response: JsonObject): GatewayError | undefined {
  if (response.status !== 'failed' && !isJsonObject(response.error)) return undefined
  return readFailure({ error: response.error ?? null })
}

/**
 * Writes an error as the last event of a stream. The dialect's documentation has the words beside the event's type, its
 * vendor sends them nested, where the official clients look: they stand in both places.
 */
export function errorEvent(error: GatewayError, sequenceNumber?: number): string {
  const body = errorBody(error)
  const { code = null, message = null } = body
  const place = sequenceNumber === undefined ? {} : { sequence_number: sequenceNumber }
  return `event: error\ndata: ${JSON.stringify({ type: 'error', ...place, code, message, param: null, error: body })}\n\n`
}
