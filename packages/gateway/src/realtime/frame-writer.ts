import { randomBytes } from 'node:crypto'
import { OPCODES } from './frame-reader.ts'

const FINAL = 0x80
const MASKED = 0x80
const LONGEST_SHORT = 125
const LENGTH_16 = 126
const LENGTH_64 = 127

/** A whole text message in one frame (RFC 6455 §5.2); those for a `server` are masked. */
export const textFrame = (receiver: 'client' | 'server', payload: Buffer): Buffer =>
  frameOf(receiver, OPCODES.text, payload)

/** One frame that is not a fragment. */
export function frameOf(receiver: 'client' | 'server', opcode: number, payload: Buffer): Buffer {
  const isMasked = receiver === 'server'
  const head = Buffer.from([FINAL | opcode, ...lengthOf(payload.length)])
  if (!isMasked) return Buffer.concat([head, payload])
  head[1] = (head[1] ?? 0) | MASKED
  const mask = randomBytes(4)
  return Buffer.concat([head, mask, masked(payload, mask)])
}

function lengthOf(length: number): Buffer {
  if (length <= LONGEST_SHORT) return Buffer.from([length])
  const isShort = length <= 0xffff
  const bytes = Buffer.alloc(isShort ? 3 : 9, isShort ? LENGTH_16 : LENGTH_64)
  if (isShort) bytes.writeUInt16BE(length, 1)
  else bytes.writeBigUInt64BE(BigInt(length), 1)
  return bytes
}

/** A payload with its mask put on (RFC 6455 §5.3). The given bytes stay as they are. */
function masked(payload: Buffer, mask: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(payload.length)
  for (let i = 0; i < payload.length; i++) bytes[i] = (payload[i] ?? 0) ^ (mask[i & 3] ?? 0)
  return bytes
}
