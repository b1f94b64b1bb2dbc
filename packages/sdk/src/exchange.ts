import type { BodySource, HeaderList, JsonObject } from '@konnect/contract'

/** Who calls: an application, as an identifying policy found it. */
export interface Principal {
  readonly tenantId: string
  readonly applicationId: string
  readonly application: string
  /** The API key that was used; null for other credentials. */
  readonly keyId: string | null
  /** Verified claims, where a token was used. */
  readonly claims?: Readonly<JsonObject>
}

/** What matched the request. */
export interface Place {
  readonly tenantId: string
  /** Null for the built-in AI endpoints. */
  readonly apiId: string | null
  readonly api: string | null
  readonly routeId: string
  readonly route: string
}

/** The request as policies see and change it. What stands here goes upstream. */
export interface ExchangeRequest {
  method: string
  /** Normalised (RFC 3986 §6.2.2), without the query. */
  path: string
  /** Without the question mark; empty when there is none. */
  query: string
  /** Lower-case host the client asked for, port included where it sent one. */
  readonly host: string
  readonly scheme: 'http' | 'https'
  readonly headers: HeaderList
  /** Address of the client; behind listed proxies, the one they vouch for. */
  readonly clientIp: string
  /** Replace it to transform or watch the body while it flows. */
  body: BodySource
}

/** The head of the response on its way to the client. */
export interface ExchangeResponse {
  status: number
  readonly headers: HeaderList
}

/** An answer given by the gateway itself. */
export interface DirectAnswer {
  readonly status: number
  readonly headers?: HeaderList
  readonly body?: string | Uint8Array
}

/** What content the Call of an Exchange keeps. Nothing is kept unless a policy asks for it. */
export interface CaptureOptions {
  readonly requestHeaders: boolean
  readonly responseHeaders: boolean
  readonly requestBody: boolean
  readonly responseBody: boolean
  /** Of each body; what comes after is cut off. */
  readonly maxBytes: number
  /** Lower-case names of fields whose values are replaced before anything is kept. */
  readonly redact: readonly string[]
}

/** One request and its response, from the first byte to the ledger. */
export interface Exchange {
  /** Also sent as X-Request-Id. */
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number
  readonly place: Place
  readonly request: ExchangeRequest
  /** Present from the return phase on. */
  readonly response: ExchangeResponse | undefined
  /** Set by a policy of the identify phase. */
  principal: Principal | undefined
  /** Aborted when the client goes away or the deadline passes. */
  readonly signal: AbortSignal
  /** Ends the way in: nothing goes upstream, the answer goes through the return phase. Phases match to shape only. */
  answer(answer: DirectAnswer): void
  /** Adds a response field that is sent whatever comes of the request, errors included. */
  addResponseHeader(name: string, value: string): void
  /**
   * As `addResponseHeader`, but the response then has exactly this one field of the name: what was added under it before
   * and what the upstream sent under it are replaced.
   */
  setResponseHeader(name: string, value: string): void
  /**
   * Asks for content to be kept with the Call. Phases match to shape only. Called again, the newest switches and size
   * hold, while `redact` adds up: a field that was once to be hidden stays hidden.
   */
  captureContent(options: CaptureOptions): void
  /** The exchange ends with `upstream_timeout` when it lasts longer than this, counted from its start. The shortest wins. */
  limitDuration(ms: number): void
  /** What a policy keeps from one phase to a later one, under a key of its own. */
  readonly notes: Map<symbol, unknown>
}
