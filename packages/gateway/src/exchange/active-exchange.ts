import {
  type Attempt,
  asGatewayError,
  type BodySource,
  type GatewayError,
  type HeaderList,
  removeHeader,
  setHeader,
} from '@konnect/contract'
import type { IncomingRequest, Responder } from '@konnect/http'
import type {
  CaptureOptions,
  DirectAnswer,
  Exchange,
  ExchangeRequest,
  ExchangeResponse,
  Place,
  Principal,
} from '@konnect/sdk'
import type { ContentCapture } from '../account/content-capture.ts'
import type { StoreRelay } from '../pinned/store-relay.ts'
import type { ModelPlan } from '../plan/ai-plan.ts'
import type { Pipeline } from '../plan/pipeline.ts'
import type { Plan, RoutePlan } from '../plan/plan.ts'
import type { RealtimeRelay } from '../realtime/realtime-relay.ts'
import type { AiRelay } from '../translate/ai-relay.ts'

/** The stations whose time is measured, in order. */
export const STATIONS = ['match', 'identify', 'admit', 'shape', 'select', 'send', 'return'] as const
export type Station = (typeof STATIONS)[number]

const STATION_INDEX: Readonly<Record<Station, number>> = {
  match: 0,
  identify: 1,
  admit: 2,
  shape: 3,
  select: 4,
  send: 5,
  return: 6,
}

/** The request half of an Exchange. */
class ActiveRequest implements ExchangeRequest {
  method: string
  path: string
  query: string
  readonly host: string
  readonly scheme: 'http' | 'https'
  readonly headers: HeaderList
  readonly clientIp: string
  body: BodySource

  constructor(incoming: IncomingRequest, clientIp: string) {
    this.method = incoming.method
    this.path = incoming.path
    this.query = incoming.query
    this.host = incoming.host
    this.scheme = incoming.isSecure ? 'https' : 'http'
    this.headers = incoming.headers
    this.clientIp = clientIp
    this.body = incoming.body
  }
}

const NOWHERE: Place = { tenantId: '', apiId: null, api: null, routeId: '', route: '' }

/**
 * One request on its way through the stations. Stations read and write its fields; policies see it as
 * {@link Exchange}. It ends exactly once, through `finish`.
 */
export class ActiveExchange implements Exchange {
  readonly id: string
  readonly startedAtMs: number
  readonly receivedAt: number
  readonly incoming: IncomingRequest
  readonly responder: Responder
  readonly request: ActiveRequest
  place: Place = NOWHERE
  plan: Plan | undefined
  route: RoutePlan | undefined
  /** The part of the path that the route matched. */
  matchedPath = ''
  pipeline: Pipeline
  response: ExchangeResponse | undefined
  principal: Principal | undefined
  /** Set by `answer`: the way in ends here. */
  directAnswer: DirectAnswer | undefined
  failure: GatewayError | undefined
  /** Response fields to send whatever comes. */
  readonly pendingHeaders: HeaderList = []
  /** As `pendingHeaders`, in place of whatever has the same name. */
  readonly replacingHeaders: HeaderList = []
  readonly attempts: Attempt[] = []
  readonly stationAt: number[] = [0, 0, 0, 0, 0, 0, 0]
  snapshotVersion = 0
  kind: 'http' | 'websocket' | 'ai' = 'http'
  traceId = ''
  requestBytes = 0
  /** Bytes written on a switched connection, which the responder does not count. */
  tunnelBytes = 0
  status = 0
  /** When the request was handed to the upstream, and when its response head came; 0 when not. */
  sentAt = 0
  headAt = 0
  /** The AI half, on AI endpoints. */
  ai: AiRelay | undefined
  /** The same at the endpoints of sessions. */
  session: RealtimeRelay | undefined
  /** The same at the endpoints of stored objects. */
  stored: StoreRelay | undefined
  /** The version of its model that is asked as well, for comparison. */
  shadow: ModelPlan | undefined
  capture: ContentCapture | undefined
  captureOptions: CaptureOptions | undefined
  /** Stops whatever the exchange is waiting for; replaced as it moves on. */
  cancel: ((error: GatewayError) => void) | undefined
  deadlineTimer: NodeJS.Timeout | undefined
  deadlineMs = Number.POSITIVE_INFINITY
  /** Told when a policy shortens the deadline. */
  onDeadline: ((ms: number) => void) | undefined
  isFinished = false
  #notes: Map<symbol, unknown> | undefined
  #abort: AbortController | undefined

  constructor(id: string, incoming: IncomingRequest, responder: Responder, clientIp: string, pipeline: Pipeline) {
    this.id = id
    this.startedAtMs = Date.now()
    this.receivedAt = incoming.receivedAt
    this.incoming = incoming
    this.responder = responder
    this.request = new ActiveRequest(incoming, clientIp)
    this.pipeline = pipeline
  }

  get signal(): AbortSignal {
    this.#abort ??= new AbortController()
    if (this.isFinished) this.#abort.abort()
    return this.#abort.signal
  }

  get notes(): Map<symbol, unknown> {
    this.#notes ??= new Map()
    return this.#notes
  }

  answer(answer: DirectAnswer): void {
    this.directAnswer ??= answer
  }

  addResponseHeader(name: string, value: string): void {
    this.pendingHeaders.push(name, value)
  }

  limitDuration(ms: number): void {
    if (ms >= this.deadlineMs) return
    this.deadlineMs = ms
    this.onDeadline?.(ms)
  }

  setResponseHeader(name: string, value: string): void {
    removeHeader(this.pendingHeaders, name)
    setHeader(this.replacingHeaders, name, value)
  }

  captureContent(options: CaptureOptions): void {
    const former = this.captureOptions?.redact ?? []
    this.captureOptions = { ...options, redact: [...former, ...options.redact] }
  }

  /** Notes that the exchange has arrived at a station. */
  enter(station: Station): void {
    this.stationAt[STATION_INDEX[station]] = performance.now()
  }

  /** The first failure is the one that is recorded. */
  noteFailure(error: unknown): GatewayError {
    this.failure ??= asGatewayError(error)
    return this.failure
  }

  /** Tells everyone who waits on `signal`. */
  abortSignal(error: Error): void {
    this.#abort?.abort(error)
  }
}
