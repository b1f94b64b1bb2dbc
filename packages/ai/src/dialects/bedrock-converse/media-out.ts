import type { JsonObject } from '@konnect/contract'
import type { FilePart, MediaSource } from '../../canonical/request.ts'

const IMAGES: ReadonlyMap<string, string> = new Map([
  ['image/png', 'png'],
  ['image/jpeg', 'jpeg'],
  ['image/jpg', 'jpeg'],
  ['image/gif', 'gif'],
  ['image/webp', 'webp'],
])

const DOCUMENTS: ReadonlyMap<string, string> = new Map([
  ['application/pdf', 'pdf'],
  ['text/csv', 'csv'],
  ['application/msword', 'doc'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
  ['application/vnd.ms-excel', 'xls'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
  ['text/html', 'html'],
  ['text/markdown', 'md'],
  ['text/plain', 'txt'],
])

/** An image block, or `undefined` where the vendor cannot get at the image: it fetches nothing, and knows four formats. */
export function imageBlock(source: MediaSource): JsonObject | undefined {
  const format = source.kind === 'base64' ? IMAGES.get(source.mediaType) : undefined
  return format === undefined || source.kind !== 'base64'
    ? undefined
    : { image: { format, source: { bytes: source.data } } }
}

/** Names of the documents of one request, fit for the vendor and each used once. */
export class DocumentNames {
  readonly #used = new Set<string>()

  next(wanted: string | undefined): string {
    const base = plain(wanted ?? '') || 'document'
    let name = base
    for (let count = 2; this.#used.has(name); count++) name = `${base} ${count}`
    this.#used.add(name)
    return name
  }
}

// Letters, digits, single spaces, hyphens and brackets; everything else is refused.
const plain = (name: string): string =>
  name
    .replace(/[^A-Za-z0-9()[\]-]+/g, ' ')
    .trim()
    .slice(0, 190)

/** A document block, or `undefined` where the vendor cannot read the file. An image sent as a file is an image. */
export function fileBlock({ source, name }: FilePart, names: DocumentNames): JsonObject | undefined {
  if (source.kind === 'text') return document('txt', Buffer.from(source.text).toString('base64'), names.next(name))
  if (source.kind !== 'base64') return undefined
  const format = DOCUMENTS.get(source.mediaType) ?? (source.mediaType.startsWith('text/') ? 'txt' : undefined)
  return format === undefined ? imageBlock(source) : document(format, source.data, names.next(name))
}

const document = (format: string, bytes: string, name: string): JsonObject => ({
  document: { format, name, source: { bytes } },
})
