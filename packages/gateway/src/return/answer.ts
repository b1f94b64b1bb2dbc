import { type GatewayError, type HeaderList, problemOf, removeHeader } from '@konnect/contract'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import { runHandlers } from '../plan/pipeline.ts'

const VIA = '1.1 konnect'

/** The head of a response, with what policies and the gateway add to it. */
export function finalHeaders(exchange: ActiveExchange, headers: HeaderList): HeaderList {
  const { replacingHeaders, pendingHeaders } = exchange
  removeHeader(headers, 'x-request-id')
  for (let i = 0; i < replacingHeaders.length; i += 2) removeHeader(headers, replacingHeaders[i] ?? '')
  for (const text of replacingHeaders) headers.push(text)
  for (const text of pendingHeaders) headers.push(text)
  headers.push('x-request-id', exchange.id, 'via', VIA, 'server-timing', serverTiming(exchange))
  return headers
}

/** Server-Timing (W3C): what the gateway took before sending, and what the upstream took to begin its answer. */
function serverTiming(exchange: ActiveExchange): string {
  const { receivedAt, sentAt, headAt } = exchange
  const gateway = (sentAt || performance.now()) - receivedAt
  if (headAt === 0) return `gateway;dur=${shortMs(gateway)}`
  return `gateway;dur=${shortMs(gateway)}, upstream;dur=${shortMs(headAt - sentAt)}`
}

const shortMs = (ms: number): number => Math.round(ms * 100) / 100

/** What is sent when the gateway itself answers. */
export interface WholeAnswer {
  readonly status: number
  readonly headers: HeaderList
  readonly body: string | Uint8Array
}

/**
 * Sends a whole answer through the return phase and ends the exchange. A policy that fails on the way is logged in the
 * Call; the answer goes out without what it would have added.
 */
export function sendAnswer(
  exchange: ActiveExchange,
  answer: WholeAnswer,
  finish: (exchange: ActiveExchange) => void,
): void {
  const response = { status: answer.status, headers: answer.headers }
  exchange.response = response
  const send = () => {
    if (exchange.isFinished || exchange.responder.isDone) return
    exchange.status = response.status
    const headers = finalHeaders(exchange, response.headers)
    exchange.capture?.responseHeaders(headers)
    exchange.capture?.responseChunk(typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body)
    exchange.responder.send(response.status, headers, answer.body)
    finish(exchange)
  }
  const sendAnyway = (error: unknown) => {
    exchange.noteFailure(error)
    send()
  }
  exchange.enter('return')
  try {
    const waiting = runReturn(exchange)
    if (waiting === undefined) send()
    else waiting.then(send, sendAnyway)
  } catch (error) {
    sendAnyway(error)
  }
}

/** Runs the return phase. */
export function runReturn(exchange: ActiveExchange): void | Promise<void> {
  exchange.directAnswer = undefined
  return runHandlers(exchange.pipeline.return, exchange)
}

/** An error as RFC 9457 problem+json. */
export function problemAnswer(error: GatewayError, requestId: string): WholeAnswer {
  return {
    status: error.status,
    headers: ['content-type', 'application/problem+json', ...(error.headers ?? [])],
    body: JSON.stringify(problemOf(error, requestId)),
  }
}
