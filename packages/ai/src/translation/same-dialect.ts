import { GatewayError, type HeaderList } from '@konnect/contract'
import { maskSecrets } from '../canonical/error.ts'
import { newFacts } from '../canonical/facts.ts'
import type { PassingDialect } from '../dialects/dialect.ts'
import { bufferOf } from '../json/splice.ts'
import { LossRecorder } from '../loss.ts'
import type { AiOperation, Translation, TranslationOptions } from '../ports.ts'
import { fitBytes } from './field-rules.ts'
import { PassStream } from './pass-stream.ts'

/**
 * Client and vendor speak the same dialect: bytes pass, only the model's name is replaced in them, and what the vendor
 * refuses or calls differently.
 */
export function passThrough(dialect: PassingDialect, options: TranslationOptions): Translation {
  const { requestId, facts, upstreamModel, headers = [] } = options
  const given = bufferOf(options.body)
  const own = dialect.stripForeign?.(given) ?? given
  const losses = new LossRecorder(dialect.losses)
  if (own !== given) losses.drop('thinking_signature')
  const { body, hidesUsage, contentType } = dialect.prepare(own, upstreamModel, { isStream: facts.isStream, headers })
  // The rules are about chat; other operations have fields of their own, some no JSON at all.
  const fitted = dialect.operation === 'chat' ? fitBytes(body, options.fields, given, losses) : body
  if (options.isStrict) losses.refuse()
  return {
    body: fitted,
    dropped: losses.names,
    isPassed: true,
    headers: contentType === undefined ? dialect.requestHeaders : ['content-type', contentType],
    streamType: dialect.framing.contentType,
    streamTypeFor: (vendorType) => dialect.streamTypeOut ?? vendorType,
    response(status, headers, bytes) {
      const content = bufferOf(bytes)
      const contentType = contentTypeOf(headers)
      if (status >= 400) return passError(dialect, { status, contentType, body: content }, requestId)
      if (!isAnswer(dialect, content)) return failed(dialect, notJson(), requestId)
      const mended = dialect.mendAnswer?.(content, given) ?? content
      return { answer: { status, contentType, body: mended }, facts: dialect.responseFacts(content) }
    },
    stream: () => dialect.openStream?.(requestId) ?? new PassStream(dialect, hidesUsage, requestId),
  }
}

function contentTypeOf(headers: HeaderList): string {
  for (let i = 0; i < headers.length; i += 2) if (headers[i] === 'content-type') return headers[i + 1] ?? ''
  return 'application/json'
}

/** Operations whose answers may be sound, subtitles or plain text. */
const FREE_FORM: ReadonlySet<AiOperation> = new Set(['speech', 'transcription'])

/** Bytes of white space, or a byte order mark, that may stand around an answer. */
const EDGE = 64

// A page of a proxy, unannounced compression and nothing at all are told by their ends; the rest is the client's to judge.
function isAnswer({ operation }: PassingDialect, body: Buffer): boolean {
  if (FREE_FORM.has(operation)) return true
  const first = body.toString('utf8', 0, EDGE).trimStart().slice(0, 1)
  const ends =
    first +
    body
      .toString('latin1', Math.max(0, body.length - EDGE))
      .trimEnd()
      .slice(-1)
  return ends === '{}' || ends === '[]'
}

const notJson = () => new GatewayError('upstream_invalid', { reason: 'The answer is not JSON' })

const failed = (dialect: PassingDialect, error: GatewayError, requestId: string) => ({
  answer: dialect.errorOut(error, requestId),
  facts: { ...newFacts(), error },
})

interface VendorAnswer {
  readonly status: number
  readonly contentType: string
  readonly body: Buffer
}

// A vendor's JSON passes with its secrets masked; an HTML page or an empty body becomes the dialect's error.
function passError(dialect: PassingDialect, { status, contentType, body }: VendorAnswer, requestId: string) {
  const error = dialect.errorIn(status, body)
  const facts = { ...newFacts(), error }
  if (dialect.rewritesErrors === true) return { answer: dialect.errorOut(error, requestId), facts }
  if (!isJson(body)) {
    return { answer: dialect.errorOut(new GatewayError('upstream_error', { status }), requestId), facts }
  }
  const text = body.toString()
  const masked = maskSecrets(text)
  const content = masked === text ? body : Buffer.from(masked)
  // Clients read errors by their type, and a vendor may label those of its streams as it labels the streams.
  const type = contentType.startsWith('text/html') ? 'application/json' : contentType
  return { answer: { status, contentType: type, body: content }, facts }
}

function isJson(body: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(body.toString())
    return typeof value === 'object' && value !== null
  } catch {
    return false
  }
}
