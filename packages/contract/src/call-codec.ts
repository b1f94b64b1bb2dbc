import { type Call, CallSchema } from './call.ts'
import { GatewayError } from './errors.ts'

/** First element of every encoded Call. Grows only when the meaning of an existing position changes. */
const VERSION = 1

/** How a value travels; undefined: as it is. */
type Codec = { encode(value: unknown): unknown; decode(value: unknown): unknown } | undefined

type Fields = Record<string, unknown>

/** What is read of a definition. */
interface Shape {
  readonly type?: unknown
  readonly anyOf?: readonly Shape[]
  readonly items?: Shape
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[] | undefined
}

/** The positions of an array that stands for an object. */
interface Tuple {
  readonly keys: readonly string[]
  readonly codecs: readonly Codec[]
  /** An object to which nothing arrived: required properties are null, the others absent. */
  readonly empty: Fields
}

function codecOf(shape: Shape): Codec {
  const given = shape.anyOf?.find((branch) => branch.properties !== undefined) ?? shape
  if (given.items !== undefined) return listCodec(codecOf(given.items))
  if (!isPositional(given)) return undefined
  const tuple = tupleOf(given)
  return {
    encode: (value) => (isObject(value) ? valuesOf(tuple, value, 0) : value),
    decode: (value) => (Array.isArray(value) ? objectOf(tuple, value, 0) : value),
  }
}

function listCodec(item: Codec): Codec {
  if (item === undefined) return undefined
  return {
    encode: (value) => (Array.isArray(value) ? value.map(item.encode) : value),
    decode: (value) => (Array.isArray(value) ? value.map(item.decode) : value),
  }
}

/** Objects with a fixed part become arrays. Others, of which most would be empty, stay objects. */
const isPositional = ({ properties, required = [] }: Shape): boolean => properties !== undefined && required.length > 0

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null

function tupleOf({ properties = {}, required = [] }: Shape): Tuple {
  const keys = Object.keys(properties)
  return {
    keys,
    codecs: Object.values(properties).map(codecOf),
    empty: Object.fromEntries(keys.filter((key) => required.includes(key)).map((key) => [key, null])),
  }
}

/** The values of an object from position `start` on, without the empty ones at the end. */
function valuesOf({ keys, codecs }: Tuple, object: Fields, start: number): unknown[] {
  const values = new Array<unknown>(start + keys.length)
  for (let at = 0; at < keys.length; at += 1) {
    const value = object[keys[at] as string]
    const codec = codecs[at]
    values[start + at] = codec === undefined ? value : codec.encode(value)
  }
  while (values.length > start && values[values.length - 1] == null) values.pop()
  return values
}

function objectOf({ keys, codecs, empty }: Tuple, values: readonly unknown[], start: number): Fields {
  const object = { ...empty }
  for (let at = 0; at < keys.length; at += 1) {
    const value = values[start + at] ?? null
    if (value === null) continue
    const codec = codecs[at]
    object[keys[at] as string] = codec === undefined ? value : codec.decode(value)
  }
  return object
}

const CALL = tupleOf(CallSchema)

/**
 * A Call as compact JSON text: an array of the format's version and the values of the Call in the order in which
 * {@link CallSchema} lists them; the AI half, its usage and each attempt are arrays of the same kind. What is null or
 * absent at the end of an array is left out. Properties may only be appended to these definitions, nullable or optional
 * ones: older and newer programs then read each other's Calls.
 */
export function encodeCall(call: Call): string {
  const values = valuesOf(CALL, call, 1)
  values[0] = VERSION
  return JSON.stringify(values)
}

/**
 * The Call of a parsed {@link encodeCall}. Positions beyond the definition are ignored; a missing value is null where the
 * definition requires one. The values are not checked. Throws GatewayError `validation_failed` for anything but such an
 * array, and for another version of it.
 */
export function decodeCall(tuple: unknown): Call {
  if (!Array.isArray(tuple)) throw unreadable('An encoded call is an array.')
  if (tuple[0] !== VERSION) throw unreadable(`Expected a call of format ${VERSION}, got ${JSON.stringify(tuple[0])}.`)
  return objectOf(CALL, tuple, 1) as Call
}

const unreadable = (message: string): GatewayError =>
  new GatewayError('validation_failed', { reason: message, errors: [{ path: '', message }] })
