import { randomUUID } from 'node:crypto'
import { GatewayError, isJsonObject, type JsonObject } from '@konnect/contract'
import { settleFinish } from '../../canonical/finish.ts'
import type { ToolCallPart } from '../../canonical/request.ts'
import type { AnswerMemo, AnswerPart, ChatResponse } from '../../canonical/response.ts'
import { argumentsText } from '../../canonical/tool-arguments.ts'
import { objectOf, objectsOf, textOf } from '../../json/access.ts'
import { innerError } from './errors.ts'
import { readFinish } from './finish.ts'
import { readUsage } from './usage.ts'

/** Reads an answer. Throws the vendor's error, or `upstream_invalid` when there is no message. */
export function readResponse(body: unknown, memo: AnswerMemo): ChatResponse {
  const error = isJsonObject(body) ? innerError(body) : undefined
  if (error) throw error
  if (!isJsonObject(body) || !isJsonObject(body.message)) {
    throw new GatewayError('upstream_invalid', { reason: 'The answer holds no message' })
  }
  const parts = readParts(body.message, memo)
  const hasTools = parts.some((part) => part.type === 'tool_call')
  return {
    parts,
    finishReason: settleFinish(readFinish(body.done_reason), hasTools, false),
    usage: readUsage(body),
  }
}

/** Reads what a message, whole or of one line of a stream, says. */
export function readParts(message: JsonObject, memo: AnswerMemo): AnswerPart[] {
  const thinking = textOf(message.thinking)
  const content = textOf(message.content)
  return [
    ...(thinking ? [{ type: 'reasoning' as const, text: thinking }] : []),
    ...(content ? [{ type: 'text' as const, text: content }] : []),
    ...objectsOf(message.tool_calls).map((call) => readCall(call, memo)),
  ]
}

// Older servers give calls no id, and clients need one that no other call of the conversation has.
function readCall(call: JsonObject, memo: AnswerMemo): ToolCallPart {
  const body = objectOf(call.function)
  return {
    type: 'tool_call',
    id: textOf(call.id) || `call_${randomUUID()}`,
    name: memo.restoreToolName(textOf(body.name) ?? ''),
    arguments: argumentsText(body.arguments),
  }
}
