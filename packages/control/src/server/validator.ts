import { isJsonObject, type Json, validate } from '@konnect/contract'
import { validationFailed } from '../resources/configuration.ts'
import type { SchemaNode } from '../resources/kinds.ts'

/**
 * Validates one part of a request with the contract's own validator, so that faults read the same everywhere. Texts of
 * queries and paths become the numbers and booleans that the schema names. Schemas that only refer to a component are
 * for the description: resources are validated by the configuration, which knows more.
 */
export function compileValidator(schema: unknown, httpPart: string): (value: unknown) => Validated {
  const node = schema as SchemaNode & { readonly $ref?: string }
  if (node.$ref !== undefined) return (value) => ({ value })
  const isText = httpPart !== 'body'
  return (given) => {
    const value = isText ? coerced(node, given) : given
    const faults = validate(node, value)
    return faults.length === 0 ? { value } : { error: validationFailed(faults) }
  }
}

type Validated = { value: unknown } | { error: Error }

function coerced(schema: SchemaNode, value: unknown): unknown {
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, text]) => [key, coercedValue(schema.properties?.[key]?.type, text)]),
  )
}

function coercedValue(type: SchemaNode['type'], value: Json): Json {
  if (typeof value !== 'string') return value
  if ((type === 'integer' || type === 'number') && value.trim() !== '' && Number.isFinite(Number(value)))
    return Number(value)
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true'
  return value
}
