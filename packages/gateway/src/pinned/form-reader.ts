import { GatewayError } from '@konnect/contract'

/** What is known of one part of a form before its content. */
export interface FormPart {
  readonly name: string
  /** Undefined for a plain field. */
  readonly fileName: string | undefined
  readonly contentType: string | undefined
}

/** Hears the parts of a form as they come. */
export interface FormHandler {
  onPart(part: FormPart): void
  /** Some of the content of the part that began last; a view that may not be kept. */
  onContent(bytes: Buffer): void
  onPartEnd(): void
}

const MAX_HEAD_BYTES = 16 * 1024
const MAX_PARTS = 64
const NOTHING = Buffer.alloc(0)
const HEAD_END = Buffer.from('\r\n\r\n')
const BOUNDARY = /^multipart\/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*(?:;.*)?$/i

/** The boundary that a Content-Type names. Throws `invalid_request` when it is not that of a form. */
export function boundaryOf(contentType: string | undefined): string {
  const [, quoted, plain] = BOUNDARY.exec(contentType ?? '') ?? []
  const boundary = quoted ?? plain
  if (boundary === undefined) throw noForm()
  return boundary
}

/** Reads a `multipart/form-data` body (RFC 7578) chunk by chunk. Throws `invalid_request` for what is no such form. */
export class FormReader {
  readonly #delimiter: Buffer
  readonly #handler: FormHandler
  #state: 'preamble' | 'head' | 'content' | 'over' = 'preamble'
  #parts = 0
  // The first delimiter has no line before it.
  #rest: Buffer = Buffer.from('\r\n')

  constructor(boundary: string, handler: FormHandler) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1')
    this.#handler = handler
  }

  write(chunk: Uint8Array): void {
    let bytes = Buffer.concat([this.#rest, chunk])
    this.#rest = NOTHING
    while (this.#state !== 'over') {
      const after = this.#state === 'head' ? this.#readHead(bytes) : this.#readContent(bytes)
      if (after === undefined) break
      bytes = bytes.subarray(after)
    }
  }

  end(): void {
    if (this.#state !== 'over') throw noForm()
  }

  /** Position after the head; undefined while more of it has to come. */
  #readHead(bytes: Buffer): number | undefined {
    const end = bytes.indexOf(HEAD_END)
    if (end > MAX_HEAD_BYTES || (end === -1 && bytes.length > MAX_HEAD_BYTES)) throw noForm()
    if (end === -1) {
      this.#rest = bytes
      return undefined
    }
    if (++this.#parts > MAX_PARTS) throw noForm()
    this.#handler.onPart(partOf(bytes.toString('utf8', 0, end)))
    this.#state = 'content'
    // Some leave out the line break between an empty content and the next delimiter.
    return end + HEAD_END.length - (bytes.indexOf(this.#delimiter, end + 2) === end + 2 ? 2 : 0)
  }

  /** Position after the delimiter that ends the content; undefined while it has to come. */
  #readContent(bytes: Buffer): number | undefined {
    const at = bytes.indexOf(this.#delimiter)
    const after = at + this.#delimiter.length
    if (at === -1 || bytes.length < after + 2) {
      const kept = at === -1 ? Math.max(0, bytes.length - this.#delimiter.length + 1) : at
      this.#content(bytes.subarray(0, kept))
      this.#rest = Buffer.from(bytes.subarray(kept))
      return undefined
    }
    this.#content(bytes.subarray(0, at))
    if (this.#state === 'content') this.#handler.onPartEnd()
    const follows = bytes.toString('latin1', after, after + 2)
    if (follows !== '--' && follows !== '\r\n') throw noForm()
    this.#state = follows === '--' ? 'over' : 'head'
    return after + 2
  }

  #content(bytes: Buffer): void {
    if (this.#state === 'content' && bytes.length > 0) this.#handler.onContent(bytes)
  }
}

const DISPOSITION = /^content-disposition:\s*form-data\s*;(.*)$/im
const CONTENT_TYPE = /^content-type:\s*([\x20-\x7e]+?)\s*$/im

function partOf(head: string): FormPart {
  const parameters = DISPOSITION.exec(head)?.[1] ?? ''
  const name = parameterOf(parameters, 'name')
  if (name === undefined) throw noForm()
  const fileName = parameterOf(parameters, 'filename') ?? extendedOf(parameters)
  return { name, fileName, contentType: CONTENT_TYPE.exec(head)?.[1] }
}

function parameterOf(parameters: string, name: string): string | undefined {
  const [, quoted, plain] =
    new RegExp(`(?:^|;)\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s";]+))`, 'i').exec(parameters) ?? []
  return quoted?.replace(/\\(["\\])/g, '$1') ?? plain
}

/** A file name as RFC 5987 writes it. */
function extendedOf(parameters: string): string | undefined {
  const encoded = /(?:^|;)\s*filename\*=utf-8'[^']*'([^\s;]+)/i.exec(parameters)?.[1]
  if (encoded === undefined) return undefined
  try {
    return decodeURIComponent(encoded)
  } catch {
    throw noForm()
  }
}

/** The delimiter and head of a part, as every reader understands them; RFC 7578 §4.2 says how names are escaped. */
export function headOf(boundary: string, { name, fileName, contentType }: FormPart): string {
  const file = fileName === undefined ? '' : `; filename="${escaped(fileName)}"`
  const type = contentType === undefined ? '' : `\r\nContent-Type: ${contentType}`
  return `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(name)}"${file}${type}\r\n\r\n`
}

const escaped = (text: string): string => text.replace(/[\r\n"]/g, (character) => encodeURIComponent(character))

const noForm = () => new GatewayError('invalid_request', { detail: 'The request body must be multipart/form-data.' })
