import type { JsonObject } from '@konnect/contract'
import type { MediaSource } from '../../canonical/request.ts'
import type { AnswerIdentity, AnswerPart, ChatResponse } from '../../canonical/response.ts'
import { argumentsObject } from '../../canonical/tool-arguments.ts'
import { compact } from '../../json/access.ts'
import { writeFinish } from './finish.ts'
import { writeRedacted, writeSeal } from './seal.ts'
import { writeUsage } from './usage.ts'

/** Writes a GenerateContentResponse. */
export function writeResponse(response: ChatResponse, identity: AnswerIdentity): JsonObject {
  return compact({
    candidates: [writeCandidate(response.parts.flatMap(writePart), writeFinish(response.finishReason))],
    usageMetadata: response.usage === null ? undefined : writeUsage(response.usage),
    ...writeIdentity(identity),
  })
}

/** One candidate. */
export const writeCandidate = (parts: readonly JsonObject[], finishReason?: string): JsonObject =>
  compact({ content: { parts, role: 'model' }, finishReason, index: 0 })

/** What an answer says of itself. */
export const writeIdentity = ({ model, requestId }: AnswerIdentity): JsonObject => ({
  modelVersion: model,
  responseId: requestId,
})

/** Writes one part of an answer; nothing for empty ones. */
export function writePart(part: AnswerPart): JsonObject[] {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return part.text === '' ? [] : [{ text: part.text }]
    case 'reasoning':
      return [
        compact({
          text: part.text,
          thought: true,
          thoughtSignature: part.signature === undefined ? undefined : writeSeal(part.signature),
        }),
      ]
    case 'redacted':
      return [{ text: '', thought: true, thoughtSignature: writeRedacted(part.data) }]
    case 'image':
      return [writeImage(part.source)]
    case 'speech':
      return [{ inlineData: { mimeType: part.mediaType, data: part.data } }]
    case 'tool_call':
      return [{ functionCall: { id: part.id, name: part.name, args: argumentsObject(part.arguments) } }]
  }
}

const writeImage = (source: MediaSource): JsonObject =>
  source.kind === 'base64'
    ? { inlineData: { mimeType: source.mediaType, data: source.data } }
    : { fileData: { fileUri: source.kind === 'url' ? source.url : '' } }
