import { GatewayError, isJsonObject, type JsonObject } from '@konnect/contract'
import { markCited } from '../../canonical/citations.ts'
import { settleFinish } from '../../canonical/finish.ts'
import type { AnswerMemo, AnswerPart, ChatResponse } from '../../canonical/response.ts'
import { streamError } from '../../google/errors.ts'
import { camel } from '../../google/wire.ts'
import { textOf } from '../../json/access.ts'
import { BLOCKED, callIdOf, firstCandidate, isBlocked, isCited, partsOf, readAnswer } from './answer-in.ts'
import { readFinish } from './finish.ts'
import { joinThoughts, readCall, readMedium, readText, readThought } from './parts-in.ts'
import { readUsage } from './usage.ts'

/**
 * Reads a GenerateContentResponse; candidates after the first are left out. Throws the vendor's error, or
 * `upstream_invalid` when there is neither a candidate nor a reason for that.
 */
export function readResponse(body: unknown, memo: AnswerMemo): ChatResponse {
  const answer = readAnswer(body)
  const error = streamError(answer)
  if (error) throw error
  const candidate = firstCandidate(answer)
  const usage = readUsage(answer.usageMetadata)
  if (candidate === undefined && isBlocked(answer)) {
    return { parts: [{ type: 'refusal', text: BLOCKED }], finishReason: 'refusal', usage }
  }
  if (candidate === undefined) throw new GatewayError('upstream_invalid', { reason: 'The answer holds no candidates' })
  const parts = readParts(candidate, answer, memo)
  const hasTools = parts.some((part) => part.type === 'tool_call')
  const finishReason = settleFinish(readFinish(candidate.finishReason) ?? 'stop', hasTools, false)
  return { parts, finishReason, usage, ...markCited(isCited(candidate)) }
}

// Code that the vendor runs itself and its results are no part of the answer: the client cannot act on them.
function readParts(candidate: JsonObject, answer: JsonObject, memo: AnswerMemo): AnswerPart[] {
  let count = 0
  const parts = partsOf(candidate).flatMap((part): AnswerPart[] => {
    const text = readText(part)
    const said = text === '' ? [] : [{ type: 'text' as const, text }]
    const found: AnswerPart[] = [...readThought(part), ...said, ...readMedium(part)]
    if (!isJsonObject(part.functionCall)) return found
    const call = camel(part.functionCall)
    const read = readCall(call, textOf(call.id) || callIdOf(answer, count))
    count++
    return [...found, { ...read, name: memo.restoreToolName(read.name) }]
  })
  return joinThoughts<AnswerPart>(parts)
}
