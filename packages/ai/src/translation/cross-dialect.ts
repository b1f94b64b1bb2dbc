import { asGatewayError, GatewayError, type Json, type JsonObject } from '@konnect/contract'
import { newFacts } from '../canonical/facts.ts'
import type { AnswerIdentity, AnswerMemo, ChatResponse } from '../canonical/response.ts'
import type { ClientDialect, VendorDialect } from '../dialects/dialect.ts'
import { parseExact, stringifyExact } from '../json/numbers.ts'
import { bufferOf } from '../json/splice.ts'
import { LossRecorder } from '../loss.ts'
import type { ResponseFacts, TranslatedResponse, Translation, TranslationOptions } from '../ports.ts'
import { AnswerLosses } from './answer-losses.ts'
import { ConvertStream } from './convert-stream.ts'
import { fitObject } from './field-rules.ts'

/** Client and vendor speak different dialects: everything goes through the canonical form. */
export function convert(client: ClientDialect, vendor: VendorDialect, options: TranslationOptions): Translation {
  const request = client.requestIn(parseBody(bufferOf(options.body)), options.facts)
  const losses = new LossRecorder(vendor.losses)
  const { body, memo } = vendor.requestOut(request, options.upstreamModel, losses)
  const fitted = fitObject(body, options.fields, vendor.addedFields, losses)
  if (options.isStrict) losses.refuse()
  const identity = {
    requestId: options.requestId,
    model: options.publicModel,
    createdS: Math.floor(Date.now() / 1000),
    wantsUsage: request.wantsUsage,
  }
  return {
    body: Buffer.from(stringifyExact(fitted)),
    dropped: losses.names,
    headers: vendor.requestHeaders,
    streamType: vendor.framing.contentType,
    streamTypeFor: () => 'text/event-stream',
    response: (status, _headers, bytes) => convertResponse(client, vendor, { status, bytes, memo, identity }),
    stream: () => new ConvertStream(client, vendor, memo, identity),
  }
}

/** The body of a request, its long numbers kept exactly. Throws `malformed_json`. */
export function parseBody(body: Buffer): JsonObject {
  try {
    const text = body.toString()
    return parseExact(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text) as JsonObject
  } catch {
    throw new GatewayError('malformed_json')
  }
}

interface Received {
  readonly status: number
  readonly bytes: Uint8Array
  readonly memo: AnswerMemo
  readonly identity: AnswerIdentity
}

type Converted = { readonly answer: TranslatedResponse; readonly facts: ResponseFacts }

function convertResponse(client: ClientDialect, vendor: VendorDialect, received: Received): Converted {
  const { status, memo, identity } = received
  const body = bufferOf(received.bytes)
  if (status >= 400) return failed(client, vendor.errorIn(status, body), identity)
  try {
    const response = vendor.responseIn(parseAnswer(body), memo)
    const losses = new AnswerLosses(client)
    const parts = losses.partsFor(response)
    const content = Buffer.from(stringifyExact(client.responseOut({ ...response, parts }, identity)))
    const facts = { ...factsOf(response), dropped: losses.names }
    return { answer: { status, contentType: 'application/json', body: content }, facts }
  } catch (error) {
    return failed(client, asGatewayError(error), identity)
  }
}

function parseAnswer(body: Buffer): Json {
  try {
    return parseExact(body.toString()) as Json
  } catch {
    throw new GatewayError('upstream_invalid', { reason: 'The answer is not JSON' })
  }
}

const failed = (client: ClientDialect, error: GatewayError, identity: AnswerIdentity): Converted => ({
  answer: client.errorOut(error, identity.requestId),
  facts: { ...newFacts(), error },
})

const factsOf = (response: ChatResponse): ResponseFacts => ({
  usage: response.usage,
  finishReason: response.finishReason,
  hasContent: response.parts.length > 0,
  isComplete: true,
  error: null,
})
