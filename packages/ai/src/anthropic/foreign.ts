import { isJsonObject, type JsonObject } from '@konnect/contract'
import { isMarkedSeal, SEAL_MARK } from '../canonical/seal.ts'
import { objectsOf, textOf } from '../json/access.ts'
import { parseExact, stringifyExact } from '../json/numbers.ts'

const MARKS = ['"signature":""', '"signature": ""', `"${SEAL_MARK}`]

/**
 * Takes thinking without a seal, or with the seal of another dialect, out of the messages. Clients send it back as the gateway gave it, from a vendor of another
 * dialect; a vendor of this dialect would refuse it.
 */
export function stripForeign(body: Buffer): Buffer {
  if (!MARKS.some((mark) => body.includes(mark))) return body
  const request = parseExact(body.toString())
  if (!isJsonObject(request)) return body
  let isChanged = false
  for (const message of objectsOf(request.messages)) {
    const { content } = message
    if (!Array.isArray(content)) continue
    message.content = content.filter((block) => !isJsonObject(block) || !isForeign(block))
    isChanged ||= message.content.length < content.length
  }
  if (!isChanged) return body
  request.messages = objectsOf(request.messages).filter(hasContent)
  return Buffer.from(stringifyExact(request))
}

function isForeign(block: JsonObject): boolean {
  if (block.type === 'redacted_thinking') return isMarkedSeal(textOf(block.data) ?? '')
  return block.type === 'thinking' && (block.signature === '' || isMarkedSeal(textOf(block.signature) ?? ''))
}

const hasContent = (message: JsonObject): boolean => !Array.isArray(message.content) || message.content.length > 0
