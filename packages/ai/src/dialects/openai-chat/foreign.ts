import { isJsonObject } from '@konnect/contract'
import { objectsOf } from '../../json/access.ts'
import { parseExact, stringifyExact } from '../../json/numbers.ts'

const MARK = '"thinking_blocks"'

/**
 * Takes `thinking_blocks` and the reasoning that came with them out of the messages. Clients send them back as the gateway
 * gave them, sealed by a vendor of another dialect; a vendor of this dialect would refuse the field.
 */
export function stripForeign(body: Buffer): Buffer {
  if (!body.includes(MARK)) return body
  const request = parseExact(body.toString())
  if (!isJsonObject(request)) return body
  const sealed = objectsOf(request.messages).filter((message) => message.thinking_blocks !== undefined)
  for (const message of sealed) {
    delete message.thinking_blocks
    delete message.reasoning_content
  }
  return sealed.length === 0 ? body : Buffer.from(stringifyExact(request))
}
