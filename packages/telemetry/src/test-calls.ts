import type { Call, Logger } from '@konnect/contract'

/** A call as a gateway leaves it, for tests. */
export function testCall(id: string, change: Partial<Call> = {}): Call {
  return {
    id,
    tenantId: 'default',
    gateway: 'node-1/1',
    kind: 'http',
    startedAt: '2026-01-31T12:00:00.000Z',
    durationMs: 12.5,
    gatewayMs: 0.2,
    upstreamMs: 12,
    method: 'GET',
    host: 'api.example.com',
    path: '/orders',
    status: 200,
    errorCode: null,
    errorReason: null,
    apiId: 'api_1',
    api: 'orders',
    routeId: null,
    route: null,
    applicationId: null,
    application: null,
    keyId: null,
    clientIp: '192.0.2.1',
    userAgent: null,
    requestBytes: 0,
    responseBytes: 10,
    attempts: [],
    stations: {},
    traceId: null,
    snapshotVersion: 1,
    ai: null,
    ...change,
  }
}

/** Keeps what was logged, as `level: message`. */
export function rememberingLogger(): Logger & { readonly lines: string[] } {
  const lines: string[] = []
  const at = (level: string) => (_fields: object, message: string) => {
    lines.push(`${level}: ${message}`)
  }
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
