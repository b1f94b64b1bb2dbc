import { randomBytes, randomInt } from 'node:crypto'

let lastMs = 0
let sequence = 0

/** A new id such as `api_0193…`: time-ordered like UUIDv7 (RFC 9562 §5.7), strictly growing within a process. */
export function createId(prefix: string, nowMs = Date.now()): string {
  if (nowMs > lastMs) {
    lastMs = nowMs
    sequence = 0
  } else sequence += 1
  if (sequence > 0xffff) {
    lastMs += 1
    sequence = 0
  }
  const time = lastMs.toString(16).padStart(12, '0')
  return `${prefix}_${time}${sequence.toString(16).padStart(4, '0')}${randomBytes(8).toString('hex')}`
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** `prefix` and 32 random base62 characters (190 bits). */
export const createToken = (prefix: string): string =>
  prefix + Array.from({ length: 32 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
