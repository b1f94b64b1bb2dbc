import type { Call, HeaderList } from '@konnect/contract'
import type { CaptureOptions } from '@konnect/sdk'

const REDACTED = '[redacted]'

/** Collects the content of one Exchange that a policy asked to keep: capped and redacted as it comes. */
export class ContentCapture {
  readonly #options: CaptureOptions
  #requestHeaders: HeaderList | undefined
  #responseHeaders: HeaderList | undefined
  readonly #request: CappedText
  readonly #response: CappedText

  constructor(options: CaptureOptions) {
    this.#options = options
    this.#request = new CappedText(options.requestBody ? options.maxBytes : 0)
    this.#response = new CappedText(options.responseBody ? options.maxBytes : 0)
  }

  requestHeaders(headers: HeaderList): void {
    if (this.#options.requestHeaders) this.#requestHeaders = redact(headers, this.#options.redact)
  }

  responseHeaders(headers: HeaderList): void {
    if (this.#options.responseHeaders) this.#responseHeaders = redact(headers, this.#options.redact)
  }

  requestChunk(chunk: Uint8Array): void {
    this.#request.add(chunk)
  }

  responseChunk(chunk: Uint8Array): void {
    this.#response.add(chunk)
  }

  content(): NonNullable<Call['content']> {
    return {
      ...(this.#requestHeaders === undefined ? {} : { requestHeaders: this.#requestHeaders }),
      ...(this.#responseHeaders === undefined ? {} : { responseHeaders: this.#responseHeaders }),
      ...(this.#options.requestBody ? { requestBody: this.#request.text() } : {}),
      ...(this.#options.responseBody ? { responseBody: this.#response.text() } : {}),
    }
  }
}

/** The first bytes of a body. */
class CappedText {
  #left: number
  #isCut = false
  readonly #chunks: Buffer[] = []

  constructor(maxBytes: number) {
    this.#left = maxBytes
  }

  add(chunk: Uint8Array): void {
    if (chunk.byteLength > this.#left) this.#isCut = true
    if (this.#left === 0) return
    // Copied: the chunk may be a view of a buffer that the wire uses again.
    const kept = Buffer.from(chunk.subarray(0, this.#left))
    this.#left -= kept.byteLength
    this.#chunks.push(kept)
  }

  text(): string {
    const text = Buffer.concat(this.#chunks).toString('utf8').replaceAll('\0', '\uFFFD')
    return this.#isCut ? `${text}…` : text
  }
}

function redact(headers: HeaderList, names: readonly string[]): HeaderList {
  const kept = [...headers]
  for (let i = 0; i < kept.length; i += 2) if (names.includes(kept[i] ?? '')) kept[i + 1] = REDACTED
  return kept
}
