import type { JsonObject } from '@konnect/contract'
import { settleFinish } from '../../canonical/finish.ts'
import { joinText } from '../../canonical/plain-text.ts'
import type { AnswerIdentity, ChatResponse } from '../../canonical/response.ts'
import { compact } from '../../json/access.ts'
import { writeUsage } from '../../openai/chat-usage.ts'
import { writeFinish } from '../../openai/finish.ts'
import type { FinishReason } from '../../ports.ts'

/** Writes a `text_completion`: the text of the answer and nothing else that it may hold. */
export function writeResponse(response: ChatResponse, identity: AnswerIdentity): JsonObject {
  return compact({
    ...writeHead(identity),
    choices: [writeChoice(joinText(response.parts, ''), response.finishReason)],
    usage: response.usage === null ? undefined : writeUsage(response.usage),
  })
}

/** What every object of one answer begins with. */
export const writeHead = ({ requestId, createdS, model }: AnswerIdentity): JsonObject => ({
  id: `cmpl-${requestId}`,
  object: 'text_completion',
  created: createdS,
  model,
})

/** Writes the one choice; `null` while more is to come. */
export const writeChoice = (text: string, reason: FinishReason | null): JsonObject => ({
  text,
  index: 0,
  logprobs: null,
  finish_reason: reason === null ? null : writeFinish(settleFinish(reason, false, false)),
})
