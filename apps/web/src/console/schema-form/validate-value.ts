import type { FieldFault, Json, JsonObject } from '@konnect/contract'

/*
 * The control plane has the last word; this one answers while you type, without generated code, which the console's
 * content security policy forbids. It knows the keywords that our schemas use.
 */

/** Checks a value against a JSON Schema. Each fault names its place as a JSON Pointer and what is expected there. */
export function validateValue(schema: JsonObject, value: Json | undefined, path = ''): FieldFault[] {
  if (value === undefined) return [{ path, message: 'This is needed.' }]
  if (Array.isArray(schema.anyOf)) return anyOfFaults(schema.anyOf as JsonObject[], value, path)
  const faults = [...typeFaults(schema, value, path)]
  if (faults.length > 0) return faults
  if (typeof value === 'string') faults.push(...stringFaults(schema, value, path))
  if (typeof value === 'number') faults.push(...numberFaults(schema, value, path))
  if (Array.isArray(value)) faults.push(...arrayFaults(schema, value, path))
  else if (typeof value === 'object' && value !== null) faults.push(...objectFaults(schema, value, path))
  return faults
}

function anyOfFaults(branches: readonly JsonObject[], value: Json, path: string): FieldFault[] {
  const tried = branches.map((branch) => ({ branch, faults: validateValue(branch, value, path) }))
  if (tried.some(({ faults }) => faults.length === 0)) return []
  const sameType = tried.find(({ branch }) => typeFaults(branch, value, path).length === 0)
  return sameType?.faults ?? [{ path, message: 'Expected one of the allowed forms.' }]
}

function typeFaults(schema: JsonObject, value: Json, path: string): FieldFault[] {
  if ('const' in schema && schema.const !== value) return [{ path, message: `Expected ${String(schema.const)}.` }]
  if (Array.isArray(schema.enum) && !schema.enum.includes(value as never))
    return [{ path, message: `Expected one of: ${schema.enum.join(', ')}.` }]
  if (typeof schema.type !== 'string' || isOfType(schema.type, value)) return []
  return [{ path, message: `Expected ${TYPE_WORDS[schema.type] ?? schema.type}.` }]
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'yes or no',
  object: 'an object',
  array: 'a list',
}

function isOfType(type: string, value: Json): boolean {
  switch (type) {
    case 'integer':
      return Number.isInteger(value)
    case 'number':
      return typeof value === 'number' && Number.isFinite(value)
    case 'array':
      return Array.isArray(value)
    case 'null':
      return value === null
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    default:
      return typeof value === type
  }
}

const numberOf = (value: Json | undefined): number | undefined => (typeof value === 'number' ? value : undefined)

function stringFaults(schema: JsonObject, value: string, path: string): FieldFault[] {
  const fault = (message: string): FieldFault[] => [{ path, message }]
  const length = [...value].length
  const minLength = numberOf(schema.minLength)
  const maxLength = numberOf(schema.maxLength)
  if (minLength !== undefined && length < minLength)
    return fault(minLength === 1 ? 'This is needed.' : `At least ${minLength} characters.`)
  if (maxLength !== undefined && length > maxLength) return fault(`At most ${maxLength} characters.`)
  if (typeof schema.pattern === 'string' && !new RegExp(schema.pattern, 'u').test(value))
    return fault(`Expected ${patternWords(schema)}.`)
  if (schema.format === 'http-url' && !isHttpUrl(value))
    return fault('Expected an absolute address that starts with http:// or https://.')
  if (schema.format === 'date-time' && Number.isNaN(Date.parse(value)))
    return fault('Expected a date and time such as 2027-01-31T12:00:00Z.')
  return []
}

function patternWords(schema: JsonObject): string {
  if (schema['x-format'] === 'duration') return 'a duration such as 500ms, 30s, 5m or 1h'
  if (schema['x-format'] === 'size') return 'a size such as 64kb or 10mb'
  if (schema.pattern === '^/') return 'a path that starts with /'
  if (schema.pattern?.toString().startsWith('^[A-Za-z0-9]['))
    return 'a name that starts with a letter or digit, without spaces'
  return `text that matches ${schema.pattern}`
}

function isHttpUrl(text: string): boolean {
  try {
    const url = new URL(text)
    return (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== ''
  } catch {
    return false
  }
}

function numberFaults(schema: JsonObject, value: number, path: string): FieldFault[] {
  const minimum = numberOf(schema.minimum)
  const maximum = numberOf(schema.maximum)
  const above = numberOf(schema.exclusiveMinimum)
  if (minimum !== undefined && value < minimum) return [{ path, message: `At least ${minimum}.` }]
  if (maximum !== undefined && value > maximum) return [{ path, message: `At most ${maximum}.` }]
  if (above !== undefined && value <= above) return [{ path, message: `More than ${above}.` }]
  return []
}

function arrayFaults(schema: JsonObject, value: readonly Json[], path: string): FieldFault[] {
  const minItems = numberOf(schema.minItems)
  const maxItems = numberOf(schema.maxItems)
  if (minItems !== undefined && value.length < minItems)
    return [{ path, message: minItems === 1 ? 'At least one is needed.' : `At least ${minItems} are needed.` }]
  if (maxItems !== undefined && value.length > maxItems) return [{ path, message: `At most ${maxItems}.` }]
  const items = schema.items as JsonObject | undefined
  return items ? value.flatMap((item, index) => validateValue(items, item, `${path}/${index}`)) : []
}

function objectFaults(schema: JsonObject, value: JsonObject, path: string): FieldFault[] {
  const properties = (schema.properties ?? {}) as Record<string, JsonObject>
  const required = Array.isArray(schema.required) ? schema.required.map(String) : []
  const missing = required
    .filter((key) => value[key] === undefined)
    .map((key) => ({ path: `${path}/${pointerToken(key)}`, message: 'This is needed.' }))
  const within = Object.entries(value).flatMap(([key, inner]) => {
    const property = properties[key]
    if (property) return validateValue(property, inner, `${path}/${pointerToken(key)}`)
    const isUnknown = schema.additionalProperties === false && schema.patternProperties === undefined
    return isUnknown ? [{ path: `${path}/${pointerToken(key)}`, message: `Unknown key "${key}".` }] : []
  })
  return [...missing, ...within, ...oneOfFaults(schema, value, path)]
}

function oneOfFaults(schema: JsonObject, value: JsonObject, path: string): FieldFault[] {
  if (!Array.isArray(schema.oneOf)) return []
  const sets = (schema.oneOf as JsonObject[]).map((branch) => (branch.required ?? []) as string[])
  const met = sets.filter((set) => set.every((key) => value[key] !== undefined))
  if (met.length === 1) return []
  return [{ path, message: `Choose exactly one of: ${sets.map((set) => set.join(' with ')).join(', ')}.` }]
}

/** One step of a JSON Pointer (RFC 6901). */
export const pointerToken = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')

const MISSING = /^Missing "([^"]+)"\.$/

/** Faults by place. What the control plane says of a missing key is moved to the place where it is missing. */
export function faultsByPath(faults: readonly FieldFault[]): ReadonlyMap<string, string> {
  const byPath = new Map<string, string>()
  for (const fault of faults) {
    const missing = MISSING.exec(fault.message)?.[1]
    const path = missing === undefined ? fault.path : `${fault.path}/${pointerToken(missing)}`
    if (!byPath.has(path)) byPath.set(path, missing === undefined ? fault.message : 'This is needed.')
  }
  return byPath
}
