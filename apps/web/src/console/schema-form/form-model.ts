import type { JsonObject, ResourceKind } from '@konnect/contract'

/** How a value is edited. */
export type FieldKind =
  | 'text'
  | 'paragraph'
  | 'secret'
  | 'duration'
  | 'size'
  | 'moment'
  | 'number'
  | 'boolean'
  | 'enum'
  | 'ref'
  | 'texts'
  | 'refs'
  | 'numbers'
  | 'options'
  | 'record'
  | 'group'
  | 'list'
  | 'choice'
  | 'json'

/** One value of a form, derived from its JSON Schema. */
export interface Field {
  readonly kind: FieldKind
  /** Property name; empty for the items of a list and the branches of a choice. */
  readonly key: string
  readonly title: string
  readonly help: string | undefined
  readonly isRequired: boolean
  readonly isAdvanced: boolean
  /** What holds when nothing is entered, or an example. */
  readonly placeholder: string | undefined
  readonly schema: JsonObject
  /** Values of `enum` and `options`. */
  readonly values?: readonly string[]
  /** What each of `values` means, where the definition says so. */
  readonly meanings?: Readonly<Record<string, string>>
  /** What `ref` and `refs` name. */
  readonly refKind?: ResourceKind
  /** Properties of a `group`, branches of a `choice`. */
  readonly fields?: readonly Field[]
  /** What a `list` holds. */
  readonly item?: Field
}

const PARAGRAPH_FROM = 500

/** Derives the field of a schema. Anything a form cannot express becomes a `json` field, so that nothing is out of reach. */
export function fieldOf(schema: JsonObject, key = '', isRequired = true): Field {
  const base = {
    key,
    title: textOf(schema.title) ?? titleOf(key),
    help: textOf(schema.description),
    isRequired,
    isAdvanced: schema['x-advanced'] === true,
    placeholder: placeholderOf(schema),
    schema,
  }
  return { ...base, ...shapeOf(schema) }
}

type Shape = Pick<Field, 'kind' | 'values' | 'meanings' | 'refKind' | 'fields' | 'item'>

function shapeOf(schema: JsonObject): Shape {
  if (Array.isArray(schema.anyOf)) return choiceShape(schema.anyOf.filter(isObject))
  const values = enumOf(schema)
  if (values) return { kind: 'enum', values, ...meaningsOf(schema) }
  switch (schema.type) {
    case 'object':
      return objectShape(schema)
    case 'array':
      return arrayShape(schema)
    case 'string':
      return stringShape(schema)
    case 'integer':
    case 'number':
      return { kind: 'number' }
    case 'boolean':
      return { kind: 'boolean' }
    default:
      return { kind: 'json' }
  }
}

function choiceShape(branches: readonly JsonObject[]): Shape {
  const real = branches.filter((branch) => branch.type !== 'null')
  const constants = real.map((branch) => branch.const)
  if (constants.every((value): value is string => typeof value === 'string')) return { kind: 'enum', values: constants }
  const [only] = real
  if (real.length === 1 && only) return shapeOf(only)
  return { kind: 'choice', fields: real.map((branch) => fieldOf(branch)) }
}

function objectShape(schema: JsonObject): Shape {
  if (isObject(schema.properties)) return { kind: 'group', fields: propertiesOf(schema) }
  const values = Object.values(isObject(schema.patternProperties) ? schema.patternProperties : {})
  const value = values[0] ?? schema.additionalProperties
  return isObject(value) && value.type === 'string' ? { kind: 'record' } : { kind: 'json' }
}

function propertiesOf(schema: JsonObject): Field[] {
  const required = Array.isArray(schema.required) ? schema.required : []
  return Object.entries(isObject(schema.properties) ? schema.properties : {})
    .filter((entry): entry is [string, JsonObject] => isObject(entry[1]))
    .map(([key, property]) => fieldOf(property, key, required.includes(key)))
}

function arrayShape(schema: JsonObject): Shape {
  const items = isObject(schema.items) ? fieldOf(schema.items) : undefined
  switch (items?.kind) {
    case 'enum':
      return { kind: 'options', values: items.values ?? [] }
    case 'ref':
      return { kind: 'refs', ...(items.refKind ? { refKind: items.refKind } : {}) }
    case 'number':
      return { kind: 'numbers' }
    case 'group':
      return { kind: 'list', item: items }
    case undefined:
    case 'json':
    case 'list':
    case 'choice':
    case 'record':
    case 'boolean':
      return { kind: 'json' }
    default:
      return { kind: 'texts' }
  }
}

function stringShape(schema: JsonObject): Shape {
  if (schema['x-secret'] === true) return { kind: 'secret' }
  if (typeof schema['x-ref'] === 'string') return { kind: 'ref', refKind: schema['x-ref'] as ResourceKind }
  if (schema['x-format'] === 'duration') return { kind: 'duration' }
  if (schema['x-format'] === 'size') return { kind: 'size' }
  if (schema.format === 'date-time') return { kind: 'moment' }
  const isLong = typeof schema.maxLength === 'number' && schema.maxLength > PARAGRAPH_FROM
  return { kind: isLong && schema.format === undefined && schema.pattern === undefined ? 'paragraph' : 'text' }
}

function enumOf(schema: JsonObject): readonly string[] | undefined {
  const values = schema.enum
  return Array.isArray(values) && values.every((value): value is string => typeof value === 'string')
    ? values
    : undefined
}

function meaningsOf(schema: JsonObject): Pick<Field, 'meanings'> {
  const given = schema['x-values']
  if (!isObject(given)) return {}
  return { meanings: Object.fromEntries(Object.entries(given).map(([value, meaning]) => [value, String(meaning)])) }
}

function placeholderOf(schema: JsonObject): string | undefined {
  if (schema.default !== undefined) return plain(schema.default)
  const example = Array.isArray(schema.examples) ? schema.examples[0] : undefined
  return example === undefined ? undefined : `e.g. ${plain(example)}`
}

const plain = (value: unknown): string | undefined =>
  Array.isArray(value)
    ? value.length === 0
      ? undefined
      : value.map(String).join(', ')
    : typeof value === 'object' && value !== null
      ? undefined
      : String(value)

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

const titleOf = (key: string): string => {
  const words = key.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
