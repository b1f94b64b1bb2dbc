import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import type { ResponseFacts } from '@konnect/ai'
import { GatewayError, type HeaderList, headerOf } from '@konnect/contract'

const MAX_BYTES = 64 * 1024 * 1024

const DECODERS: Readonly<Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Buffer>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
}

const encodingOf = (headers: HeaderList): string => (headerOf(headers, 'content-encoding') ?? '').trim().toLowerCase()

/** Whether content is compressed, so that it can be read as a whole only. */
export function isCompressed(headers: HeaderList): boolean {
  const encoding = encodingOf(headers)
  return encoding !== '' && encoding !== 'identity'
}

/** A whole vendor response on its way into memory. */
export class ResponseCollector {
  readonly status: number
  readonly headers: HeaderList
  readonly #chunks: Buffer[] = []
  #size = 0

  constructor(status: number, headers: HeaderList) {
    this.status = status
    this.headers = headers
  }

  /** False when the response is larger than 64 MB. */
  add(chunk: Uint8Array): boolean {
    this.#size += chunk.byteLength
    if (this.#size > MAX_BYTES) return false
    this.#chunks.push(Buffer.from(chunk))
    return true
  }

  /** What the Call keeps of an answer with an error. */
  failure({ error }: Pick<ResponseFacts, 'error'>): GatewayError {
    const reason = error?.detail ?? `Status ${this.status}`
    return new GatewayError('upstream_error', { status: this.status, reason })
  }

  /** As `body`, or nothing where it cannot be decoded. */
  readable(): Buffer | undefined {
    try {
      return this.body()
    } catch {
      return undefined
    }
  }

  /** The content, decoded: a vendor may compress although it was asked not to. Throws `upstream_invalid`. */
  body(): Buffer {
    const bytes = Buffer.concat(this.#chunks)
    if (!isCompressed(this.headers)) return bytes
    const encoding = encodingOf(this.headers)
    const decode = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined
    if (decode === undefined) throw invalid(`Content-Encoding ${encoding} is not understood`)
    try {
      return decode(bytes, { maxOutputLength: MAX_BYTES })
    } catch (error) {
      throw invalid(`The ${encoding} content is broken`, error)
    }
  }
}

const invalid = (reason: string, cause?: unknown) => new GatewayError('upstream_invalid', { reason, cause })
