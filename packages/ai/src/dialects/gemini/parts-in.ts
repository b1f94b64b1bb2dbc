import { isJsonObject, type JsonObject } from '@konnect/contract'
import type { ReasoningPart, RedactedPart, ToolCallPart } from '../../canonical/request.ts'
import type { AnswerMedium } from '../../canonical/response.ts'
import { argumentsText } from '../../canonical/tool-arguments.ts'
import { camel } from '../../google/wire.ts'
import { textOf } from '../../json/access.ts'
import { readRedacted, readSeal } from './seal.ts'

/**
 * What a part (its keys in camelCase) says of the model's thoughts: the thought itself, or the signature that the vendor
 * put on the text or call that followed from it. In canonical terms a signature stands before what it led to.
 */
export function readThought(part: JsonObject): (ReasoningPart | RedactedPart)[] {
  const wire = textOf(part.thoughtSignature) ?? ''
  const text = part.thought === true ? (textOf(part.text) ?? '') : ''
  const redacted = readRedacted(wire)
  if (redacted !== undefined) return [{ type: 'redacted', data: redacted }]
  if (wire !== '') return [{ type: 'reasoning', text, signature: readSeal(wire) }]
  return text === '' ? [] : [{ type: 'reasoning', text }]
}

/** The text of a part that is no thought; empty when it has none. */
export const readText = (part: JsonObject): string => (part.thought === true ? '' : (textOf(part.text) ?? ''))

/** What the model drew or spoke in a part, its keys in camelCase; nothing for drafts among its thoughts. */
export function readMedium(part: JsonObject): AnswerMedium[] {
  if (part.thought === true || !isJsonObject(part.inlineData)) return []
  const blob = camel(part.inlineData)
  const mediaType = textOf(blob.mimeType) ?? ''
  const data = textOf(blob.data) ?? ''
  if (mediaType.startsWith('image/')) return [{ type: 'image', source: { kind: 'base64', mediaType, data } }]
  return mediaType.startsWith('audio/') ? [{ type: 'speech', mediaType, data, transcript: '' }] : []
}

/** Reads `functionCall`, its keys in camelCase. */
export const readCall = (call: JsonObject, id: string): ToolCallPart => ({
  type: 'tool_call',
  id,
  name: textOf(call.name) ?? '',
  arguments: argumentsText(call.args),
})

/** Joins thoughts that follow one another until one is signed: vendors cut them anywhere. */
export function joinThoughts<P extends { readonly type: string }>(
  parts: readonly (P | ReasoningPart)[],
): (P | ReasoningPart)[] {
  const joined: (P | ReasoningPart)[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    if (isReasoning(part) && last !== undefined && isReasoning(last) && last.signature === undefined) {
      joined[joined.length - 1] = { ...part, text: last.text + part.text }
    } else joined.push(part)
  }
  return joined
}

const isReasoning = (part: { readonly type: string }): part is ReasoningPart => part.type === 'reasoning'
