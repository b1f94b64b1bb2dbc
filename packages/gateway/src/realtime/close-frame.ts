import { randomBytes } from 'node:crypto'
import { OPCODES } from './frame-reader.ts'

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
  badGateway: 1014,
} as const

const FINAL = 0x80
const MASKED = 0x80
const MAX_REASON_BYTES = 123

/** A Close frame; those for a `server` are masked. A reason that is too long is cut at a character. */
export function closeFrame(receiver: 'client' | 'server', { code, reason }: { code: number; reason: string }): Buffer {
  const text = cut(reason)
  const payload = Buffer.alloc(2 + text.length)
  payload.writeUInt16BE(code)
  text.copy(payload, 2)
  const head = [FINAL | OPCODES.close, payload.length]
  if (receiver === 'client') return Buffer.concat([Buffer.from(head), payload])
  const mask = randomBytes(4)
  return Buffer.concat([Buffer.from([head[0] ?? 0, MASKED | payload.length]), mask, unmasked(payload, mask)])
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

/** A payload without its mask, or with it: the same operation (RFC 6455 §5.3). The given bytes stay as they are. */
export function unmasked(payload: Buffer, mask: Buffer | undefined): Buffer {
  if (mask === undefined) return payload
  const plain = Buffer.allocUnsafe(payload.length)
  for (let i = 0; i < payload.length; i++) plain[i] = (payload[i] ?? 0) ^ (mask[i & 3] ?? 0)
  return plain
}
