import { isJsonObject, type JsonObject } from '@konnect/contract'
import { objectsOf, textOf } from '../../json/access.ts'
import { parseExact, stringifyExact } from '../../json/numbers.ts'
import { FOREIGN_MARKS, isForeignSeal } from './seal.ts'

/**
 * Takes thoughts out of the contents that another dialect sealed. Clients send them back as the gateway gave them; a vendor
 * of this dialect would refuse the signature.
 */
export function stripForeign(body: Buffer): Buffer {
  if (!FOREIGN_MARKS.some((mark) => body.includes(mark))) return body
  const request = parseExact(body.toString().replace(/^\ufeff/, ''))
  if (!isJsonObject(request)) return body
  let isChanged = false
  for (const content of objectsOf(request.contents)) {
    const { parts } = content
    if (!Array.isArray(parts)) continue
    content.parts = parts.filter((part) => !isJsonObject(part) || !isForeign(part))
    isChanged ||= content.parts.length < parts.length
  }
  if (!isChanged) return body
  request.contents = objectsOf(request.contents).filter(hasParts)
  return Buffer.from(stringifyExact(request))
}

const isForeign = (part: JsonObject): boolean =>
  isForeignSeal(textOf(part.thoughtSignature) ?? textOf(part.thought_signature) ?? '')

const hasParts = ({ parts }: JsonObject): boolean => !Array.isArray(parts) || parts.length > 0
