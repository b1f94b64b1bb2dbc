import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import type { FieldFault } from './errors.ts'

const ANNOTATIONS = ['x-secret', 'x-ref', 'x-once', 'x-advanced', 'x-format', 'x-after-identity', 'x-values']

const isHttpUrl = (text: string): boolean => {
  const url = URL.parse ? URL.parse(text) : safeUrl(text)
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== ''
}

function safeUrl(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

function createAjv(): Ajv {
  const ajv = new Ajv({ allErrors: true, strict: false, useDefaults: false, verbose: true, discriminator: false })
  addFormats.default(ajv)
  for (const name of ANNOTATIONS) ajv.addKeyword(name)
  ajv.addFormat('http-url', { type: 'string', validate: isHttpUrl })
  return ajv
}

let shared: Ajv | undefined
const compiled = new WeakMap<object, ValidateFunction>()

function validatorOf(schema: object): ValidateFunction {
  let validator = compiled.get(schema)
  if (!validator) {
    shared ??= createAjv()
    validator = shared.compile(schema)
    compiled.set(schema, validator)
  }
  return validator
}

/**
 * Checks `value` against a JSON Schema. Returns every fault as a JSON Pointer and a sentence that says what was
 * expected; an empty list when it fits. Does not change `value`.
 */
export function validate(schema: object, value: unknown): FieldFault[] {
  const validator = validatorOf(schema)
  if (validator(value)) return []
  return distinct(telling(withoutEchoes(validator.errors ?? [])).map(faultOf))
}

/** A value of the wrong type also misses its enum; the list of what is allowed says it all. */
function withoutEchoes(errors: readonly ErrorObject[]): ErrorObject[] {
  const listed = new Set(errors.flatMap(({ keyword, instancePath }) => (keyword === 'enum' ? [instancePath] : [])))
  return errors.filter(({ keyword, instancePath }) => keyword !== 'type' || !listed.has(instancePath))
}

/**
 * One mistake, one fault: a failed anyOf/oneOf speaks through the branch that the value was meant for (the one that got
 * past its own type), and by itself when no branch or more than one could be meant.
 */
function telling(errors: readonly ErrorObject[]): ErrorObject[] {
  let kept = errors.filter((error) => error.keyword !== 'if')
  for (const union of errors) {
    if (union.keyword !== 'anyOf' && union.keyword !== 'oneOf') continue
    const within = kept.filter((error) => error.schemaPath.startsWith(`${union.schemaPath}/`))
    const branchOf = (error: ErrorObject) => error.schemaPath.slice(union.schemaPath.length + 1).split('/')[0]
    const isDeeper = (error: ErrorObject) => error.instancePath.length > union.instancePath.length
    const missed = new Set(within.filter((error) => !isDeeper(error) && isMismatch(error)).map(branchOf))
    const candidates = within.filter((error) => !missed.has(branchOf(error)))
    const meant = new Set(candidates.map(branchOf)).size === 1 ? candidates : []
    kept = kept.filter((error) => (within.includes(error) ? meant.includes(error) : error !== union || !meant.length))
  }
  return kept
}

const isMismatch = (error: ErrorObject): boolean => ['type', 'const', 'enum'].includes(error.keyword)

function faultOf(error: ErrorObject): FieldFault {
  const { params, keyword } = error
  switch (keyword) {
    case 'additionalProperties':
      return {
        path: `${error.instancePath}/${pointerToken(params.additionalProperty)}`,
        message: `Unknown key "${params.additionalProperty}"; expected one of: ${knownKeys(error)}.`,
      }
    case 'required':
      return { path: error.instancePath, message: `Missing "${params.missingProperty}".` }
    case 'type':
      return {
        path: error.instancePath,
        message: `Expected ${[params.type].flat().join(' or ')}, got ${nameOfType(error.data)}.`,
      }
    case 'enum':
      return {
        path: error.instancePath,
        message: `Expected one of: ${params.allowedValues.join(', ')}; got ${quote(error.data)}.`,
      }
    case 'const':
      return { path: error.instancePath, message: `Expected ${quote(params.allowedValue)}, got ${quote(error.data)}.` }
    case 'format':
      return {
        path: error.instancePath,
        message: `Expected ${FORMATS[params.format] ?? params.format}, got ${quote(error.data)}.`,
      }
    case 'pattern':
      return { path: error.instancePath, message: `Expected ${describePattern(error)}, got ${quote(error.data)}.` }
    case 'oneOf':
    case 'anyOf':
      return { path: error.instancePath, message: `Expected ${describeBranches(error)}.` }
    default:
      return { path: error.instancePath, message: `This ${error.message ?? 'is not valid'}; got ${quote(error.data)}.` }
  }
}

const FORMATS: Record<string, string> = {
  'http-url': 'an absolute http: or https: URL',
  'date-time': 'a date and time such as 2027-01-31T12:00:00Z',
}

function describePattern(error: ErrorObject): string {
  const schema = error.parentSchema as { 'x-format'?: string; title?: string } | undefined
  if (schema?.['x-format'] === 'duration') return 'a duration such as 500ms, 30s, 5m or 1h'
  if (schema?.['x-format'] === 'size') return 'a size such as 64kb or 10mb'
  return `text that matches ${error.params.pattern}`
}

function describeBranches(error: ErrorObject): string {
  const branches = Array.isArray(error.schema)
    ? (error.schema as { required?: string[]; title?: string; type?: string }[])
    : []
  const said = branches.map(
    (branch) => branch.required?.map((key) => `"${key}"`).join(' with ') ?? branch.title ?? branch.type,
  )
  return said.every(Boolean) && said.length > 0 ? `exactly one of: ${said.join(', ')}` : 'one of the allowed forms'
}

const knownKeys = (error: ErrorObject): string =>
  Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {}).join(', ') || 'none'

const nameOfType = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value === 'number' ? 'number' : typeof value

const quote = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}

const pointerToken = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')

function distinct(faults: FieldFault[]): FieldFault[] {
  const seen = new Set<string>()
  return faults.filter((fault) => {
    const key = `${fault.path}\n${fault.message}`
    return !seen.has(key) && seen.add(key)
  })
}
