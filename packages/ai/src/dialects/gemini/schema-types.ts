import type { Json, JsonObject } from '@konnect/contract'
import { arrayOf, objectOf } from '../../json/access.ts'

/** Types that a schema allows, told from its other members where it does not name them. */
export function typesOf(schema: JsonObject): { readonly types: readonly string[]; readonly isNullable: boolean } {
  const choices = schema.const === undefined ? arrayOf(schema.enum) : [schema.const]
  const named = (Array.isArray(schema.type) ? schema.type : [schema.type]).filter((type) => typeof type === 'string')
  const types = named.map((type) => type.toLowerCase()).filter((type) => type !== 'null')
  const isNullable = types.length < named.length || schema.nullable === true || choices.includes(null)
  if (types.length > 0) return { types, isNullable }
  // Nothing but null is a text that is never there.
  if (named.length > 0) return { types: ['string'], isNullable }
  return { types: inferred(schema, choices), isNullable }
}

function inferred(schema: JsonObject, choices: readonly unknown[]): string[] {
  if (schema.properties !== undefined || schema.additionalProperties !== undefined) return ['object']
  if (schema.items !== undefined || schema.prefixItems !== undefined) return ['array']
  return [...new Set(choices.filter((choice) => choice !== null).map(typeOf))]
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  const type = typeof value
  return type === 'string' || type === 'number' || type === 'boolean' ? type : 'object'
}

/** One schema that demands what both demand; where they name the same keyword, the second counts. */
export function mergeSchemas(first: JsonObject, second: JsonObject): JsonObject {
  const merged: { [key: string]: Json } = { ...first, ...second }
  if (first.properties !== undefined && second.properties !== undefined) {
    merged.properties = { ...objectOf(first.properties), ...objectOf(second.properties) }
  }
  if (Array.isArray(first.required) && Array.isArray(second.required)) {
    merged.required = [...new Set([...first.required, ...second.required])]
  }
  return merged
}
