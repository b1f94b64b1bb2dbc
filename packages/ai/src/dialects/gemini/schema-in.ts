import { isJsonObject, type Json, type JsonObject } from '@konnect/contract'
import { camel } from '../../google/wire.ts'

const NUMBERS = new Set(['minItems', 'maxItems', 'minProperties', 'maxProperties', 'minLength', 'maxLength'])
const LEFT_OUT = new Set(['nullable', 'propertyOrdering', 'example'])

/** Reads a `Schema` of this dialect (a part of OpenAPI 3.0 with type names in capitals) as JSON Schema. */
export function readSchema(value: unknown): JsonObject {
  const schema = camel(value)
  const result: { [key: string]: Json } = {}
  for (const [key, member] of Object.entries(schema)) {
    if (!LEFT_OUT.has(key) && member !== null) result[key] = readMember(key, member)
  }
  if (result.type === 'type_unspecified') delete result.type
  if (schema.nullable === true && result.type !== undefined) result.type = [result.type, 'null']
  return result
}

function readMember(key: string, value: Json): Json {
  if (key === 'type' && typeof value === 'string') return value.toLowerCase()
  if (key === 'items') return readSchema(value)
  if (key === 'anyOf' && Array.isArray(value)) return value.map(readSchema)
  // 64-bit integers are strings in the JSON of Protocol Buffers.
  if (NUMBERS.has(key) && typeof value === 'string') return Number(value)
  if (key !== 'properties' || !isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, property]) => [name, readSchema(property)]))
}
