import { GatewayError, isJsonObject, type JsonObject } from '@konnect/contract'
import { markCited } from '../../canonical/citations.ts'
import { settleFinish } from '../../canonical/finish.ts'
import type { ToolCallPart } from '../../canonical/request.ts'
import type { AnswerMemo, AnswerPart, ChatResponse } from '../../canonical/response.ts'
import { arrayOf, objectOf, objectsOf, textOf } from '../../json/access.ts'
import { brokenOff } from './errors.ts'
import { readFinish } from './finish.ts'
import { readUsage } from './usage.ts'

/**
 * Reads an answer. The plan before tool calls is reasoning. Throws the vendor's error, or `upstream_invalid` when it is no chat answer.
 */
export function readResponse(body: unknown, memo: AnswerMemo): ChatResponse {
  if (!isJsonObject(body) || !isJsonObject(body.message)) {
    throw new GatewayError('upstream_invalid', { reason: 'The answer holds no message' })
  }
  const finish = readFinish(body.finish_reason) ?? 'stop'
  if (finish === 'error') throw brokenOff(textOf(body.finish_reason) ?? '', textOf(body.error))
  const parts = readParts(body.message, memo)
  const hasTools = parts.some((part) => part.type === 'tool_call')
  return {
    parts,
    finishReason: settleFinish(finish, hasTools, false),
    usage: readUsage(body.usage),
    ...markCited(arrayOf(body.message.citations).length > 0),
  }
}

function readParts(message: JsonObject, memo: AnswerMemo): AnswerPart[] {
  const plan = textOf(message.tool_plan)
  const content = typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content
  return [
    ...(plan ? [{ type: 'reasoning' as const, text: plan }] : []),
    ...objectsOf(content).flatMap(readContent),
    ...objectsOf(message.tool_calls).map((call) => readCall(call, memo)),
  ]
}

/** Reads one piece of content, whole or as the first of a stream. */
export function readContent(content: JsonObject): AnswerPart[] {
  const text = textOf(content.text)
  const thinking = textOf(content.thinking)
  if (thinking) return [{ type: 'reasoning', text: thinking }]
  return text ? [{ type: 'text', text }] : []
}

/** Reads one call. A model that has nothing to hand over says `null`, which is no arguments. */
export function readCall(call: JsonObject, memo: AnswerMemo): ToolCallPart {
  const body = objectOf(call.function)
  const text = textOf(body.arguments) ?? ''
  return {
    type: 'tool_call',
    id: textOf(call.id) ?? '',
    name: memo.restoreToolName(textOf(body.name) ?? ''),
    arguments: text.trim() === 'null' ? '' : text,
  }
}
