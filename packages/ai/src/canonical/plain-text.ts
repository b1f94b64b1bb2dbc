import type { LossRecorder } from '../loss.ts'
import type { ContentPart, MediaSource, ToolResultPart } from './request.ts'
import type { AnswerPart } from './response.ts'

/** The text and refusals of a message, joined; everything else in it is left out. */
export function joinText(parts: readonly (ContentPart | AnswerPart)[], separator: string): string {
  const texts: string[] = []
  for (const part of parts) if (part.type === 'text' || part.type === 'refusal') texts.push(part.text)
  return texts.join(separator)
}

/** The reasoning that no vendor sealed, joined. What is sealed means something only to the vendor that sealed it, and is lost. */
export function unsealedReasoning(parts: readonly ContentPart[], losses: LossRecorder): string {
  let text = ''
  for (const part of parts) {
    if (part.type === 'redacted' || (part.type === 'reasoning' && part.signature)) losses.drop('thinking_signature')
    else if (part.type === 'reasoning') text += part.text
  }
  return text
}

/**
 * The tool results of a user's message, and what the user shows besides. Images and files of results are shown too, where
 * the message of a result holds text only.
 */
export function separateResults(parts: readonly ContentPart[]): { results: ToolResultPart[]; shown: ContentPart[] } {
  const results = parts.filter((part) => part.type === 'tool_result')
  const rest = parts.filter((part) => part.type !== 'tool_result')
  const attached = results.flatMap((result) => result.parts.filter((part) => part.type !== 'text'))
  return { results, shown: [...attached, ...rest] }
}

/** What a file says, under its name where it has one; `undefined` when the file is not text or not at hand. */
export function fileText(source: MediaSource, name?: string): string | undefined {
  const text = sourceText(source)
  return text === undefined || name === undefined ? text : `${name}\n${text}`
}

function sourceText(source: MediaSource): string | undefined {
  if (source.kind === 'text') return source.text
  if (source.kind !== 'base64') return undefined
  const isText = source.mediaType.startsWith('text/') || source.mediaType === 'application/json'
  return isText ? Buffer.from(source.data, 'base64').toString() : undefined
}
