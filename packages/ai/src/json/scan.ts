import { GatewayError } from '@konnect/contract'

/** Where a value stands in the bytes: first byte, and the one after its last. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Where the value of a member stands, and its key. */
export interface MemberSpan extends Span {
  readonly key: Span
}

/** The outermost level of a JSON object, found without building any value. */
export interface ObjectScan {
  /** Values of the keys that were asked for. */
  readonly values: ReadonlyMap<string, MemberSpan>
  /** The first asked-for key that occurs twice; readers disagree about which one counts. */
  readonly repeated: string | undefined
  /** Position of the closing brace. */
  readonly close: number
  readonly isEmpty: boolean
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const COMMA = 0x2c
const COLON = 0x3a
const MINUS = 0x2d
const PLUS = 0x2b
const POINT = 0x2e
const MAX_DEPTH = 512
const LEAP_AFTER = 128

/**
 * Reads one JSON object (RFC 8259) from `bytes` between `start` and `end`, checks its syntax, and notes where the values
 * of the `wanted` top-level keys stand. Keys are compared after unescaping. Throws `malformed_json` with the position of
 * the first fault, and `invalid_request` when the text is JSON but no object.
 */
export function scanObject(
  bytes: Buffer,
  wanted: readonly string[],
  range: Span = { start: 0, end: bytes.length },
): ObjectScan {
  const scanner = new Scanner(bytes, range.end)
  const start = scanner.skipSpace(startOf(bytes, range.start))
  if (start >= range.end) throw fault(start)
  if (bytes[start] !== OPEN_OBJECT) {
    scanner.expectEnd(scanner.value(start, 0))
    throw new GatewayError('invalid_request', { detail: 'The request body must be a JSON object.' })
  }
  const values = new Map<string, MemberSpan>()
  let repeated: string | undefined
  let count = 0
  const after = scanner.object(start, 0, (keyStart, keyEnd, valueStart, valueEnd) => {
    count++
    const key = matchKey(bytes, keyStart, keyEnd, wanted)
    if (key === undefined) return
    if (values.has(key)) repeated ??= key
    values.set(key, { start: valueStart, end: valueEnd, key: { start: keyStart, end: keyEnd } })
  })
  scanner.expectEnd(after)
  return { values, repeated, close: after - 1, isEmpty: count === 0 }
}

const startOf = (bytes: Buffer, start: number): number =>
  bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf ? start + 3 : start

function matchKey(bytes: Buffer, start: number, end: number, wanted: readonly string[]): string | undefined {
  for (const key of wanted) if (isKey(bytes, start + 1, end - 1, key)) return key
  for (let i = start; i < end; i++) {
    if (bytes[i] !== BACKSLASH) continue
    const key: unknown = JSON.parse(bytes.toString('utf8', start, end))
    return wanted.find((name) => name === key)
  }
  return undefined
}

function isKey(bytes: Buffer, start: number, end: number, key: string): boolean {
  if (end - start !== key.length) return false
  for (let i = 0; i < key.length; i++) if (bytes[start + i] !== key.charCodeAt(i)) return false
  return true
}

const fault = (position: number) =>
  new GatewayError('malformed_json', { detail: `The request body is not valid JSON (at byte ${position}).` })

type Member = (keyStart: number, keyEnd: number, valueStart: number, valueEnd: number) => void

/** A checking reader; each method takes the position of a value's first byte and returns the one after its last. */
class Scanner {
  readonly #bytes: Buffer
  readonly #end: number
  #nextBackslash = -2

  constructor(bytes: Buffer, end: number) {
    this.#bytes = bytes
    this.#end = end
  }

  skipSpace(position: number): number {
    const bytes = this.#bytes
    for (;;) {
      const byte = bytes[position]
      if (position >= this.#end || (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) return position
      position++
    }
  }

  expectEnd(position: number): void {
    const end = this.skipSpace(position)
    if (end < this.#end) throw fault(end)
  }

  value(position: number, depth: number): number {
    switch (this.#bytes[position]) {
      case QUOTE:
        return this.string(position)
      case OPEN_OBJECT:
        return this.object(position, depth + 1)
      case OPEN_ARRAY:
        return this.array(position, depth + 1)
      case 0x74:
        return this.word(position, 'true')
      case 0x66:
        return this.word(position, 'false')
      case 0x6e:
        return this.word(position, 'null')
      default:
        return this.number(position)
    }
  }

  object(position: number, depth: number, each?: Member): number {
    if (depth > MAX_DEPTH) throw fault(position)
    const bytes = this.#bytes
    let at = this.skipSpace(position + 1)
    if (bytes[at] === CLOSE_OBJECT) return at + 1
    for (;;) {
      if (at >= this.#end || bytes[at] !== QUOTE) throw fault(at)
      const keyStart = at
      const keyEnd = this.string(at)
      at = this.skipSpace(keyEnd)
      if (bytes[at] !== COLON) throw fault(at)
      const valueStart = this.skipSpace(at + 1)
      const valueEnd = this.value(valueStart, depth)
      each?.(keyStart, keyEnd, valueStart, valueEnd)
      at = this.skipSpace(valueEnd)
      if (at >= this.#end) throw fault(at)
      if (bytes[at] === CLOSE_OBJECT) return at + 1
      if (bytes[at] !== COMMA) throw fault(at)
      at = this.skipSpace(at + 1)
    }
  }

  array(position: number, depth: number): number {
    if (depth > MAX_DEPTH) throw fault(position)
    const bytes = this.#bytes
    let at = this.skipSpace(position + 1)
    if (bytes[at] === CLOSE_ARRAY) return at + 1
    for (;;) {
      at = this.skipSpace(this.value(at, depth))
      if (at >= this.#end) throw fault(at)
      if (bytes[at] === CLOSE_ARRAY) return at + 1
      if (bytes[at] !== COMMA) throw fault(at)
      at = this.skipSpace(at + 1)
    }
  }

  string(position: number): number {
    const bytes = this.#bytes
    let leap = position + LEAP_AFTER
    let at = position + 1
    while (at < this.#end) {
      const byte = bytes[at] as number
      if (byte === QUOTE) return at + 1
      if (byte < 0x20) throw fault(at)
      if (byte === BACKSLASH) {
        at = this.escape(at)
        leap = at + LEAP_AFTER
      } else if (at++ > leap) {
        at = this.#leap(at)
        leap = at + LEAP_AFTER
      }
    }
    throw fault(at)
  }

  // Long stretches without escapes (prompts, images) are crossed with native searches instead of byte by byte.
  #leap(position: number): number {
    const quote = this.#bytes.indexOf(QUOTE, position)
    if (quote < 0) throw fault(this.#end)
    const backslash = this.#backslashFrom(position)
    return backslash < 0 || backslash > quote ? quote : backslash
  }

  #backslashFrom(position: number): number {
    if (this.#nextBackslash === -1 || this.#nextBackslash >= position) return this.#nextBackslash
    this.#nextBackslash = this.#bytes.indexOf(BACKSLASH, position)
    return this.#nextBackslash
  }

  escape(position: number): number {
    const kind = this.#bytes[position + 1]
    if (position + 1 >= this.#end || kind === undefined) throw fault(position)
    if (kind !== 0x75) {
      if (!ESCAPES.has(kind)) throw fault(position)
      return position + 2
    }
    for (let i = position + 2; i < position + 6; i++) if (i >= this.#end || !isHex(this.#bytes[i])) throw fault(i)
    return position + 6
  }

  word(position: number, word: string): number {
    for (let i = 0; i < word.length; i++) {
      if (position + i >= this.#end || this.#bytes[position + i] !== word.charCodeAt(i)) throw fault(position + i)
    }
    return position + word.length
  }

  number(position: number): number {
    const bytes = this.#bytes
    let at = bytes[position] === MINUS ? position + 1 : position
    at = bytes[at] === 0x30 ? at + 1 : this.digits(at)
    if (bytes[at] === POINT) at = this.digits(at + 1)
    if (bytes[at] === 0x65 || bytes[at] === 0x45) {
      const sign = bytes[at + 1]
      at = this.digits(sign === MINUS || sign === PLUS ? at + 2 : at + 1)
    }
    if (at > this.#end) throw fault(this.#end)
    return at
  }

  digits(position: number): number {
    const bytes = this.#bytes
    let at = position
    while (isDigit(bytes[at])) at++
    if (at === position) throw fault(position)
    return at
  }
}

const ESCAPES = new Set([QUOTE, BACKSLASH, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74])

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39

const isHex = (byte: number | undefined): boolean =>
  byte !== undefined &&
  ((byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66))
