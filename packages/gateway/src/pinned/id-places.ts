/** Where strings are looked for in a JSON text: by the path of keys that leads to them. */
export interface Places<Kind extends string> {
  readonly kind?: Kind
  readonly below: ReadonlyMap<string, Places<Kind>>
}

/** A string that stands at one of the places, quotes included in its span. */
export interface FoundString<Kind extends string> {
  readonly kind: Kind
  readonly value: string
  readonly start: number
  readonly end: number
}

const EACH = '*'

/** Compiles paths such as `input.*.content.*.file_id`, where `*` is each element of an array. */
export function compilePlaces<Kind extends string>(paths: Readonly<Record<string, Kind>>): Places<Kind> {
  const root = { below: new Map<string, Places<Kind>>() }
  for (const [path, kind] of Object.entries(paths)) {
    let at: Places<Kind> = root
    const keys = path.split('.')
    keys.forEach((key, index) => {
      const below = at.below as Map<string, Places<Kind>>
      const known = below.get(key)
      const next =
        index === keys.length - 1 ? { below: known?.below ?? new Map(), kind } : (known ?? { below: new Map() })
      below.set(key, next)
      at = next
    })
  }
  return root
}

/**
 * Finds the strings at these places of a JSON text, without building any other value: whatever no path leads to is skipped.
 * Every member of a repeated key counts. Syntax is not checked; a text that breaks off gives what was found before.
 */
export function findStrings<Kind extends string>(
  bytes: Buffer,
  places: Places<Kind>,
  { start, end }: { readonly start: number; readonly end: number } = { start: 0, end: bytes.length },
): readonly FoundString<Kind>[] {
  const walker = new Walker<Kind>(bytes, end)
  const isMarked = bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf
  walker.value(isMarked ? start + 3 : start, places)
  return walker.found
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const COMMA = 0x2c

/** Each method takes the position of a first byte and returns the one after the last. */
class Walker<Kind extends string> {
  readonly found: FoundString<Kind>[] = []
  readonly #bytes: Buffer
  readonly #end: number

  constructor(bytes: Buffer, end: number) {
    this.#bytes = bytes
    this.#end = end
  }

  value(position: number, places: Places<Kind> | undefined): number {
    const at = this.#skipSpace(position)
    const first = this.#bytes[at]
    if (first === QUOTE) return this.#string(at, places?.kind)
    if (first !== OPEN_OBJECT && first !== OPEN_ARRAY) return this.#skipScalar(at)
    if (places === undefined || places.below.size === 0) return this.#skipNested(at)
    return first === OPEN_OBJECT ? this.#object(at, places) : this.#array(at, places.below.get(EACH))
  }

  #object(position: number, places: Places<Kind>): number {
    let at = this.#skipSpace(position + 1)
    while (at < this.#end && this.#bytes[at] === QUOTE) {
      const keyEnd = this.#stringEnd(at)
      const key = textOf(this.#bytes, at, keyEnd)
      at = this.value(this.#skipSpace(keyEnd) + 1, places.below.get(key))
      at = this.#skipSpace(at)
      if (this.#bytes[at] !== COMMA) break
      at = this.#skipSpace(at + 1)
    }
    return at + 1
  }

  #array(position: number, each: Places<Kind> | undefined): number {
    if (each === undefined) return this.#skipNested(position)
    let at = this.#skipSpace(position + 1)
    while (at < this.#end && this.#bytes[at] !== CLOSE_ARRAY) {
      at = this.#skipSpace(this.value(at, each))
      if (this.#bytes[at] !== COMMA) break
      at = this.#skipSpace(at + 1)
    }
    return at + 1
  }

  #string(start: number, kind: Kind | undefined): number {
    const end = this.#stringEnd(start)
    if (kind !== undefined && end <= this.#end) {
      this.found.push({ kind, value: textOf(this.#bytes, start, end), start, end })
    }
    return end
  }

  #stringEnd(start: number): number {
    let at = start
    for (;;) {
      at = this.#bytes.indexOf(QUOTE, at + 1)
      if (at < 0) return this.#end + 1
      let before = at
      while (this.#bytes[before - 1] === BACKSLASH) before--
      if ((at - before) % 2 === 0) return at + 1
    }
  }

  #skipScalar(position: number): number {
    let at = position
    while (at < this.#end && !isDelimiter(this.#bytes[at])) at++
    // A delimiter where a value belongs: to go on is the only way to come to an end.
    return at === position ? at + 1 : at
  }

  #skipNested(position: number): number {
    let depth = 0
    let at = position
    while (at < this.#end) {
      const byte = this.#bytes[at]
      if (byte === QUOTE) {
        at = this.#stringEnd(at)
        continue
      }
      at++
      if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++
      else if ((byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) && --depth === 0) return at
    }
    return at
  }

  #skipSpace(position: number): number {
    let at = position
    while (at < this.#end && isSpace(this.#bytes[at])) at++
    return at
  }
}

const isSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

const isDelimiter = (byte: number | undefined): boolean =>
  byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_ARRAY || isSpace(byte)

function textOf(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start + 1, end - 1)
  if (!text.includes('\\')) return text
  try {
    return JSON.parse(`"${text}"`) as string
  } catch {
    return text
  }
}
