import type { JsonObject } from '@konnect/contract'
import type { ContentPart, MediaSource } from '../../canonical/request.ts'
import { camel } from '../../google/wire.ts'
import { compact, textOf } from '../../json/access.ts'
import type { LossRecorder } from '../../loss.ts'

/** Types that the vendor takes as images. */
const IMAGE_TYPES = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/heic', 'image/heif'])

const TYPE_OF_EXTENSION: ReadonlyMap<string, string> = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['webp', 'image/webp'],
  ['heic', 'image/heic'],
  ['heif', 'image/heif'],
  ['pdf', 'application/pdf'],
  ['txt', 'text/plain'],
  ['html', 'text/html'],
  ['csv', 'text/csv'],
  ['mp3', 'audio/mp3'],
  ['wav', 'audio/wav'],
  ['mp4', 'video/mp4'],
  ['webm', 'video/webm'],
  ['mov', 'video/mov'],
])

const AUDIO_FORMATS: ReadonlyMap<string, string> = new Map([
  ['audio/wav', 'wav'],
  ['audio/x-wav', 'wav'],
  ['audio/wave', 'wav'],
  ['audio/mp3', 'mp3'],
  ['audio/mpeg', 'mp3'],
])

/** Reads `inlineData`. */
export function readInline(value: unknown): ContentPart {
  const blob = camel(value)
  const mediaType = (textOf(blob.mimeType) ?? 'application/octet-stream').toLowerCase()
  const data = textOf(blob.data) ?? ''
  const format = AUDIO_FORMATS.get(mediaType)
  if (format !== undefined) return { type: 'audio', format, data }
  return mediumOf(mediaType, { kind: 'base64', mediaType, data }, textOf(blob.displayName))
}

/** Reads `fileData`. */
export function readFileData(value: unknown): ContentPart {
  const file = camel(value)
  const url = textOf(file.fileUri) ?? ''
  return mediumOf(textOf(file.mimeType) ?? typeOfUrl(url) ?? '', { kind: 'url', url }, textOf(file.displayName))
}

function mediumOf(mediaType: string, source: MediaSource, name: string | undefined): ContentPart {
  if (mediaType.startsWith('image/')) return { type: 'image', source }
  return { type: 'file', source, ...(name === undefined ? {} : { name }) }
}

function typeOfUrl(url: string): string | undefined {
  const path = url.replace(/[?#].*$/s, '')
  return TYPE_OF_EXTENSION.get(path.slice(path.lastIndexOf('.') + 1).toLowerCase())
}

/** Where media may come from, for one model. */
export interface MediaWriter {
  readonly takesUrls: boolean
  readonly losses: LossRecorder
}

/** Writes an image; nothing, with a loss, for what the vendor does not take. */
export function writeImage(source: MediaSource, { takesUrls, losses }: MediaWriter): JsonObject[] {
  if (source.kind === 'url' && isFetched(source.url, takesUrls)) return [fileData(source.url)]
  if (source.kind === 'base64') {
    const mimeType = source.mediaType === 'image/jpg' ? 'image/jpeg' : source.mediaType
    if (IMAGE_TYPES.has(mimeType)) return [{ inlineData: { mimeType, data: source.data } }]
  }
  losses.drop('image')
  return []
}

/** Writes a file; nothing, with a loss, for what the vendor does not take. */
export function writeFile(source: MediaSource, { takesUrls, losses }: MediaWriter): JsonObject[] {
  if (source.kind === 'text') return source.text === '' ? [] : [{ text: source.text }]
  if (source.kind === 'base64') return [{ inlineData: { mimeType: source.mediaType, data: source.data } }]
  if (source.kind === 'url' && isFetched(source.url, takesUrls)) return [fileData(source.url)]
  losses.drop('file')
  return []
}

/** Writes audio. */
export const writeAudio = (format: string, data: string): JsonObject => ({
  inlineData: { mimeType: `audio/${format}`, data },
})

const fileData = (url: string): JsonObject => ({ fileData: compact({ mimeType: typeOfUrl(url), fileUri: url }) })

// The vendor's own files and storage always; other addresses only with encryption and only for models that fetch.
const isFetched = (url: string, takesUrls: boolean): boolean =>
  /^gs:\/\//.test(url) ||
  /^https:\/\/generativelanguage\.googleapis\.com\//.test(url) ||
  (takesUrls && /^https:\/\//i.test(url))
