import type { ContentPart, MediaSource } from './request.ts'

/** The text and refusals of a message, joined; everything else in it is left out. */
export function joinText(parts: readonly ContentPart[], separator: string): string {
  const texts: string[] = []
  for (const part of parts) if (part.type === 'text' || part.type === 'refusal') texts.push(part.text)
  return texts.join(separator)
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
