import { type Call, headerOf } from '@konnect/contract'
import { type ActiveExchange, STATIONS } from '../exchange/active-exchange.ts'

const rounded = (ms: number): number => Math.round(ms * 1000) / 1000

let lastMs = 0
let lastText = ''

/** ISO 8601; formatted once for all exchanges that began in the same millisecond. */
function isoTime(ms: number): string {
  if (ms !== lastMs) {
    lastMs = ms
    lastText = new Date(ms).toISOString()
  }
  return lastText
}

/** The Call that an Exchange leaves. `endedAt` is a `performance.now()`. */
export function callOf(exchange: ActiveExchange, gateway: string, endedAt: number): Call {
  const { place, principal, request, failure } = exchange
  return {
    id: exchange.id,
    tenantId: place.tenantId || principal?.tenantId || 'default',
    gateway,
    kind: exchange.kind,
    startedAt: isoTime(exchange.startedAtMs),
    durationMs: rounded(endedAt - exchange.receivedAt),
    gatewayMs: rounded((exchange.sentAt || endedAt) - exchange.receivedAt),
    upstreamMs: exchange.headAt === 0 ? null : rounded(exchange.headAt - exchange.sentAt),
    method: request.method,
    host: request.host,
    path: exchange.incoming.path,
    status: exchange.status,
    errorCode: failure?.code ?? null,
    errorReason: failure === undefined ? null : (failure.reason ?? failure.detail),
    apiId: place.apiId,
    api: place.api,
    routeId: place.routeId || null,
    route: place.route || null,
    applicationId: principal?.applicationId ?? null,
    application: principal?.application ?? null,
    keyId: principal?.keyId ?? null,
    clientIp: request.clientIp,
    userAgent: headerOf(request.headers, 'user-agent') ?? null,
    requestBytes: exchange.requestBytes,
    responseBytes: exchange.responder.bytesWritten + exchange.tunnelBytes,
    attempts: exchange.attempts,
    stations: stationTimes(exchange, endedAt),
    traceId: exchange.traceId,
    snapshotVersion: exchange.snapshotVersion,
    ai: (exchange.ai ?? exchange.session ?? exchange.stored)?.record() ?? null,
    ...(exchange.capture === undefined ? {} : { content: exchange.capture.content() }),
  }
}

/** Microseconds in each station that was entered: until the next one that was. */
function stationTimes(exchange: ActiveExchange, endedAt: number): Record<string, number> {
  const times: Record<string, number> = {}
  let next = endedAt
  for (let i = STATIONS.length - 1; i >= 0; i--) {
    const at = exchange.stationAt[i] ?? 0
    if (at === 0) continue
    times[STATIONS[i] as string] = Math.round((next - at) * 1000)
    next = at
  }
  return times
}
