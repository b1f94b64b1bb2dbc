import { type HeaderList, headerOf, setHeader } from '@konnect/contract'
import type { ActiveExchange } from '../exchange/active-exchange.ts'

/** Fields that the upstream client or the gateway writes itself. */
const REPLACED = new Set(['host', 'content-length', 'expect', 'x-request-id'])

/**
 * The fields of the request as they go upstream: end-to-end fields of the client, then who the client is
 * (X-Forwarded-*), the trace (W3C Trace Context) and Via. Call once per exchange; for another target only `host` changes.
 */
export function upstreamHeaders(exchange: ActiveExchange, host: string): HeaderList {
  const { request } = exchange
  const headers: HeaderList = ['host', host]
  for (let i = 0; i < request.headers.length; i += 2) {
    const name = request.headers[i] as string
    if (!REPLACED.has(name)) headers.push(name, request.headers[i + 1] as string)
  }
  const former = headerOf(headers, 'x-forwarded-for')
  if (former === undefined) headers.push('x-forwarded-for', request.clientIp)
  else setHeader(headers, 'x-forwarded-for', `${former}, ${exchange.incoming.remoteAddress}`)
  addUnlessSet(headers, 'x-forwarded-proto', request.scheme)
  addUnlessSet(headers, 'x-forwarded-host', request.host)
  headers.push('x-request-id', exchange.id, 'via', '1.1 konnect')
  if (exchange.traceId === exchange.id) {
    setHeader(headers, 'traceparent', `00-${exchange.id}-${exchange.id.slice(16)}-00`)
  }
  return headers
}

function addUnlessSet(headers: HeaderList, name: string, value: string): void {
  if (headerOf(headers, name) === undefined) headers.push(name, value)
}
