/** A parameter as it travels: text or SQL null. */
export type WireParameter = string | null

/** Object identifiers of built-in types (pg_type.oid), fixed since PostgreSQL 8. */
const OID = {
  bool: 16,
  int8: 20,
  int2: 21,
  int4: 23,
  json: 114,
  float4: 700,
  float8: 701,
  timestamptz: 1184,
  jsonb: 3802,
}

type Parse = (text: string) => unknown

const PARSERS: ReadonlyMap<number, Parse> = new Map<number, Parse>([
  [OID.bool, (text) => text === 't' || text === 'true'],
  [OID.int2, Number],
  [OID.int4, Number],
  [OID.int8, Number],
  [OID.float4, Number],
  [OID.float8, Number],
  [OID.json, JSON.parse],
  [OID.jsonb, JSON.parse],
  [OID.timestamptz, (text) => new Date(text).toISOString()],
])

/**
 * Turns a column's text into its value, the same for both engines: booleans, JSON, ISO 8601 for `timestamptz`, numbers
 * for integers and floats (counts stay far below 2^53), text for everything else, `numeric` included.
 */
export function parseValue(oid: number, text: string): unknown {
  const parse = PARSERS.get(oid)
  return parse === undefined ? text : parse(text)
}

/** Turns a parameter into the text that the server parses by the type it expects. Objects become JSON. */
export function encodeParameter(value: unknown): WireParameter {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'object') return jsonText(value)
  return String(value)
}

const UNSTORABLE = /\\u(?:0000|d[89a-f])/i

/**
 * JSON text that PostgreSQL's `jsonb` accepts: U+0000 and lone surrogates, which it cannot hold, become U+FFFD.
 * Clients choose paths and agent names, so such text does arrive.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value)
  return UNSTORABLE.test(text) ? JSON.stringify(storable(value)) : text
}

/** Text that a `text` column accepts. */
export function storableText(text: string): string {
  return text.replace(/\p{Surrogate}|\0/gu, '\u{fffd}')
}

function storable(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value)
  if (Array.isArray(value)) return value.map(storable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storableText(key), storable(inner)]))
}
