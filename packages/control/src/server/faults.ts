import { asGatewayError, type ErrorCode, GatewayError, type Logger, problemOf } from '@konnect/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Codes of the framework's own errors, in terms of the error table. */
const FRAMEWORK_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'invalid_request',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed_request',
  FST_ERR_CTP_INVALID_TYPE: 'invalid_request',
  FST_ERR_BAD_URL: 'malformed_request',
  FST_ERR_MAX_PARAM_LENGTH: 'uri_too_long',
}

/** Turns anything that a request may end in into a row of the error table. */
export function gatewayErrorOf(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error
  const {
    code = '',
    statusCode = 500,
    message = '',
  } = error as { code?: string; statusCode?: number; message?: string }
  if (error instanceof SyntaxError && statusCode === 400) return malformedJson(message)
  const known = FRAMEWORK_CODES[code]
  if (known === 'malformed_json') return malformedJson(message)
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new GatewayError('invalid_request', { status: 415, detail: 'Send the body as application/json.' })
  if (known) return new GatewayError(known, { reason: message })
  if (statusCode >= 400 && statusCode < 500)
    return new GatewayError('invalid_request', { status: statusCode, reason: message })
  return asGatewayError(error)
}

// The parser's message repeats a piece of the body, which may be a secret; only the place is kept.
function malformedJson(message: string): GatewayError {
  const place = /at position \d+(?: \(line \d+ column \d+\))?/.exec(message)?.[0]
  return new GatewayError('malformed_json', place ? { detail: `The request body is not valid JSON ${place}.` } : {})
}

/** Answers with problem+json (RFC 9457). What only the operator may know goes to the log. */
export function answerError(logger: Logger, error: GatewayError, request: FastifyRequest, reply: FastifyReply): void {
  const fields = { requestId: request.id, code: error.code, reason: error.reason }
  if (error.status >= 500) logger.error({ ...fields, error }, 'request failed')
  else logger.debug(fields, 'request refused')
  if (reply.raw.headersSent) {
    reply.raw.destroy()
    return
  }
  const headers = error.headers ?? []
  for (let i = 0; i < headers.length; i += 2) reply.header(headers[i] ?? '', headers[i + 1])
  void reply
    .code(error.status)
    .header('x-request-id', request.id)
    .type('application/problem+json')
    .send(JSON.stringify(problemOf(error, request.id)))
}
