import type { JsonObject } from '@konnect/contract'
import type { ReasoningPart, RedactedPart } from '../../canonical/request.ts'
import { markSeal, unmarkSeal } from '../../canonical/seal.ts'
import { objectsOf, textOf } from '../../json/access.ts'

const OWN = 'openai-responses'

// Under these names this gateway gives out the reasoning of vendors of other dialects as `encrypted_content`, always:
// clients send the field back whatever else they leave out, so it tells foreign reasoning from the vendor's own.
const SEALED = 'sealed'
const REDACTED = 'redacted'
const UNSEALED = 'unsealed'

/** Parts of a reasoning item are paragraphs. */
export const PARAGRAPH = '\n\n'

/** Text of a reasoning item: its summary, or the reasoning itself where it has no summary. */
export function reasoningText(item: JsonObject): string {
  const summary = joined(item.summary)
  return summary === '' ? joined(item.content) : summary
}

const joined = (parts: unknown): string =>
  objectsOf(parts)
    .map((part) => textOf(part.text) ?? '')
    .filter((text) => text !== '')
    .join(PARAGRAPH)

/** Reads a reasoning item; nothing when it is empty. */
export function readReasoning(item: JsonObject): (ReasoningPart | RedactedPart)[] {
  const text = reasoningText(item)
  const content = textOf(item.encrypted_content) ?? ''
  const redacted = unmarkSeal(REDACTED, content)
  if (redacted !== undefined) return [{ type: 'redacted', data: redacted }]
  const signature = unmarkSeal(SEALED, content)
  if (signature !== undefined) return [{ type: 'reasoning', text, signature }]
  if (content === '' || unmarkSeal(UNSEALED, content) !== undefined)
    return text === '' ? [] : [{ type: 'reasoning', text }]
  const own = markSeal(OWN, content)
  return [text === '' ? { type: 'redacted', data: own } : { type: 'reasoning', text, signature: own }]
}

/** `encrypted_content` of reasoning that comes from a vendor of another dialect. */
export function foreignContent(part: Omit<ReasoningPart, 'text'> | RedactedPart): string {
  if (part.type === 'redacted') return markSeal(REDACTED, part.data)
  return part.signature === undefined ? markSeal(UNSEALED, '') : markSeal(SEALED, part.signature)
}

/** `encrypted_content` for a vendor of this dialect, or `undefined` when none of them made it. */
export const ownContent = (part: ReasoningPart | RedactedPart): string | undefined =>
  unmarkSeal(OWN, (part.type === 'redacted' ? part.data : part.signature) ?? '')
