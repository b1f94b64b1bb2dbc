import { GatewayError, isJsonObject, type JsonObject } from '@konnect/contract'
import { streamError } from '../../anthropic/errors.ts'
import { markCited } from '../../canonical/citations.ts'
import { settleFinish } from '../../canonical/finish.ts'
import type { AnswerMemo, AnswerPart, ChatResponse } from '../../canonical/response.ts'
import { arrayOf, objectOf, objectsOf, textOf } from '../../json/access.ts'
import { readFinish } from './finish.ts'
import { readToolUse } from './messages-in.ts'
import { readUsage } from './usage.ts'

const REFUSED = 'The model refused to answer.'

/** Reads a `message`. Throws the vendor's error, or `upstream_invalid` when it is no message. */
export function readResponse(body: unknown, memo: AnswerMemo): ChatResponse {
  if (isJsonObject(body) && body.type === 'error') throw streamError(body)
  if (!isJsonObject(body) || !Array.isArray(body.content)) {
    throw new GatewayError('upstream_invalid', { reason: 'The answer holds no content' })
  }
  const parts = objectsOf(body.content).flatMap((block) => readBlock(block, memo))
  const finish = readFinish(body.stop_reason) ?? 'stop'
  if (finish === 'refusal') parts.push({ type: 'refusal', text: refusalText(body) })
  const hasTools = parts.some((part) => part.type === 'tool_call')
  const stopSequence = textOf(body.stop_sequence)
  return {
    parts,
    finishReason: settleFinish(finish, hasTools, false),
    usage: readUsage(body.usage),
    ...markCited(objectsOf(body.content).some(({ citations }) => arrayOf(citations).length > 0)),
    ...(stopSequence === undefined ? {} : { stopSequence }),
  }
}

/** What the vendor says about a refusal, from a message or a `message_delta`. */
export const refusalText = (holder: JsonObject): string => textOf(objectOf(holder.stop_details).explanation) ?? REFUSED

// Tools that the vendor runs itself and their results are no part of the answer: the client cannot act on them.
function readBlock(block: JsonObject, memo: AnswerMemo): AnswerPart[] {
  switch (block.type) {
    case 'text':
      return [{ type: 'text', text: textOf(block.text) ?? '' }]
    case 'thinking': {
      const signature = textOf(block.signature)
      return [{ type: 'reasoning', text: textOf(block.thinking) ?? '', ...(signature ? { signature } : {}) }]
    }
    case 'redacted_thinking':
      return [{ type: 'redacted', data: textOf(block.data) ?? '' }]
    case 'tool_use': {
      const call = readToolUse(block)
      if (call.name === memo.outputTool) return [{ type: 'text', text: call.arguments }]
      return [{ ...call, name: memo.restoreToolName(call.name) }]
    }
    default:
      return []
  }
}
