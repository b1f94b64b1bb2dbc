import { randomBytes } from 'node:crypto'

/** What a frame is made of. */
export interface FramePlan {
  readonly opcode: number
  readonly isFinal?: boolean
  readonly payload?: Buffer
}

/** A frame as it is on the wire (RFC 6455 §5.2), masked as clients do. */
export function frame(sender: 'client' | 'server', plan: FramePlan): Buffer {
  const { opcode, isFinal = true, payload = Buffer.alloc(0) } = plan
  const isMasked = sender === 'client'
  const mask = randomBytes(4)
  const head = Buffer.concat([
    Buffer.from([(isFinal ? 0x80 : 0) | opcode]),
    lengthOf(payload.length, isMasked ? 0x80 : 0),
    ...(isMasked ? [mask] : []),
  ])
  return Buffer.concat([head, isMasked ? unmasked(payload, mask) : payload])
}

function lengthOf(length: number, maskBit: number): Buffer {
  if (length < 126) return Buffer.from([maskBit | length])
  const bytes = Buffer.alloc(length < 65_536 ? 3 : 9)
  bytes[0] = maskBit | (length < 65_536 ? 126 : 127)
  if (length < 65_536) bytes.writeUInt16BE(length, 1)
  else bytes.writeBigUInt64BE(BigInt(length), 1)
  return bytes
}

export const text = (content: string): FramePlan => ({ opcode: 1, payload: Buffer.from(content) })

/** A payload without its mask, or with it: the same operation (RFC 6455 §5.3). */
export const unmasked = (payload: Buffer, mask: Buffer | undefined): Buffer =>
  Buffer.from(payload.map((byte, i) => byte ^ (mask?.[i & 3] ?? 0)))
