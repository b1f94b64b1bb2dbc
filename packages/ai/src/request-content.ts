/** What a request holds, as far as its bytes tell. */
export interface RequestContent {
  /** Bytes of text; see {@link measureContent}. */
  readonly textBytes: number
  /** There is a top-level `tools` (or `functions`) that is not empty. */
  readonly offersTools: boolean
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const OPEN_OBJECT = 0x7b
const OPEN_ARRAY = 0x5b
const CLOSE_OBJECT = 0x7d
const CLOSE_ARRAY = 0x5d
const LOWER_U = 0x75
const LEAP_AFTER = 128
const DATA_FROM_BYTES = 1024
const DATA_SAMPLE_BYTES = 256
const TOOL_FIELDS = new Set(['tools', 'functions'])

/**
 * Measures a request of any format in one pass over its bytes, without building a value.
 *
 * Text is the value of every string of a JSON body, at any depth, in bytes of UTF-8: prompts, earlier turns, tool
 * descriptions, and short words such as roles. Keys and numbers are none. Neither are strings of data: those of 1,024 bytes
 * or more whose first 256 bytes are all from the alphabets of base64 and data URLs. A body that is no JSON has no text.
 *
 * Expects a body that was checked before; of a broken one it measures something, and never throws.
 */
export function measureContent(body: Uint8Array): RequestContent {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  return new ContentReader(bytes).read()
}

class ContentReader {
  readonly #bytes: Buffer
  #at = 0
  #depth = 0
  #textBytes = 0
  #offersTools = false
  #nextBackslash = -2

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  read(): RequestContent {
    const bytes = this.#bytes
    if (bytes[0] === 0xef) this.#at = 3
    this.#skipSpace()
    if (bytes[this.#at] !== OPEN_OBJECT) return { textBytes: 0, offersTools: false }
    while (this.#at < bytes.length) {
      const byte = bytes[this.#at]
      if (byte === QUOTE) this.#string()
      else {
        if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#depth++
        else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.#depth--
        this.#at++
      }
    }
    return { textBytes: this.#textBytes, offersTools: this.#offersTools }
  }

  #string(): void {
    const start = this.#at + 1
    const textBytes = this.#crossString(start)
    const end = this.#at - 1
    this.#skipSpace()
    if (this.#bytes[this.#at] !== COLON) {
      if (!isData(this.#bytes, start, end)) this.#textBytes += textBytes
    } else if (this.#depth === 1 && TOOL_FIELDS.has(keyIn(this.#bytes, start, end))) {
      this.#offersTools ||= this.#hasElements()
    }
  }

  /** Moves behind the closing quote; returns how many bytes of UTF-8 the string has. */
  #crossString(start: number): number {
    const bytes = this.#bytes
    let saved = 0
    let at = start
    let leap = at + LEAP_AFTER
    while (at < bytes.length && bytes[at] !== QUOTE) {
      if (bytes[at] === BACKSLASH) {
        const length = bytes[at + 1] === LOWER_U ? 6 : 2
        saved += length - (length === 2 ? 1 : utf8Length(bytes, at + 2))
        at += length
        leap = at + LEAP_AFTER
      } else if (at++ >= leap) {
        at = this.#nextSpecial(at)
        leap = at + LEAP_AFTER
      }
    }
    this.#at = at + 1
    return at - start - saved
  }

  // Long stretches are crossed with native searches; a search for backslashes is not repeated before its result is reached.
  #nextSpecial(from: number): number {
    const quote = this.#bytes.indexOf(QUOTE, from)
    if (this.#nextBackslash !== -1 && this.#nextBackslash < from) {
      this.#nextBackslash = this.#bytes.indexOf(BACKSLASH, from)
    }
    if (quote < 0) return this.#bytes.length
    return this.#nextBackslash < 0 ? quote : Math.min(quote, this.#nextBackslash)
  }

  /** Whether the value after the colon is an array or object with something in it. Moves to its first byte. */
  #hasElements(): boolean {
    this.#at++
    this.#skipSpace()
    const open = this.#bytes[this.#at]
    if (open !== OPEN_ARRAY && open !== OPEN_OBJECT) return false
    let at = this.#at + 1
    while (isSpace(this.#bytes[at])) at++
    return this.#bytes[at] !== CLOSE_ARRAY && this.#bytes[at] !== CLOSE_OBJECT
  }

  #skipSpace(): void {
    while (isSpace(this.#bytes[this.#at])) this.#at++
  }
}

const isSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

/** Bytes of UTF-8 for the code unit of an escape; one of a surrogate pair has half of four. */
function utf8Length(bytes: Buffer, at: number): number {
  const unit = Number.parseInt(bytes.toString('latin1', at, at + 4), 16)
  if (unit < 0x80) return 1
  if (unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff)) return 2
  return 3
}

function keyIn(bytes: Buffer, start: number, end: number): string {
  const key = bytes.toString('utf8', start, end)
  if (!key.includes('\\')) return key
  try {
    return String(JSON.parse(`"${key}"`))
  } catch {
    return key
  }
}

function isData(bytes: Buffer, start: number, end: number): boolean {
  if (end - start < DATA_FROM_BYTES) return false
  for (let at = start; at < start + DATA_SAMPLE_BYTES; at++) if (!IS_DATA_BYTE[bytes[at] ?? 0]) return false
  return true
}

const DATA_ALPHABET = /^[A-Za-z0-9+/=_\-:;,.]$/
const IS_DATA_BYTE = Array.from({ length: 256 }, (_, byte) => DATA_ALPHABET.test(String.fromCharCode(byte)))
