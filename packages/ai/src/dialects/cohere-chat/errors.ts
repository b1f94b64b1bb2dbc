import type { GatewayError } from '@konnect/contract'
import { readVendorError, vendorError } from '../../canonical/error.ts'

/** Reads an error answer: `{ message }`. */
export const readError = (status: number, body: Buffer): GatewayError => vendorError(status, readVendorError(body))

/** The vendor gave up inside of a 200 answer, for the reason that it names. */
export const brokenOff = (reason: string, message: string | undefined): GatewayError =>
  vendorError(502, { message: message ?? 'The model stopped with an error.', type: reason, code: undefined })
