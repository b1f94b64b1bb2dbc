import type { GatewayError } from '@konnect/contract'
import { readVendorError, vendorError } from '../canonical/error.ts'
import type { StreamEvent } from '../framing/framing.ts'
import { objectOf, textOf } from '../json/access.ts'

/** Statuses of the exceptions that stand inside a stream, where there is no status line. */
const STATUSES: ReadonlyMap<string, number> = new Map([
  ['validationException', 400],
  ['accessDeniedException', 403],
  ['resourceNotFoundException', 404],
  ['modelTimeoutException', 408],
  ['modelStreamErrorException', 424],
  ['throttlingException', 429],
  ['modelNotReadyException', 429],
  ['internalServerException', 500],
  ['serviceUnavailableException', 503],
])

// Names of resources carry the number of the account.
const RESOURCE = /\barn:[^\s"'\\]+/g
const withoutAccounts = (text: string | undefined): string | undefined => text?.replace(RESOURCE, '***')

/** Reads an error answer: `{ message }`, or `{ Message }` where the request was not even authorised. */
export function readError(status: number, body: Buffer): GatewayError {
  const said = readVendorError(body)
  return vendorError(status, { ...said, message: withoutAccounts(said.message ?? capitalised(body)) })
}

function capitalised(body: Buffer): string | undefined {
  try {
    return textOf(objectOf(JSON.parse(body.toString())).Message)
  } catch {
    return undefined
  }
}

const IN_PLACE_OF_EVENT = /^(?:exception|error):(.*)$/s

/** The error that stands in a stream in place of an event; `undefined` for what is an event. */
export function faultOf({ name, data }: StreamEvent): GatewayError | undefined {
  const type = IN_PLACE_OF_EVENT.exec(name)?.[1]
  if (type === undefined) return undefined
  const said = readVendorError(Buffer.from(data ?? ''))
  return vendorError(STATUSES.get(type) ?? 502, { ...said, type, message: withoutAccounts(said.message) })
}
