import type { JsonObject } from '@konnect/contract'
import type { ReasoningPart, RedactedPart, ToolCallPart } from '../../canonical/request.ts'
import type { AnswerPart } from '../../canonical/response.ts'
import { argumentsText } from '../../canonical/tool-arguments.ts'
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

/** Reads `functionCall`, its keys in camelCase. */
export const readCall = (call: JsonObject, id: string): ToolCallPart => ({
  type: 'tool_call',
  id,
  name: textOf(call.name) ?? '',
  arguments: argumentsText(call.args),
})

/** Joins thoughts that follow one another until one is signed: vendors cut them anywhere. */
export function joinThoughts<P extends { readonly type: string }>(
  parts: readonly (P | AnswerPart)[],
): (P | AnswerPart)[] {
  const joined: (P | AnswerPart)[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    if (isReasoning(part) && last !== undefined && isReasoning(last) && last.signature === undefined) {
      joined[joined.length - 1] = { ...part, text: last.text + part.text }
    } else joined.push(part)
  }
  return joined
}

const isReasoning = (part: { readonly type: string }): part is ReasoningPart => part.type === 'reasoning'
