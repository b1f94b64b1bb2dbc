import type { GatewayError, HeaderList, JsonObject } from '@konnect/contract'
import type { ChatEvent, WritableEvent } from '../canonical/event.ts'
import type { OperationRequest } from '../canonical/operation.ts'
import type { ChatRequest } from '../canonical/request.ts'
import type { AnswerIdentity, AnswerMedium, AnswerMemo, ChatResponse } from '../canonical/response.ts'
import type { Framing, StreamEvent } from '../framing/framing.ts'
import type { LossRecorder, LossTable } from '../loss.ts'
import type {
  AiOperation,
  DialectEndpoint,
  DialectId,
  ListedModel,
  RequestFacts,
  ResponseFacts,
  StreamTranslation,
  TranslatedResponse,
} from '../ports.ts'

/** A request in a dialect's own words. */
export interface DialectRequest {
  readonly body: JsonObject
  readonly memo: AnswerMemo
}

/** Reads a vendor's stream, event by event. */
export interface StreamReader {
  read(event: StreamEvent): readonly ChatEvent[]
  /** The stream ended. Gives the terminator if the dialect allows to leave it out here. */
  end(): readonly ChatEvent[]
}

/** Writes a stream for a client. Each result is complete server-sent events, or empty. */
export interface StreamWriter {
  write(event: WritableEvent): string
}

/** Facts that grow while a response passes. */
export type MutableFacts = { -readonly [K in keyof ResponseFacts]: ResponseFacts[K] }

/** Watches a stream of its own dialect as bytes and keeps the facts up to date. */
export interface StreamTap {
  readonly facts: MutableFacts
  /**
   * Looks at one complete event. `extra-usage` marks the chunk that a client gets only when it asked for usage. `error` is
   * the vendor's last word, `failing` an error after which it may still say how the answer stands.
   */
  see(source: Buffer, start: number, end: number): 'pass' | 'extra-usage' | 'error' | 'failing'
  /** The stream ended without a word. */
  end(): void
}

/** A change that a request of this dialect needs even where the dialects match. */
export interface StreamPreparation {
  readonly body: Buffer
  /** The client did not ask for usage, but the vendor will send it. */
  readonly hidesUsage: boolean
  /** Content type of the body, where it is not the dialect's own. */
  readonly contentType?: string
}

/** What a request brings besides its body. */
export interface RequestSurroundings {
  readonly isStream: boolean
  /** The client's request fields, names lower-case. */
  readonly headers: HeaderList
}

/** A chat format as vendors speak it: requests are written in it, answers are read. */
export interface VendorDialect {
  readonly id: DialectId
  /** How its streams are cut into events. */
  readonly framing: Framing
  /** Fields that the dialect demands of a request. */
  readonly requestHeaders: HeaderList
  /** Path below the base URL, where the vendors of this dialect agree on one and the base URL holds the version. */
  readonly vendorPath?: string
  /** Top-level fields that written requests hold though no client asked for them. Default none. */
  readonly addedFields?: readonly string[]
  /** What the other dialects can say and this one cannot, under the names that clients use. */
  readonly losses: LossTable
  requestOut(request: ChatRequest, model: string, losses: LossRecorder): DialectRequest
  /** Throws `upstream_invalid` when this is no answer. */
  responseIn(body: unknown, memo: AnswerMemo): ChatResponse
  streamIn(memo: AnswerMemo): StreamReader
  /** An error answer of a vendor. */
  errorIn(status: number, body: Buffer): GatewayError
  /** For formats that carry another one nearly as it is: how requests of clients of that one, whose id it has, pass. */
  readonly carries?: PassingDialect
}

/** What the gateway needs of every wire format that clients speak. */
export interface SpokenDialect {
  readonly id: DialectId
  readonly operation: AiOperation
  readonly endpoints: readonly DialectEndpoint[]
  /** What the gateway must know first, scanned from the bytes and the path. Throws `invalid_request`. */
  readFacts(body: Buffer, path: string): RequestFacts
  errorOut(error: GatewayError, requestId: string): TranslatedResponse
  /** An error inside a stream: a complete server-sent event. */
  errorEvent(error: GatewayError, requestId: string): string
  /** The form of streams that the query of a request asks for; `undefined` for server-sent events. */
  streamForm?(query: string): StreamForm | undefined
}

/** A form of streams for clients other than server-sent events. */
export interface StreamForm {
  readonly contentType: string
  /** Takes a stream whose output is server-sent events, and gives the same in this form. */
  reshape(stream: StreamTranslation): StreamTranslation
}

/** A wire format in which bytes pass from a client to a vendor that speaks it too, and back. */
export interface PassingDialect extends SpokenDialect {
  /** Fields that the dialect demands of a request. */
  readonly requestHeaders: HeaderList
  /** How its streams are cut into events. */
  readonly framing: Framing
  /** What strict mode makes of fields that a vendor's own rules leave out. */
  readonly losses: LossTable
  /** Path below the base URL, where the vendors of this dialect agree on one and the base URL holds the version. */
  readonly vendorPath?: string
  /**
   * The body without reasoning that this gateway once translated from a vendor of another dialect and that no vendor of
   * this one accepts; the very same bytes when there is none.
   */
  stripForeign?(body: Buffer): Buffer
  /** Replaces the model's name, and asks for usage. */
  prepare(body: Buffer, upstreamModel: string, surroundings: RequestSurroundings): StreamPreparation
  responseFacts(body: Buffer): ResponseFacts
  /**
   * The answer in the form that `request`, the client's bytes, asks for, where vendors of this dialect are known to give
   * another one; the very same bytes when it is as it should be.
   */
  mendAnswer?(answer: Buffer, request: Buffer): Buffer
  streamTap(): StreamTap
  /** For streams that are not made of server-sent events. */
  openStream?(requestId: string): StreamTranslation
  /** Content type of streams for the client, where it is not the vendor's own. */
  readonly streamTypeOut?: string
  /** Errors of vendors have another shape than the dialect's, so they are written anew. */
  readonly rewritesErrors?: boolean
  /** An error answer of a vendor. */
  errorIn(status: number, body: Buffer): GatewayError
}

/** A chat format as clients speak it: requests are read, answers are written in it. */
export interface ClientDialect extends SpokenDialect {
  /** Request field that only SDKs of this dialect send; left out for the dialect that everyone else is answered in. */
  readonly modelListHeader?: Readonly<Record<string, string>>
  /** Where else than at `/v1/models` its SDKs ask for the list of models. */
  readonly modelListPath?: string
  /** `facts` hold what the path says. Throws `invalid_request`. */
  requestIn(body: JsonObject, facts: RequestFacts): ChatRequest
  responseOut(response: ChatResponse, identity: AnswerIdentity): JsonObject
  streamOut(identity: AnswerIdentity): StreamWriter
  /** Whether its answers have a place for an image or sound; for none when left out. `responseOut` gets no others. */
  holds?(medium: AnswerMedium): boolean
  /** Left out where the same programs are answered in another dialect. */
  modelsOut?(models: readonly ListedModel[]): JsonObject
  /** One of them; there wherever the list is. */
  modelOut?(model: ListedModel): JsonObject
}

/** A chat format that clients and vendors speak: it is translated, and where both sides speak it, bytes pass. */
export interface Dialect extends VendorDialect, ClientDialect, PassingDialect {}

/** What reading an answer of an operation may need besides its body. */
export interface AnswerContext<Request> {
  readonly request: Request
  /** Of the vendor's response; names lower-case. */
  readonly headers: HeaderList
}

/** A format of an operation that is answered in one piece, as vendors speak it: requests are written, answers are read. */
export interface OperationVendorDialect<Request extends OperationRequest, Answer> {
  readonly id: DialectId
  /** Fields that the dialect demands of a request. */
  readonly requestHeaders: HeaderList
  /** What the other dialects can say and this one cannot, under the names that clients use. */
  readonly losses: LossTable
  /** Throws `unsupported_feature` for what cannot be left out, more inputs than a request may hold for example. */
  requestOut(request: Request, model: string, losses: LossRecorder): JsonObject
  /** Throws `upstream_invalid` when this is no answer. */
  answerIn(body: unknown, context: AnswerContext<Request>): Answer
  /** An error answer of a vendor. */
  errorIn(status: number, body: Buffer): GatewayError
}

/** A format of an operation that is answered in one piece, as clients speak it: requests are read, answers are written. */
export interface OperationClientDialect<Request extends OperationRequest, Answer> extends SpokenDialect {
  /** `facts` hold what the path says. Throws `invalid_request`. */
  requestIn(body: JsonObject, facts: RequestFacts): Request
  answerOut(answer: Answer, request: Request, identity: AnswerIdentity): JsonObject
}

/** A format of such an operation that clients and vendors speak: where both sides speak it, bytes pass. */
export interface OperationDialect<Request extends OperationRequest, Answer>
  extends OperationVendorDialect<Request, Answer>,
    OperationClientDialect<Request, Answer>,
    PassingDialect {}
