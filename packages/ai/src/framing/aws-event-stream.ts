import { crc32 } from 'node:zlib'
import { GatewayError } from '@konnect/contract'
import type { FrameReader, Framing, StreamEvent } from './framing.ts'

const PRELUDE_BYTES = 12
const CRC_BYTES = 4
/** No vendor sends more in one message; a larger length is a damaged one. */
const MAX_MESSAGE_BYTES = 24 * 1024 * 1024

/**
 * Amazon's binary event streams (`application/vnd.amazon.eventstream`): messages of total length, length of headers,
 * CRC-32 of those two, headers, payload, and CRC-32 of everything before; integers are big-endian.
 *
 * An event is named by its `:event-type`, and its payload is the data. What the vendor sends in place of an event is told
 * apart by its name: `exception:<type>` with the payload, `error:<code>` with `{"message": …}`.
 */
export const awsEventStreamFraming: Framing = {
  contentType: 'application/vnd.amazon.eventstream',
  open: () => new Messages(),
}

class Messages implements FrameReader {
  #held = Buffer.alloc(0)
  #length = 0

  get pending(): number {
    return this.#length
  }

  push(chunk: Buffer, each: (event: StreamEvent) => void): void {
    this.#append(chunk)
    let start = 0
    for (;;) {
      const end = messageEnd(this.#held, start, this.#length)
      if (end === undefined) break
      const event = readMessage(this.#held.subarray(start, end))
      start = end
      if (event !== undefined) each(event)
    }
    this.#held.copyWithin(0, start, this.#length)
    this.#length -= start
  }

  // Every message says its length: what is left is a torn one.
  end(): undefined {
    this.#length = 0
    return undefined
  }

  #append(chunk: Buffer): void {
    const needed = this.#length + chunk.length
    if (needed > this.#held.length) {
      const grown = Buffer.allocUnsafe(Math.max(4096, needed, this.#held.length * 2))
      this.#held.copy(grown, 0, 0, this.#length)
      this.#held = grown
    }
    chunk.copy(this.#held, this.#length)
    this.#length = needed
  }
}

const damaged = (reason: string): GatewayError => new GatewayError('upstream_invalid', { reason })

/** Where the message at `start` ends; `undefined` while it is not complete. The prelude is checked as soon as it is there. */
function messageEnd(bytes: Buffer, start: number, end: number): number | undefined {
  if (end - start < PRELUDE_BYTES) return undefined
  if (crc32(bytes.subarray(start, start + 8)) !== bytes.readUInt32BE(start + 8)) {
    throw damaged('The prelude of an event stream message does not match its checksum')
  }
  const total = bytes.readUInt32BE(start)
  const headers = bytes.readUInt32BE(start + 4)
  if (total > MAX_MESSAGE_BYTES || headers + PRELUDE_BYTES + CRC_BYTES > total) {
    throw damaged('An event stream message has impossible lengths')
  }
  return end - start < total ? undefined : start + total
}

function readMessage(message: Buffer): StreamEvent | undefined {
  const body = message.length - CRC_BYTES
  if (crc32(message.subarray(0, body)) !== message.readUInt32BE(body)) {
    throw damaged('An event stream message does not match its checksum')
  }
  const payload = PRELUDE_BYTES + message.readUInt32BE(4)
  const headers = readHeaders(message.subarray(PRELUDE_BYTES, payload))
  return eventOf(headers, message.toString('utf8', payload, body))
}

function eventOf(headers: ReadonlyMap<string, string>, data: string): StreamEvent {
  switch (headers.get(':message-type')) {
    case 'exception':
      return { name: `exception:${headers.get(':exception-type') ?? ''}`, data }
    case 'error': {
      const message = headers.get(':error-message') ?? ''
      return { name: `error:${headers.get(':error-code') ?? ''}`, data: JSON.stringify({ message }) }
    }
    default:
      return { name: headers.get(':event-type') ?? '', data }
  }
}

/** Bytes of a header's value by its type; strings and byte arrays say their length. */
const FIXED_SIZES: ReadonlyMap<number, number> = new Map([
  [0, 0],
  [1, 0],
  [2, 1],
  [3, 2],
  [4, 4],
  [5, 8],
  [8, 8],
  [9, 16],
])
const BYTES = 6
const STRING = 7

/** The headers whose values are text; the others are passed over. */
function readHeaders(bytes: Buffer): Map<string, string> {
  const headers = new Map<string, string>()
  try {
    for (let at = 0; at < bytes.length; ) {
      const nameEnd = at + 1 + bytes.readUInt8(at)
      const type = bytes.readUInt8(nameEnd)
      const isSized = type === STRING || type === BYTES
      const size = isSized ? bytes.readUInt16BE(nameEnd + 1) : FIXED_SIZES.get(type)
      if (size === undefined) throw damaged('A header of an event stream message has an unknown type')
      const start = nameEnd + (isSized ? 3 : 1)
      if (start + size > bytes.length) throw damaged('A header of an event stream message is cut off')
      const name = bytes.toString('utf8', at + 1, nameEnd)
      if (type === STRING) headers.set(name, bytes.toString('utf8', start, start + size))
      at = start + size
    }
  } catch (error) {
    if (error instanceof GatewayError) throw error
    throw damaged('A header of an event stream message is cut off')
  }
  return headers
}
