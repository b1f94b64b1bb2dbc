import type { GatewayError, HeaderList, JsonObject } from '@konnect/contract'
import type { ChatEvent } from '../canonical/event.ts'
import type { ChatRequest } from '../canonical/request.ts'
import type { AnswerIdentity, AnswerMemo, ChatResponse } from '../canonical/response.ts'
import type { LossRecorder } from '../loss.ts'
import type { DialectEndpoint, DialectId, ResponseFacts, TranslatedResponse } from '../ports.ts'
import type { SseEvent } from '../sse/event.ts'

/** A request in a dialect's own words. */
export interface DialectRequest {
  readonly body: JsonObject
  readonly memo: AnswerMemo
}

/** Reads a vendor's stream, event by event. */
export interface StreamReader {
  read(event: SseEvent): readonly ChatEvent[]
  /** The stream ended. Gives the terminator if the dialect allows to leave it out here. */
  end(): readonly ChatEvent[]
}

/** Writes a stream for a client. Each result is complete server-sent events, or empty. */
export interface StreamWriter {
  write(event: ChatEvent): string
}

/** Facts that grow while a response passes. */
export type MutableFacts = { -readonly [K in keyof ResponseFacts]: ResponseFacts[K] }

/** Watches a stream of its own dialect as bytes and keeps the facts up to date. */
export interface StreamTap {
  readonly facts: MutableFacts
  /** Looks at one complete event. `extra-usage` marks the chunk that a client gets only when it asked for usage. */
  see(source: Buffer, start: number, end: number): 'pass' | 'extra-usage' | 'error'
  /** The stream ended without a word. */
  end(): void
}

/** A change that a request of this dialect needs even where the dialects match. */
export interface StreamPreparation {
  readonly body: Buffer
  /** The client did not ask for usage, but the vendor will send it. */
  readonly hidesUsage: boolean
}

/** One wire format, as clients speak it and as vendors do. Every dialect folder exports one of these. */
export interface Dialect {
  readonly id: DialectId
  readonly endpoints: readonly DialectEndpoint[]
  /** Request field that only SDKs of this dialect send; left out for the dialect that everyone else is answered in. */
  readonly modelListHeader?: Readonly<Record<string, string>>
  /** Fields that the dialect demands of a request. */
  readonly requestHeaders: HeaderList
  /** Top-level fields whose places in the bytes are needed. */
  readonly scannedFields: readonly string[]
  /**
   * The body without reasoning that this gateway once translated from a vendor of another dialect and that no vendor of
   * this one accepts; the very same bytes when there is none.
   */
  stripForeign(body: Buffer): Buffer
  /** Same dialect: replaces the model's name, and asks for usage. */
  prepare(body: Buffer, upstreamModel: string, isStream: boolean): StreamPreparation
  /** Throws `invalid_request`. */
  requestIn(body: JsonObject): ChatRequest
  requestOut(request: ChatRequest, model: string, losses: LossRecorder): DialectRequest
  /** Throws `upstream_invalid` when this is no answer. */
  responseIn(body: unknown, memo: AnswerMemo): ChatResponse
  responseOut(response: ChatResponse, identity: AnswerIdentity): JsonObject
  responseFacts(body: Buffer): ResponseFacts
  streamIn(memo: AnswerMemo): StreamReader
  streamOut(identity: AnswerIdentity): StreamWriter
  streamTap(): StreamTap
  /** An error answer of a vendor. */
  errorIn(status: number, body: Buffer): GatewayError
  errorOut(error: GatewayError, requestId: string): TranslatedResponse
  /** An error inside a stream: a complete server-sent event. */
  errorEvent(error: GatewayError, requestId: string): string
  modelsOut(models: readonly { readonly name: string; readonly createdAt: string }[]): JsonObject
}
