import type { ErrorCode, GatewayError } from '@konnect/contract'
import { OPCODES } from './frame-reader.ts'
import { frameOf } from './frame-writer.ts'

/** How a session was closed (RFC 6455 §7.1.5 and §7.4). */
export interface SessionClose {
  /** `undefined` where none was given. */
  readonly code: number | undefined
  readonly reason: string
}

/** Status codes of RFC 6455 §7.4.1 and of IANA's registry. */
export const CLOSE_CODES = {
  normal: 1000,
  goingAway: 1001,
  protocolError: 1002,
  policy: 1008,
  internalError: 1011,
  tryAgainLater: 1013,
  badGateway: 1014,
} as const

const MAX_REASON_BYTES = 123
const BAD_GATEWAY = 502

const OF_ERROR: Partial<Record<ErrorCode, number>> = {
  malformed_request: CLOSE_CODES.protocolError,
  internal_error: CLOSE_CODES.internalError,
  rate_limited: CLOSE_CODES.tryAgainLater,
  not_ready: CLOSE_CODES.tryAgainLater,
  no_healthy_target: CLOSE_CODES.tryAgainLater,
  request_timeout: CLOSE_CODES.goingAway,
  upstream_timeout: CLOSE_CODES.goingAway,
}

/** With which status code a client hears of an error. */
export const closeCodeOf = ({ code, status }: GatewayError): number =>
  OF_ERROR[code] ?? (status >= BAD_GATEWAY || code === 'upstream_error' ? CLOSE_CODES.badGateway : CLOSE_CODES.policy)

/** A Close frame; those for a `server` are masked. A reason that is too long is cut at a character. */
export function closeFrame(receiver: 'client' | 'server', { code, reason }: { code: number; reason: string }): Buffer {
  const text = cut(reason)
  const payload = Buffer.alloc(2 + text.length)
  payload.writeUInt16BE(code)
  text.copy(payload, 2)
  return frameOf(receiver, OPCODES.close, payload)
}

function cut(reason: string): Buffer {
  const bytes = Buffer.from(reason)
  if (bytes.length <= MAX_REASON_BYTES) return bytes
  let end = MAX_REASON_BYTES
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.subarray(0, end)
}

/** What the payload of a Close frame says. */
export const readClose = (payload: Buffer): SessionClose => ({
  code: payload.length < 2 ? undefined : payload.readUInt16BE(),
  reason: payload.toString('utf8', 2),
})
