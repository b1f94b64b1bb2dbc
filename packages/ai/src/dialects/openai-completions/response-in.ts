import { GatewayError, isJsonObject } from '@konnect/contract'
import { settleFinish } from '../../canonical/finish.ts'
import type { ChatResponse } from '../../canonical/response.ts'
import { objectsOf, textOf } from '../../json/access.ts'
import { readUsage } from '../../openai/chat-usage.ts'
import { streamError } from '../../openai/errors.ts'
import { readFinish } from '../../openai/finish.ts'

/** Reads a `text_completion`; choices after the first are left out. Throws the vendor's error, or `upstream_invalid` when there is no choice. */
export function readResponse(body: unknown): ChatResponse {
  const error = isJsonObject(body) ? streamError(body) : undefined
  if (error) throw error
  const choice = isJsonObject(body) ? objectsOf(body.choices)[0] : undefined
  if (choice === undefined || !isJsonObject(body)) {
    throw new GatewayError('upstream_invalid', { reason: 'The answer holds no choices' })
  }
  const text = textOf(choice.text) ?? ''
  return {
    parts: text === '' ? [] : [{ type: 'text', text }],
    finishReason: settleFinish(readFinish(choice.finish_reason) ?? 'stop', false, false),
    usage: readUsage(body.usage),
  }
}
