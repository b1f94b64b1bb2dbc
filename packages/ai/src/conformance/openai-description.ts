import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Fault, OfficialType, Typed } from './official-types.ts'

// The one on npm is older: it knows neither responses nor their events, nor some fields of requests. A newer one takes its
// place where there is one.
const BESIDE = fileURLToPath(new URL('../../../../../shared/conformance/openai-openapi.json', import.meta.url))
const require = createRequire(import.meta.url)
const ON_NPM = require.resolve('@opensdks/sdk-openai/openai.oas.json')
const FILE = process.env.OPENAI_OPENAPI ?? (existsSync(BESIDE) ? BESIDE : ON_NPM)

/** What the description calls the answers that are written here. */
const SCHEMAS: Readonly<Partial<Record<OfficialType, string>>> = {
  ChatCompletion: 'CreateChatCompletionResponse',
  ChatCompletionChunk: 'CreateChatCompletionStreamResponse',
  ChatCompletionCreateParams: 'CreateChatCompletionRequest',
  Completion: 'CreateCompletionResponse',
  CompletionCreateParams: 'CreateCompletionRequest',
  Response: 'Response',
}

/** Events have a schema each. One by one they name the fault; as one union they would only say that none fits. */
const EVENT = 'ResponseStreamEvent'

interface Description {
  readonly info: { readonly title: string; readonly version: string }
  readonly components: { readonly schemas: Readonly<Record<string, EventSchema>> }
}

interface EventSchema {
  readonly anyOf?: readonly { readonly $ref: string }[]
  readonly properties?: { readonly type?: { readonly enum?: readonly string[]; readonly const?: string } }
}

let loaded: { readonly description: Description; readonly ajv: Ajv2020 } | undefined
const validators = new Map<string, ValidateFunction>()

// Descriptions of version 3.1 use this word of version 3.0 all the same.
function widened(_key: string, value: unknown): unknown {
  const { nullable, ...schema } = Object(value)
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : value
}

function load() {
  const description = JSON.parse(readFileSync(FILE, 'utf8'), widened) as Description
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema({ $id: 'openai', components: description.components })
  return { description, ajv }
}

/** Title and version of the description. */
export function descriptionName(): string {
  loaded ??= load()
  const { title, version } = loaded.description.info
  return `${title} ${version}`
}

/**
 * Whether the description can tell such values from others. Of requests for a response it cannot: a plain message fits two of
 * the kinds of which it may be only one.
 */
export function isDescribed(type: OfficialType): boolean {
  loaded ??= load()
  if (FILE === ON_NPM && type.endsWith('Params')) return false
  return (type === EVENT ? EVENT : (SCHEMAS[type] ?? '')) in loaded.description.components.schemas
}

/** What the description has against a value; empty when it is valid. */
export function faultsOf({ type, value }: Typed): Fault[] {
  loaded ??= load()
  const pointer = type === EVENT ? eventPointer(value, loaded.description) : `#/components/schemas/${SCHEMAS[type]}`
  if (pointer === undefined) return [{ said: 'The description knows no such event', example: value }]
  const validate = validators.get(pointer) ?? loaded.ajv.compile({ $ref: `openai${pointer}` })
  validators.set(pointer, validate)
  if (validate(value)) return []
  const { instancePath = '', message = '' } = validate.errors?.[0] ?? {}
  return [{ said: `${type}${instancePath} ${message}`, example: value }]
}

function eventPointer(value: unknown, { components: { schemas } }: Description): string | undefined {
  const { type } = Object(value)
  return schemas[EVENT]?.anyOf?.find(({ $ref }) => {
    const { enum: names, const: name } = schemas[$ref.split('/').at(-1) ?? '']?.properties?.type ?? {}
    return name === type || names?.includes(type)
  })?.$ref
}
