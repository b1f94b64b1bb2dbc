import { GatewayError, isJsonObject, type JsonObject } from '@konnect/contract'
import { markCited } from '../../canonical/citations.ts'
import { settleFinish } from '../../canonical/finish.ts'
import type { AnswerMemo, AnswerPart, ChatResponse } from '../../canonical/response.ts'
import { arrayOf, objectOf, objectsOf, textOf } from '../../json/access.ts'
import { readUsage } from '../../openai/chat-usage.ts'
import { streamError } from '../../openai/errors.ts'
import { readFinish } from '../../openai/finish.ts'
import { readMedia } from './media-in.ts'
import { readContent, readReasoning, readToolCall } from './messages-in.ts'

/** Reads a `chat.completion`; choices after the first are left out. Throws the vendor's error, or `upstream_invalid` when there is no choice. */
export function readResponse(body: unknown, memo: AnswerMemo): ChatResponse {
  const error = isJsonObject(body) ? streamError(body) : undefined
  if (error) throw error
  const choice = isJsonObject(body) ? objectsOf(body.choices)[0] : undefined
  if (choice === undefined || !isJsonObject(body)) {
    throw new GatewayError('upstream_invalid', { reason: 'The answer holds no choices' })
  }
  const parts = readParts(objectOf(choice.message), memo)
  const hasTools = parts.some((part) => part.type === 'tool_call')
  const hasRefusal = parts.some((part) => part.type === 'refusal')
  return {
    parts,
    finishReason: settleFinish(readFinish(choice.finish_reason) ?? 'stop', hasTools, hasRefusal),
    usage: readUsage(body.usage),
    ...markCited(isCited(objectOf(choice.message), body)),
  }
}

/** Whether a message or delta says where its text comes from; some vendors say so beside the choices. */
export const isCited = ({ annotations }: JsonObject, { citations }: JsonObject): boolean =>
  arrayOf(annotations).length > 0 || arrayOf(citations).length > 0

function readParts(message: JsonObject, memo: AnswerMemo): AnswerPart[] {
  const refusal = textOf(message.refusal)
  const legacy = isJsonObject(message.function_call) ? [{ id: 'call_0', function: message.function_call }] : []
  return [
    ...readReasoning(message),
    ...readContent(message.content, []),
    ...readMedia(message),
    ...(refusal ? [{ type: 'refusal' as const, text: refusal }] : []),
    ...[...objectsOf(message.tool_calls), ...legacy].map((call) => {
      const part = readToolCall(call)
      return { ...part, name: memo.restoreToolName(part.name) }
    }),
  ].filter(isAnswerPart)
}

const isAnswerPart = (part: { readonly type: string }): part is AnswerPart => ANSWER_PARTS.has(part.type)
const ANSWER_PARTS: ReadonlySet<string> = new Set([
  'text',
  'reasoning',
  'redacted',
  'tool_call',
  'refusal',
  'image',
  'speech',
])
