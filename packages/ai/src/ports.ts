import type { FieldRules, GatewayError, HeaderList, Usage } from '@konnect/contract'

/** Id of a wire format; the list of dialects knows which there are. */
export type DialectId = string

/** What a request asks a model for. Where dialects of it are not translated, client and vendor speak the same one. */
export type AiOperation =
  | 'chat'
  | 'completion'
  | 'token-count'
  | 'embeddings'
  | 'rerank'
  | 'moderation'
  | 'image'
  | 'speech'
  | 'transcription'
  | 'realtime'

/** A query parameter in which clients may send their key: it counts as if it stood in the request field `header`. */
export interface KeyInQuery {
  readonly parameter: string
  /** Lower-case. */
  readonly header: string
}

/** An address at which clients speak a dialect. */
export interface DialectEndpoint {
  readonly dialect: DialectId
  readonly method: string
  readonly path: string
  /** `prefix`: what follows `path` is the dialect's to read. Default `exact`. */
  readonly match?: 'exact' | 'prefix'
  /** Default none. */
  readonly keyInQuery?: KeyInQuery
  /** What a path ends with, after its last colon, where dialects share a prefix. Without one, all that no other has. */
  readonly action?: string
  /** Clients open a session here (a WebSocket) in place of sending requests. */
  readonly isSession?: true
}

/** A model as clients may know it. */
export interface ListedModel {
  readonly name: string
  /** ISO 8601. */
  readonly createdAt: string
}

/** Where clients of a dialect get the list of models and, below it, each by its name. */
export interface ModelList {
  readonly dialect: DialectId
  /** Default `/v1/models`. */
  readonly path?: string
  /** Request fields that only its SDK sends (value `*`: any). At each path one list has none, for everyone else. */
  readonly header?: Readonly<Record<string, string>>
  /** Default none. */
  readonly keyInQuery?: KeyInQuery
}

/** What the gateway must know of a request before it chooses a target. Scanned from the bytes, not fully parsed. */
export interface RequestFacts {
  readonly model: string
  readonly isStream: boolean
}

/** How a response ended, in canonical terms. */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'refusal' | 'error'

/** What is known of a response so far. Read it after `end`. */
export interface ResponseFacts {
  /** Null until the vendor reported some. */
  readonly usage: Usage | null
  readonly finishReason: FinishReason | null
  /** Something other than lifecycle frames and pings has arrived. */
  readonly hasContent: boolean
  /** The dialect's terminator has arrived. */
  readonly isComplete: boolean
  /** An error inside a 200 response. */
  readonly error: GatewayError | null
  /** Parts of the answer that the client's format has no place for, e.g. `answer.image`, and citations. Default none. */
  readonly dropped?: readonly string[]
}

/** A whole (non-streaming) response for the client. */
export interface TranslatedResponse {
  readonly status: number
  readonly contentType: string
  readonly body: Uint8Array
}

/** A streaming response on its way from the vendor to the client. */
export interface StreamTranslation {
  readonly facts: ResponseFacts
  /** Takes bytes as they come, split anywhere; returns what can go to the client now (perhaps nothing, then length 0). */
  write(chunk: Uint8Array): Uint8Array
  /**
   * The vendor's stream ended. Returns the rest. When the terminator is missing, the rest holds the dialect's error
   * event in place of a success terminator, and `facts.isComplete` stays false.
   */
  end(): Uint8Array
  /** The stream broke or was stopped by the gateway: the dialect's error event for the client. Nothing follows. */
  fail(error: GatewayError): Uint8Array
  /** The dialect has no words for an error inside a stream: the response has to be broken off. */
  readonly breaksOff?: boolean
}

/** One request, prepared for one vendor. */
export interface Translation {
  /** Exact bytes to send. */
  readonly body: Uint8Array
  /** What the target cannot express or refuses and was left out, e.g. `logprobs`. */
  readonly dropped: readonly string[]
  /** The client speaks the vendor's format, so bytes pass and its request fields mean the same there. Default false. */
  readonly isPassed?: boolean
  /** Fields that the vendor's dialect demands, e.g. its content type. */
  readonly headers: HeaderList
  /** A complete response with its facts. Statuses from 400 on become the client dialect's error shape. */
  response(
    status: number,
    headers: HeaderList,
    body: Uint8Array,
  ): { readonly answer: TranslatedResponse; readonly facts: ResponseFacts }
  /** Media type of the vendor's streams, without parameters. A response of another type is no stream. */
  readonly streamType: string
  /** Content type of the stream for the client, given the vendor's. */
  streamTypeFor(vendorType: string): string
  /** Call once, for a 2xx response of `streamType`. */
  stream(): StreamTranslation
}

export interface TranslationOptions {
  readonly client: DialectId
  readonly vendor: DialectId
  /** The client's body, unchanged. */
  readonly body: Uint8Array
  /** The client's request fields, names lower-case; for vendors that want some of them in the body. Default none. */
  readonly headers?: HeaderList
  readonly facts: RequestFacts
  /** The vendor's name of the model. */
  readonly upstreamModel: string
  /** What the client calls the model; translated responses say this. Same-dialect ones keep the vendor's. */
  readonly publicModel: string
  /** Throw `unsupported_feature` instead of dropping. */
  readonly isStrict: boolean
  /** Id of the Exchange, for ids that have to be made up. */
  readonly requestId: string
  /** Query of the client's request, without the question mark; clients of some dialects say there how they want streams. */
  readonly query?: string
  /** Fields that the vendor refuses or calls differently. */
  readonly fields?: FieldRules | undefined
}

/** What a vendor reported inside a session. */
export interface UsageReport {
  readonly usage: Usage
  /** The vendor's name of another model that did the work, in place of the session's; empty when it did not say which. */
  readonly model?: string
}

/** What is to know of the first message of a client in a session. */
export interface SessionSetup {
  /** What the client calls the model. Throws `invalid_request` or `malformed_json`. */
  modelIn(message: Buffer): string
  /** The message with the vendor's name of the model; all other bytes stay. Throws as `modelIn`. */
  withModel(message: Buffer, upstreamModel: string): Buffer
}

/** Follows a session for what the vendor says of usage. */
export interface SessionWatch {
  /** Something that costs is under way without a report so far, or went by without any that could be read. */
  readonly isUnreported: boolean
  /** Binary messages are to be shown, too. */
  readonly readsBinary: boolean
  /** A whole message of the vendor: text, or anything. */
  fromVendor(message: Buffer): void
  /** A message of the vendor passed that could not be looked at. */
  missed(): void
}

/** Everything the gateway needs of the AI side. Pure: no I/O, no clock but the one for `created`. */
export interface AiTranslator {
  readonly endpoints: readonly DialectEndpoint[]
  /** The dialect of a request at `path` (without query) that was found to be of `dialect` by the prefix alone. */
  dialectAt(dialect: DialectId, path: string): DialectId
  /** Whether a request in the dialect `client` can be answered by a vendor that speaks `vendor`. */
  canTranslate(client: DialectId, vendor: DialectId): boolean
  /** Who is answered in which dialect where the models are listed. */
  readonly modelLists: readonly ModelList[]
  /** `path` without query. Throws `malformed_json` or `invalid_request`. */
  readFacts(dialect: DialectId, body: Uint8Array, path: string): RequestFacts
  /** Throws `invalid_request` or, when strict, `unsupported_feature`. */
  translate(options: TranslationOptions): Translation
  /** How clients of this dialect of sessions begin; `undefined` where the query names the model. */
  sessionSetup(dialect: DialectId): SessionSetup | undefined
  /** Call once for each session; `onUsage` hears of everything that the vendor reports in it. */
  watchSession(dialect: DialectId, onUsage: (report: UsageReport) => void): SessionWatch
  /** What a vendor says that refuses to open a session. */
  readRefusal(dialect: DialectId, status: number, body: Uint8Array): GatewayError
  /** An error of the gateway itself in the client's dialect. */
  renderError(dialect: DialectId, error: GatewayError, requestId: string): TranslatedResponse
  /** The list of models in the client's dialect (`GET /v1/models`). */
  renderModels(dialect: DialectId, models: readonly ListedModel[]): TranslatedResponse
  /** One model in the client's dialect (`GET /v1/models/{name}`). */
  renderModel(dialect: DialectId, model: ListedModel): TranslatedResponse
}
