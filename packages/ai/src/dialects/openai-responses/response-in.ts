import { GatewayError, isJsonObject, type JsonObject } from '@konnect/contract'
import { markCited } from '../../canonical/citations.ts'
import type { ImagePart } from '../../canonical/request.ts'
import type { AnswerMemo, AnswerPart, ChatResponse } from '../../canonical/response.ts'
import { arrayOf, objectsOf, textOf } from '../../json/access.ts'
import { responseError } from './errors.ts'
import { readFinish } from './finish.ts'
import { isCall, readCall } from './items-in.ts'
import { readReasoning } from './reasoning.ts'
import { readUsage } from './usage.ts'

/** Reads a `response`. Throws the vendor's error, or `upstream_invalid` when it is no response or not finished. */
export function readResponse(body: unknown, memo: AnswerMemo): ChatResponse {
  const error = isJsonObject(body) ? responseError(body) : undefined
  if (error) throw error
  if (!isJsonObject(body) || !Array.isArray(body.output)) {
    throw new GatewayError('upstream_invalid', { reason: 'The answer holds no output' })
  }
  if (body.status === 'queued' || body.status === 'in_progress') {
    throw new GatewayError('upstream_invalid', { reason: 'The answer is not finished' })
  }
  const parts = objectsOf(body.output).flatMap((item) => readItem(item, memo))
  const hasTools = parts.some((part) => part.type === 'tool_call')
  const hasRefusal = parts.some((part) => part.type === 'refusal')
  return {
    parts,
    finishReason: readFinish(body, { hasTools, hasRefusal }),
    usage: readUsage(body.usage),
    ...markCited(objectsOf(body.output).some(isCited)),
  }
}

/** Whether an item says where its text comes from. */
export const isCited = (item: JsonObject): boolean =>
  objectsOf(item.content).some(({ annotations }) => arrayOf(annotations).length > 0)

// Tools that the vendor runs itself and their results are no part of the answer: the client cannot act on them.
function readItem(item: JsonObject, memo: AnswerMemo): AnswerPart[] {
  if (isCall(item)) {
    const call = readCall(item)
    return [{ ...call, name: memo.restoreToolName(call.name) }]
  }
  if (item.type === 'reasoning') return readReasoning(item)
  if (item.type === 'image_generation_call') return readImage(item)
  return item.type === 'message' ? objectsOf(item.content).flatMap(readPart) : []
}

function readPart(part: JsonObject): AnswerPart[] {
  if (part.type === 'output_text') return [{ type: 'text', text: textOf(part.text) ?? '' }]
  return part.type === 'refusal' ? [{ type: 'refusal', text: textOf(part.refusal) ?? '' }] : []
}

/** Reads an image that the model drew; nothing while it is not done. Images are PNG unless the item says otherwise. */
export function readImage(item: JsonObject): ImagePart[] {
  const data = textOf(item.result)
  if (!data) return []
  return [
    { type: 'image', source: { kind: 'base64', mediaType: `image/${textOf(item.output_format) ?? 'png'}`, data } },
  ]
}
