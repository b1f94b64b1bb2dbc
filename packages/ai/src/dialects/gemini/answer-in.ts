import { isJsonObject, type JsonObject } from '@konnect/contract'
import { camel, camelsOf } from '../../google/wire.ts'
import { arrayOf } from '../../json/access.ts'

/** Says that the prompt was refused, where the vendor gives no candidates at all. */
export const BLOCKED = 'The prompt was blocked.'

/** The first candidate of an answer or a chunk, its keys in camelCase, or `undefined`. */
export const firstCandidate = (answer: JsonObject): JsonObject | undefined =>
  camelsOf(answer.candidates).find((candidate) => (candidate.index ?? 0) === 0)

/** The parts of a candidate, their keys in camelCase. */
export const partsOf = (candidate: JsonObject): readonly JsonObject[] => camelsOf(camel(candidate.content).parts)

/** Whether a candidate (its keys in camelCase) says where its text comes from. */
export function isCited({ groundingMetadata, citationMetadata }: JsonObject): boolean {
  const { groundingChunks } = camel(groundingMetadata)
  const { citationSources, citations } = camel(citationMetadata)
  return [groundingChunks, citationSources, citations].some((sources) => arrayOf(sources).length > 0)
}

/** True when the vendor answers that it will not answer the prompt. */
export const isBlocked = (answer: JsonObject): boolean => {
  const feedback = camel(answer.promptFeedback)
  return typeof feedback.blockReason === 'string' && feedback.blockReason !== ''
}

/**
 * Id of a call that came without one: the answer's own id keeps it different from the calls of every other answer in the
 * same conversation.
 */
export const callIdOf = (answer: JsonObject, index: number): string =>
  typeof answer.responseId === 'string' ? `call_${answer.responseId}_${index}` : `call_${index}`

/** The answer with its keys in camelCase; a stream that is no server-sent events wraps it in an array. */
export const readAnswer = (body: unknown): JsonObject => {
  const answer: unknown = Array.isArray(body) && body.length === 1 ? body[0] : body
  return isJsonObject(answer) ? camel(answer) : {}
}
