import type { JsonObject } from '@konnect/contract'
import type { AnswerIdentity, AnswerPart, ChatResponse } from '../../canonical/response.ts'
import { argumentsObject } from '../../canonical/tool-arguments.ts'
import { NO_USAGE } from '../../canonical/usage.ts'
import { writeFinish } from './finish.ts'
import { writeUsage } from './usage.ts'

/** Writes a `message`. */
export function writeResponse(response: ChatResponse, identity: AnswerIdentity): JsonObject {
  const isStopSequence = response.finishReason === 'stop' && response.stopSequence !== undefined
  return {
    id: messageId(identity),
    type: 'message',
    role: 'assistant',
    model: identity.model,
    content: response.parts.flatMap(writeBlock),
    stop_reason: isStopSequence ? 'stop_sequence' : writeFinish(response.finishReason),
    stop_sequence: isStopSequence ? (response.stopSequence ?? null) : null,
    usage: writeUsage(response.usage ?? NO_USAGE),
  }
}

/** Id of a message that had to be made up. */
export const messageId = (identity: AnswerIdentity): string => `msg_${identity.requestId}`

function writeBlock(part: AnswerPart): JsonObject[] {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return part.text === '' ? [] : [{ type: 'text', text: part.text }]
    case 'reasoning':
      return [{ type: 'thinking', thinking: part.text, signature: part.signature ?? '' }]
    case 'redacted':
      return [{ type: 'redacted_thinking', data: part.data }]
    case 'image':
    case 'speech':
      return []
    case 'tool_call':
      return [{ type: 'tool_use', id: part.id, name: part.name, input: argumentsObject(part.arguments) }]
  }
}
