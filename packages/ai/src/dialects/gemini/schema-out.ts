import { GatewayError, isJsonObject, type Json, type JsonObject } from '@konnect/contract'
import { arrayOf, compact, objectOf, objectsOf, textOf } from '../../json/access.ts'
import { mergeSchemas, typesOf } from './schema-types.ts'
import { ANY_TYPES, type SchemaNotes, unionOf } from './schema-union.ts'

const MAX_SCHEMAS = 5000
const MAX_DEPTH = 64

const PLAIN: SchemaNotes = { description: undefined, isNullable: false }

const FORMATS: Readonly<Record<string, readonly string[]>> = {
  string: ['enum', 'date-time'],
  number: ['float', 'double'],
  integer: ['int32', 'int64'],
}

/**
 * Writes JSON Schema as the `Schema` of this dialect, a part of OpenAPI 3.0: references are inlined, lists of types and
 * `null` become `nullable`, `const` an `enum`; what the vendor does not know is left out. `name` is for the client: throws
 * `unsupported_feature` for a schema that contains itself or grows beyond reason, `invalid_request` for a dead reference.
 */
export const writeSchema = (schema: JsonObject, name: string): JsonObject =>
  new SchemaWriter(schema, name).write(schema, [])

class SchemaWriter {
  readonly #root: JsonObject
  readonly #name: string
  #count = 0

  constructor(root: JsonObject, name: string) {
    this.#root = root
    this.#name = name
  }

  /** `trail` holds the references that led here, and an empty text for every level without one. */
  write(value: unknown, trail: readonly string[]): JsonObject {
    this.#count++
    if (this.#count > MAX_SCHEMAS || trail.length > MAX_DEPTH) throw this.#endless(trail)
    if (!isJsonObject(value)) return unionOf(ANY_TYPES, PLAIN)
    const reference = textOf(value.$ref)
    if (reference === undefined) return this.#plain(this.#flat(value, trail), [...trail, ''])
    const { $ref: _, ...beside } = value
    return this.write({ ...this.#resolve(reference), ...beside }, [...trail, reference])
  }

  // All of several schemas are one schema with the demands of each.
  #flat(schema: JsonObject, trail: readonly string[]): JsonObject {
    if (!Array.isArray(schema.allOf)) return schema
    const { allOf, ...base } = schema
    return objectsOf(allOf).reduce<JsonObject>((merged, part) => mergeSchemas(merged, this.#opened(part, trail)), base)
  }

  #opened(schema: JsonObject, trail: readonly string[]): JsonObject {
    this.#count++
    if (this.#count > MAX_SCHEMAS || trail.length > MAX_DEPTH) throw this.#endless(trail)
    const reference = textOf(schema.$ref)
    const deeper = [...trail, reference ?? '']
    if (reference === undefined) return this.#flat(schema, deeper)
    const { $ref: _, ...beside } = schema
    return this.#opened({ ...this.#resolve(reference), ...beside }, deeper)
  }

  #plain(schema: JsonObject, trail: readonly string[]): JsonObject {
    const { types, isNullable } = typesOf(schema)
    const description = textOf(schema.description)
    const variants = objectsOf(schema.anyOf ?? schema.oneOf)
    if (variants.length > 0) return this.#union(schema, variants, { description, isNullable }, trail)
    const written = types.map((type) => this.#typed(type, schema, trail))
    return unionOf(written.length === 0 ? ANY_TYPES : written, { description, isNullable })
  }

  // What stands beside the variants holds for each of them.
  #union(
    schema: JsonObject,
    variants: readonly JsonObject[],
    { description, isNullable }: SchemaNotes,
    trail: readonly string[],
  ): JsonObject {
    const { anyOf: _anyOf, oneOf: _oneOf, description: _description, ...base } = schema
    const real = variants.filter((variant) => !isNull(variant))
    const notes = { description, isNullable: isNullable || real.length < variants.length }
    if (real.length === 0) return unionOf([{ type: 'string' }], notes)
    const written = real.map((variant) => this.write(mergeSchemas(base, variant), trail))
    return unionOf(written, notes)
  }

  #typed(type: string, schema: JsonObject, trail: readonly string[]): JsonObject {
    const format = textOf(schema.format)
    const kept = format !== undefined && FORMATS[type]?.includes(format) === true ? format : undefined
    switch (type) {
      case 'string':
        return compact({ type, format: kept, ...writeStrings(schema) })
      case 'number':
      case 'integer':
        return compact({ type, format: kept, ...writeBounds(schema) })
      case 'array':
        return compact({
          type,
          items: this.write(schema.items, trail),
          minItems: schema.minItems,
          maxItems: schema.maxItems,
        })
      case 'object':
        return this.#object(schema, trail)
      default:
        return { type }
    }
  }

  // The vendor refuses an empty list of properties, and demands of properties that are not listed.
  #object(schema: JsonObject, trail: readonly string[]): JsonObject {
    const entries = Object.entries(objectOf(schema.properties))
    if (entries.length === 0) return { type: 'object' }
    const properties = Object.fromEntries(entries.map(([name, property]) => [name, this.write(property, trail)]))
    const required = arrayOf(schema.required).filter(
      (name) => typeof name === 'string' && Object.hasOwn(properties, name),
    )
    return compact({ type: 'object', properties, required: required.length === 0 ? undefined : required })
  }

  #resolve(reference: string): JsonObject {
    let found: Json | undefined = reference.startsWith('#') ? this.#root : undefined
    for (const step of reference.split('/').slice(1)) {
      const key = pointerKey(step)
      found = isJsonObject(found) && Object.hasOwn(found, key) ? found[key] : undefined
    }
    if (isJsonObject(found)) return found
    throw new GatewayError('invalid_request', {
      detail: `The schema of "${this.#name}" refers to what it does not define.`,
    })
  }

  // What stands beside a reference may name the same one without a cycle, so only going on without end tells.
  #endless(trail: readonly string[]): GatewayError {
    const references = trail.filter((step) => step !== '')
    const isCycle = new Set(references).size < references.length
    const fault = isCycle ? 'contains itself' : 'is too large'
    return new GatewayError('unsupported_feature', {
      detail: `The chosen model cannot express the schema of "${this.#name}": it ${fault}.`,
    })
  }
}

const isNull = ({ type, const: only }: JsonObject): boolean => type === 'null' || only === null

// JSON Pointer in a URI fragment (RFC 6901 §6).
function pointerKey(step: string): string {
  try {
    return decodeURIComponent(step).replace(/~1/g, '/').replace(/~0/g, '~')
  } catch {
    return step
  }
}

const choices = (schema: JsonObject): readonly unknown[] =>
  schema.const === undefined ? arrayOf(schema.enum) : [schema.const]

// Choices among texts only, none of them empty.
function writeStrings(schema: JsonObject): JsonObject {
  const texts = choices(schema).filter((choice) => typeof choice === 'string' && choice !== '')
  const { minLength, maxLength, pattern } = schema
  return compact({ enum: texts.length === 0 ? undefined : texts, minLength, maxLength, pattern })
}

// Numbers cannot be listed, but their range can be told.
function writeBounds(schema: JsonObject): JsonObject {
  const numbers = choices(schema).filter((choice) => typeof choice === 'number')
  if (numbers.length === 0) return compact({ minimum: schema.minimum, maximum: schema.maximum })
  return { minimum: Math.min(...numbers), maximum: Math.max(...numbers) }
}
