import { GatewayError, isJsonObject } from '@konnect/contract'
import { textOf } from '../json/access.ts'

/** What a vendor says about an error, in whichever words. */
export interface VendorError {
  readonly message: string | undefined
  readonly type: string | undefined
  readonly code: string | undefined
}

// No pattern crosses a quote or a backslash, so masked JSON stays JSON.
const SECRET =
  /\b(?:sk|pk|rk|gsk|xai|nvapi)[-_][-_*.A-Za-z0-9]{6,}|\bBearer\s+[^\s"'\\]+|\bAIza[\w-]{20,}|\bAKIA[A-Z0-9]{12,}/g
const ADDRESS = /\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b/g
const INTERNAL_URL =
  /\b(?:https?|grpcs?|wss?):\/\/(?:localhost|[^\s/"'\\.:]+(?=[:/\s"'\\]|$)|[^\s/"'\\]*\.(?:internal|local|lan|svc|corp))(?::\d+)?[^\s"'\\]*/gi
const MAX_MESSAGE = 2000

/** Text of a vendor with keys and internal addresses masked. Public links stay. */
export const maskSecrets = (text: string): string =>
  text.replace(SECRET, '***').replace(INTERNAL_URL, '***').replace(ADDRESS, '***')

/** Finds message, type and code in an error body of any vendor: nested, flat, a bare string, or no JSON at all. */
export function readVendorError(body: Buffer): VendorError {
  const nothing = { message: undefined, type: undefined, code: undefined }
  let parsed: unknown
  try {
    parsed = JSON.parse(body.toString())
  } catch {
    return nothing
  }
  if (Array.isArray(parsed)) parsed = parsed[0]
  if (!isJsonObject(parsed)) return nothing
  if (typeof parsed.error === 'string') return { ...nothing, message: parsed.error }
  const found = isJsonObject(parsed.error) ? parsed.error : parsed
  return {
    message: textOf(found.message) ?? textOf(found.detail),
    type: textOf(found.type) ?? textOf(found.status),
    code: textOf(found.code),
  }
}

/** An error of a vendor as ours: its status, its message without secrets, and all it said for the operator. */
export function vendorError(status: number, said: VendorError): GatewayError {
  const words = [said.type, said.code, said.message].filter((word) => word !== undefined).join(': ')
  return new GatewayError('upstream_error', {
    status,
    reason: maskSecrets(`The vendor answered ${status}${words === '' ? '' : `: ${words}`}`).slice(0, MAX_MESSAGE),
    ...(said.message ? { detail: maskSecrets(said.message).slice(0, MAX_MESSAGE) } : {}),
  })
}
