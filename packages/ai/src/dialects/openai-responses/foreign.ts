import { isJsonObject, type Json } from '@konnect/contract'
import { isMarkedSeal, SEAL_MARK } from '../../canonical/seal.ts'
import { textOf } from '../../json/access.ts'
import { parseExact, stringifyExact } from '../../json/numbers.ts'

/**
 * Takes reasoning items out of the input that this gateway translated from a vendor of another dialect: a vendor of this
 * one could not decrypt them, and would refuse the request.
 */
export function stripForeign(body: Buffer): Buffer {
  if (!body.includes(`"${SEAL_MARK}`)) return body
  const request = parseExact(body.toString().replace(/^\ufeff/, ''))
  if (!isJsonObject(request) || !Array.isArray(request.input)) return body
  const input = request.input.filter((item) => !isForeign(item))
  if (input.length === request.input.length) return body
  return Buffer.from(stringifyExact({ ...request, input }))
}

const isForeign = (item: Json): boolean =>
  isJsonObject(item) && item.type === 'reasoning' && isMarkedSeal(textOf(item.encrypted_content) ?? '')
