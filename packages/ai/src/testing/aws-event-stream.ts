import { crc32 } from 'node:zlib'

/** One message of an event stream, its headers all text. */
export function eventStreamMessage(headers: Readonly<Record<string, string>>, payload: string | Buffer): Buffer {
  const fields = Buffer.concat(Object.entries(headers).map(([name, value]) => textHeader(name, value)))
  return rawEventStreamMessage(fields, Buffer.from(payload))
}

/** One message around headers that are encoded already. */
export function rawEventStreamMessage(headers: Buffer, payload: Buffer): Buffer {
  const message = Buffer.alloc(16 + headers.length + payload.length)
  message.writeUInt32BE(message.length, 0)
  message.writeUInt32BE(headers.length, 4)
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8)
  headers.copy(message, 12)
  payload.copy(message, 12 + headers.length)
  message.writeUInt32BE(crc32(message.subarray(0, message.length - 4)), message.length - 4)
  return message
}

function textHeader(name: string, value: string): Buffer {
  const text = Buffer.from(value)
  const head = Buffer.from(name)
  return Buffer.concat([Buffer.from([head.length]), head, Buffer.from([7, text.length >> 8, text.length & 0xff]), text])
}

/** An ordinary event with a JSON payload. */
export const eventMessage = (type: string, payload: object): Buffer =>
  eventStreamMessage(
    { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' },
    JSON.stringify(payload),
  )

/** An exception in place of an event. */
export const exceptionMessage = (type: string, payload: object): Buffer =>
  eventStreamMessage(
    { ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' },
    JSON.stringify(payload),
  )
