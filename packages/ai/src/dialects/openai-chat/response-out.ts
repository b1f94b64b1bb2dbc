import type { JsonObject } from '@konnect/contract'
import type { AnswerIdentity, AnswerPart, ChatResponse } from '../../canonical/response.ts'
import { compact } from '../../json/access.ts'
import { writeUsage } from '../../openai/chat-usage.ts'
import { writeFinish } from '../../openai/finish.ts'
import { writeImage, writeSpeech } from './media-out.ts'

/** Writes a `chat.completion`. */
export function writeResponse(response: ChatResponse, identity: AnswerIdentity): JsonObject {
  return compact({
    id: completionId(identity),
    object: 'chat.completion',
    created: identity.createdS,
    model: identity.model,
    choices: [
      {
        index: 0,
        message: writeMessage(response.parts, identity),
        logprobs: null,
        finish_reason: writeFinish(response.finishReason),
      },
    ],
    usage: response.usage === null ? undefined : writeUsage(response.usage),
  })
}

/** Id of a completion that had to be made up. */
export const completionId = (identity: AnswerIdentity): string => `chatcmpl-${identity.requestId}`

function writeMessage(parts: readonly AnswerPart[], identity: AnswerIdentity): JsonObject {
  const text = join(parts, 'text')
  const refusal = join(parts, 'refusal')
  const reasoning = join(parts, 'reasoning')
  const calls = parts.filter((part) => part.type === 'tool_call')
  const blocks = parts.flatMap(writeThinkingBlock)
  const images = parts.filter((part) => part.type === 'image')
  const speech = parts.filter((part) => part.type === 'speech')
  return compact({
    role: 'assistant',
    content: text === '' && (calls.length > 0 || refusal !== '') ? null : text,
    refusal: refusal === '' ? null : refusal,
    reasoning_content: reasoning === '' ? undefined : reasoning,
    thinking_blocks: blocks.length === 0 ? undefined : blocks,
    images: images.length === 0 ? undefined : images.map(writeImage),
    audio: speech.length === 0 ? undefined : writeSpeech(speech, identity),
    tool_calls:
      calls.length === 0
        ? undefined
        : calls.map((call) => ({
            id: call.id,
            type: 'function',
            function: { name: call.name, arguments: call.arguments === '' ? '{}' : call.arguments },
          })),
  })
}

function join(parts: readonly AnswerPart[], type: 'text' | 'refusal' | 'reasoning'): string {
  let joined = ''
  for (const part of parts) if (part.type === type) joined += part.text
  return joined
}

/** Sealed reasoning as clients have to send it back; nothing for other parts. */
export function writeThinkingBlock(part: AnswerPart): JsonObject[] {
  if (part.type === 'redacted') return [{ type: 'redacted_thinking', data: part.data }]
  if (part.type !== 'reasoning' || part.signature === undefined) return []
  return [{ type: 'thinking', thinking: part.text, signature: part.signature }]
}
