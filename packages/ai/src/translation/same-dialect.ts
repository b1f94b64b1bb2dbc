import { GatewayError, type HeaderList } from '@konnect/contract'
import { maskSecrets } from '../canonical/error.ts'
import { newFacts } from '../canonical/facts.ts'
import type { PassingDialect } from '../dialects/dialect.ts'
import { bufferOf } from '../json/splice.ts'
import { LossRecorder } from '../loss.ts'
import type { Translation, TranslationOptions } from '../ports.ts'
import { fitBytes } from './field-rules.ts'
import { PassStream } from './pass-stream.ts'

/**
 * Client and vendor speak the same dialect: bytes pass, only the model's name is replaced in them, and what the vendor
 * refuses or calls differently.
 */
export function passThrough(dialect: PassingDialect, options: TranslationOptions): Translation {
  const { requestId, facts, upstreamModel } = options
  const given = bufferOf(options.body)
  const own = dialect.stripForeign?.(given) ?? given
  const losses = new LossRecorder(dialect.losses)
  if (own !== given) losses.drop('thinking_signature')
  const { body, hidesUsage, contentType } = dialect.prepare(own, upstreamModel, facts.isStream)
  // The rules are about chat; other operations have fields of their own, some no JSON at all.
  const fitted = dialect.operation === 'chat' ? fitBytes(body, options.fields, given, losses) : body
  if (options.isStrict) losses.refuse()
  return {
    body: fitted,
    dropped: losses.names,
    headers: contentType === undefined ? dialect.requestHeaders : ['content-type', contentType],
    streamType: dialect.framing.contentType,
    streamTypeFor: (vendorType) => vendorType,
    response(status, headers, bytes) {
      const content = bufferOf(bytes)
      if (status >= 400) return passError(dialect, status, content, requestId)
      const contentType = contentTypeOf(headers)
      return { answer: { status, contentType, body: content }, facts: dialect.responseFacts(content) }
    },
    stream: () => dialect.openStream?.() ?? new PassStream(dialect, hidesUsage, requestId),
  }
}

function contentTypeOf(headers: HeaderList): string {
  for (let i = 0; i < headers.length; i += 2) if (headers[i] === 'content-type') return headers[i + 1] ?? ''
  return 'application/json'
}

// A vendor's JSON passes with its secrets masked; an HTML page or an empty body becomes the dialect's error.
function passError(dialect: PassingDialect, status: number, body: Buffer, requestId: string) {
  const error = dialect.errorIn(status, body)
  const facts = { ...newFacts(), error }
  if (!isJson(body)) {
    return { answer: dialect.errorOut(new GatewayError('upstream_error', { status }), requestId), facts }
  }
  const text = body.toString()
  const masked = maskSecrets(text)
  const content = masked === text ? body : Buffer.from(masked)
  return { answer: { status, contentType: 'application/json', body: content }, facts }
}

function isJson(body: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(body.toString())
    return typeof value === 'object' && value !== null
  } catch {
    return false
  }
}
