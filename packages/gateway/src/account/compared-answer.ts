import { answerText, type DialectId } from '@konnect/ai'
import { type Call, type HeaderList, headerOf } from '@konnect/contract'
import type { CaptureOptions } from '@konnect/sdk'
import { ContentCapture } from './content-capture.ts'

/** Most of an answer that is read, as it goes over the wire, and most of its text that is kept. */
const MAX_WIRE_BYTES = 512 * 1024
const MAX_TEXT_CHARACTERS = 64 * 1024

const NOTHING: CaptureOptions = {
  requestHeaders: false,
  responseHeaders: false,
  requestBody: false,
  responseBody: false,
  maxBytes: 0,
  redact: [],
}

/** Keeps what an answer says, for people to compare, besides what policies asked to keep. */
export class ComparedAnswer extends ContentCapture {
  readonly #dialect: DialectId
  readonly #chunks: Buffer[] = []
  #left = MAX_WIRE_BYTES
  #contentType = ''

  constructor(dialect: DialectId, options: CaptureOptions = NOTHING) {
    super(options)
    this.#dialect = dialect
  }

  override responseHeaders(headers: HeaderList): void {
    super.responseHeaders(headers)
    this.#contentType = headerOf(headers, 'content-type') ?? ''
  }

  override responseChunk(chunk: Uint8Array): void {
    super.responseChunk(chunk)
    if (this.#left === 0) return
    // Copied: the chunk may be a view of a buffer that the wire uses again.
    const kept = Buffer.from(chunk.subarray(0, this.#left))
    this.#left -= kept.byteLength
    this.#chunks.push(kept)
  }

  override content(): NonNullable<Call['content']> {
    const text = answerText(this.#dialect, this.#contentType, Buffer.concat(this.#chunks))
    if (text === undefined) return super.content()
    const isCut = text.length > MAX_TEXT_CHARACTERS
    return { ...super.content(), answer: isCut ? `${text.slice(0, MAX_TEXT_CHARACTERS)}…` : text }
  }
}
