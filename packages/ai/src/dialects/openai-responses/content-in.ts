import { isJsonObject, type JsonObject } from '@konnect/contract'
import { parseDataUrl } from '../../canonical/media.ts'
import type { ContentPart, MediaSource } from '../../canonical/request.ts'
import { objectOf, objectsOf, textOf } from '../../json/access.ts'

/** Reads the content of a message or the output of a call: text, or a list of parts. */
export function readContent(content: unknown, losses: string[]): ContentPart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }]
  return objectsOf(content).flatMap((part) => readPart(part, losses))
}

function readPart(part: JsonObject, losses: string[]): ContentPart[] {
  if (isJsonObject(part.prompt_cache_breakpoint)) losses.push('prompt_cache_breakpoint')
  switch (part.type) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return part.text === '' ? [] : [{ type: 'text', text: textOf(part.text) ?? '' }]
    case 'refusal':
      return [{ type: 'refusal', text: textOf(part.refusal) ?? '' }]
    case 'input_image':
      if (part.detail !== undefined && part.detail !== null && part.detail !== 'auto') losses.push('input_image.detail')
      return [{ type: 'image', source: sourceOf(part.file_id, part.image_url) }]
    case 'input_file':
      return [readFile(part)]
    case 'input_audio': {
      const audio = objectOf(part.input_audio)
      return [{ type: 'audio', format: textOf(audio.format) ?? '', data: textOf(audio.data) ?? '' }]
    }
    default:
      return [{ type: 'unknown', kind: textOf(part.type) ?? 'unknown' }]
  }
}

function readFile(part: JsonObject): ContentPart {
  const name = textOf(part.filename)
  const source = sourceOf(part.file_id, part.file_data ?? part.file_url)
  return { type: 'file', source, ...(name === undefined ? {} : { name }) }
}

function sourceOf(id: unknown, url: unknown): MediaSource {
  if (typeof id === 'string') return { kind: 'file', id }
  const text = textOf(url) ?? ''
  return parseDataUrl(text) ?? { kind: 'url', url: text }
}
