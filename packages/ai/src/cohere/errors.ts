import type { GatewayError } from '@konnect/contract'
import { readVendorError, vendorError } from '../canonical/error.ts'
import type { TranslatedResponse } from '../ports.ts'

/** Reads an error answer of a vendor, in whichever words: the followers of this dialect have their own. */
export const readError = (status: number, body: Buffer): GatewayError => vendorError(status, readVendorError(body))

/** Writes an error answer: `{ message }`. */
export const writeError = (error: GatewayError): TranslatedResponse => ({
  status: error.status === 529 ? 503 : error.status,
  contentType: 'application/json',
  body: Buffer.from(JSON.stringify({ message: error.detail })),
})

/** Writes an error as an event. Nothing of this dialect is streamed, so no client gets to see it. */
export const errorEvent = (error: GatewayError): string => `data: ${JSON.stringify({ message: error.detail })}\n\n`
