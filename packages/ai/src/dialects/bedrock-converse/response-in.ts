import { GatewayError, isJsonObject, type JsonObject } from '@konnect/contract'
import { markCited } from '../../canonical/citations.ts'
import { settleFinish } from '../../canonical/finish.ts'
import type { AnswerMemo, AnswerPart, ChatResponse } from '../../canonical/response.ts'
import { argumentsText } from '../../canonical/tool-arguments.ts'
import { arrayOf, objectOf, objectsOf, textOf } from '../../json/access.ts'
import { readFinish } from './finish.ts'
import { readImage } from './media-in.ts'
import { readUsage } from './usage.ts'

/** Reads an answer. Throws `upstream_invalid` when it holds no message. */
export function readResponse(body: unknown, memo: AnswerMemo): ChatResponse {
  const message = isJsonObject(body) ? objectOf(body.output).message : undefined
  if (!isJsonObject(message) || !isJsonObject(body)) {
    throw new GatewayError('upstream_invalid', { reason: 'The answer holds no message' })
  }
  const parts = objectsOf(message.content).flatMap((block) => readBlock(block, memo))
  const hasTools = parts.some((part) => part.type === 'tool_call')
  return {
    parts,
    finishReason: settleFinish(readFinish(body.stopReason) ?? 'stop', hasTools, false),
    usage: readUsage(body.usage),
    ...markCited(objectsOf(message.content).some(isCited)),
  }
}

function readBlock(block: JsonObject, memo: AnswerMemo): AnswerPart[] {
  if (typeof block.text === 'string') return block.text === '' ? [] : [{ type: 'text', text: block.text }]
  if (isJsonObject(block.toolUse)) return [readCall(block.toolUse, memo)]
  if (isJsonObject(block.reasoningContent)) return readReasoning(block.reasoningContent)
  if (isJsonObject(block.image)) return readImage(block.image)
  // Text with its sources, of which the text is the answer.
  const cited = objectOf(block.citationsContent).content
  return objectsOf(cited).flatMap(({ text }) => (text ? [{ type: 'text' as const, text: textOf(text) ?? '' }] : []))
}

const isCited = (block: JsonObject): boolean => arrayOf(objectOf(block.citationsContent).citations).length > 0

function readCall(call: JsonObject, memo: AnswerMemo): AnswerPart {
  const name = textOf(call.name) ?? ''
  const text = argumentsText(call.input)
  if (name === memo.outputTool) return { type: 'text', text }
  return { type: 'tool_call', id: textOf(call.toolUseId) ?? '', name: memo.restoreToolName(name), arguments: text }
}

function readReasoning(reasoning: JsonObject): AnswerPart[] {
  const redacted = textOf(reasoning.redactedContent)
  if (redacted !== undefined) return [{ type: 'redacted', data: redacted }]
  const { text, signature } = objectOf(reasoning.reasoningText)
  const seal = textOf(signature)
  return [{ type: 'reasoning', text: textOf(text) ?? '', ...(seal ? { signature: seal } : {}) }]
}
