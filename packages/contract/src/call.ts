import { type Static, Type } from 'typebox'

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])
const Count = Type.Integer({ minimum: 0 })

/** Tokens of one AI call. `inputTokens` includes cached and cache-writing ones, whatever the vendor counts. */
export const UsageSchema = Type.Object({
  inputTokens: Count,
  outputTokens: Count,
  /** Part of the input that the vendor read from its prompt cache. */
  cachedInputTokens: Count,
  /** Part of the input that the vendor wrote to its prompt cache, five-minute and unspecified lifetime. */
  cacheWriteTokens: Count,
  /** As `cacheWriteTokens`, with the one-hour lifetime. */
  cacheWriteLongTokens: Count,
  /** Part of the output that was reasoning. */
  reasoningTokens: Count,
  /** Part of the input that was sound, where the vendor tells it apart; cached sound included. */
  inputAudioTokens: Type.Optional(Count),
  /** Part of the cached input that was sound, likewise. */
  cachedInputAudioTokens: Type.Optional(Count),
  /** Part of the output that was sound, likewise. */
  outputAudioTokens: Type.Optional(Count),
})
export type Usage = Static<typeof UsageSchema>

/** One attempt to send the request to a target. */
export const AttemptSchema = Type.Object({
  /** Origin of the target, or name of the provider. */
  target: Type.String(),
  /** Null when no response head arrived. */
  status: Nullable(Type.Integer()),
  durationMs: Type.Number(),
  /** Error code of the table; null when the attempt succeeded. */
  error: Nullable(Type.String()),
  /** For the operator: what exactly went wrong. */
  reason: Type.Optional(Type.String()),
  /** Name of the provider's key, where it has several. */
  key: Type.Optional(Type.String()),
})
export type Attempt = Static<typeof AttemptSchema>

/** The AI half of a Call. */
export const AiCallSchema = Type.Object({
  /** What the client spoke. */
  dialect: Type.String(),
  /** Public name of the model. */
  model: Type.String(),
  modelId: Type.String(),
  providerId: Nullable(Type.String()),
  provider: Nullable(Type.String()),
  vendor: Nullable(Type.String()),
  upstreamModel: Nullable(Type.String()),
  isStream: Type.Boolean(),
  /** Null when the vendor reported none. */
  usage: Nullable(UsageSchema),
  /**
   * True when the stream was broken off before the vendor reported its usage, or when part of a session was not reported
   * or has no known price: `usage` and `costUsd` are then what can be counted here.
   */
  isEstimated: Type.Optional(Type.Boolean()),
  /** USD, exact decimal text; null when the price is unknown. */
  costUsd: Nullable(Type.String({ pattern: '^\\d+(\\.\\d+)?$' })),
  /** `operator`, `catalog`, or null when unknown. */
  priceSource: Nullable(Type.String()),
  /** Canonical: stop, length, tool_calls, content_filter, refusal, error; null when none arrived. */
  finishReason: Nullable(Type.String()),
  /** From the arrival of the request to the first content that went out. */
  firstTokenMs: Nullable(Type.Number()),
  /** The stream ended without its terminator. */
  isTruncated: Type.Boolean(),
  /** What the target could not express and was left out. */
  dropped: Type.Array(Type.String()),
  /** Version of the model that answered, where it has versions. */
  version: Type.Optional(Type.String()),
  /** The request of this id was answered by another version; this one was asked for comparison only. */
  shadowOf: Type.Optional(Type.String()),
  /** Where the content was processed, as far as the operator has stated it. */
  region: Type.Optional(Type.String()),
  /** The residency rules that the deployment was held to, e.g. `regions=eu; no-training; retention<=30d`. */
  residency: Type.Optional(Type.String()),
  /** How long the request waited for a deployment with room. */
  queuedMs: Type.Optional(Type.Number()),
})
export type AiCall = Static<typeof AiCallSchema>

/** The record an Exchange leaves. Written exactly once, also on error, timeout and client abort. */
export const CallSchema = Type.Object({
  /** Also the X-Request-Id of the response. */
  id: Type.String(),
  tenantId: Type.String(),
  /** Which gateway node and worker. */
  gateway: Type.String(),
  kind: Type.Union([Type.Literal('http'), Type.Literal('websocket'), Type.Literal('ai')]),
  /** ISO 8601 with milliseconds. */
  startedAt: Type.String(),
  durationMs: Type.Number(),
  /** Share of the duration that the gateway itself spent before the request went upstream. */
  gatewayMs: Type.Number(),
  /** From sending to the response head of the last attempt; null when nothing was sent. */
  upstreamMs: Nullable(Type.Number()),
  method: Type.String(),
  host: Type.String(),
  /** Without the query. */
  path: Type.String(),
  /** What the client got; 499 when it went away first. */
  status: Type.Integer(),
  errorCode: Nullable(Type.String()),
  errorReason: Nullable(Type.String()),
  apiId: Nullable(Type.String()),
  api: Nullable(Type.String()),
  routeId: Nullable(Type.String()),
  route: Nullable(Type.String()),
  applicationId: Nullable(Type.String()),
  application: Nullable(Type.String()),
  keyId: Nullable(Type.String()),
  clientIp: Type.String(),
  userAgent: Nullable(Type.String()),
  requestBytes: Count,
  responseBytes: Count,
  attempts: Type.Array(AttemptSchema),
  /** Microseconds spent in each station, by its name. */
  stations: Type.Record(Type.String(), Type.Number()),
  traceId: Nullable(Type.String()),
  snapshotVersion: Count,
  ai: Nullable(AiCallSchema),
  /** Recorded content, redacted and capped, only where a policy asks for it. */
  content: Type.Optional(
    Type.Object({
      requestHeaders: Type.Optional(Type.Array(Type.String())),
      responseHeaders: Type.Optional(Type.Array(Type.String())),
      requestBody: Type.Optional(Type.String()),
      responseBody: Type.Optional(Type.String()),
      /** What the model said, where another version was asked the same for comparison. */
      answer: Type.Optional(Type.String()),
    }),
  ),
})
export type Call = Static<typeof CallSchema>

/** Conditions of a search over calls; all that are given must hold. */
export interface CallFilter {
  /** ISO 8601, inclusive. */
  readonly from?: string
  /** ISO 8601, exclusive. */
  readonly to?: string
  readonly kind?: Call['kind']
  readonly apiId?: string
  readonly applicationId?: string
  /** Public model name. */
  readonly model?: string
  /** Version of the model. */
  readonly version?: string
  /** True: only calls that were made for comparison. Left out, calls and figures are those that clients made. */
  readonly isShadow?: boolean
  readonly provider?: string
  readonly status?: number
  /** 2 to 5: the first digit of the status. */
  readonly statusClass?: number
  readonly errorCode?: string
  readonly method?: string
  /** Part of the path, the call id, or the application name. */
  readonly text?: string
  readonly minDurationMs?: number
}

/** One bucket of {@link CallStats}. */
export interface CallBucket {
  /** ISO 8601 start of the bucket. */
  readonly at: string
  readonly calls: number
  /** Status 500 and above. */
  readonly errors: number
  /** Status 400 to 499. */
  readonly rejected: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly inputTokens: number
  readonly outputTokens: number
  /** Exact decimal text. */
  readonly costUsd: string
}

/** Figures over the calls that match a filter. */
export interface CallStats {
  readonly total: Omit<CallBucket, 'at'> & {
    readonly p99Ms: number
    /** AI calls whose price is unknown; they are not in `costUsd`. */
    readonly unpriced: number
    /** Calls that were made for comparison, which no other figure here counts. Exact decimal text. */
    readonly shadowCalls: number
    readonly shadowCostUsd: string
  }
  readonly buckets: readonly CallBucket[]
  readonly topApis: readonly { readonly id: string; readonly name: string; readonly calls: number }[]
  readonly topApplications: readonly { readonly id: string; readonly name: string; readonly calls: number }[]
  readonly topModels: readonly { readonly name: string; readonly calls: number; readonly costUsd: string }[]
}

const Decimal = Type.String({ pattern: '^\\d+(\\.\\d+)?$' })

/** Figures of one version of a model over a time. */
export const VersionFiguresSchema = Type.Object({
  /** Empty for calls of the time before the model had versions. */
  version: Type.String(),
  /** True: of calls that were made for comparison. */
  isShadow: Type.Boolean(),
  calls: Count,
  /** Status 500 and above. */
  errors: Count,
  /** Status 400 to 499. */
  rejected: Count,
  /** Of calls below status 400, as are the other times; null where there was none. */
  p50Ms: Nullable(Type.Number()),
  p95Ms: Nullable(Type.Number()),
  /** Of calls that say when their first content came. */
  firstTokenP50Ms: Nullable(Type.Number()),
  firstTokenP95Ms: Nullable(Type.Number()),
  inputTokens: Count,
  outputTokens: Count,
  /** USD, exact decimal text. */
  costUsd: Decimal,
  /** Calls whose price is unknown; they are not in `costUsd`. */
  unpriced: Count,
  /** Calls that were rated. */
  rated: Count,
  /** Mean of their scores, -1 to 1; null where none was rated. */
  quality: Nullable(Type.Number()),
  /** Comparisons whose two answers were kept. */
  compared: Count,
  /** Those of them whose answers say the same, white space and case aside. */
  agreed: Count,
})
export type VersionFigures = Static<typeof VersionFiguresSchema>

/** What a person thinks of the answer of a call. A second rating of the same person replaces the first one. */
export const RatingSchema = Type.Object({
  callId: Type.String(),
  /** -1 (bad) to 1 (good). */
  score: Type.Number({ minimum: -1, maximum: 1 }),
  comment: Nullable(Type.String()),
  /** Who gave it, as the audit trail names them. */
  rater: Type.String(),
  /** ISO 8601. */
  at: Type.String(),
})
export type Rating = Static<typeof RatingSchema>

const ComparedCallSchema = Type.Object({
  call: CallSchema,
  /** Mean of its ratings; null where there is none. */
  quality: Nullable(Type.Number()),
})

/** A call of a client, and the one that was made to compare another version with it. */
export const ComparisonSchema = Type.Object({ main: ComparedCallSchema, shadow: ComparedCallSchema })
export type Comparison = Static<typeof ComparisonSchema>
