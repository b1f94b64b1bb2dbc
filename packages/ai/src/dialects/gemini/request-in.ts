import { GatewayError, isJsonObject, type Json, type JsonObject } from '@konnect/contract'
import type { ChatRequest, ChatTool, OutputFormat, ToolChoice } from '../../canonical/request.ts'
import { camel, camelsOf } from '../../google/wire.ts'
import { arrayOf, numberOf, objectOf, textOf } from '../../json/access.ts'
import type { RequestFacts } from '../../ports.ts'
import { readContents, readSystem } from './messages-in.ts'
import { readSchema } from './schema-in.ts'
import { readThinking } from './thinking.ts'

const MODELLED = new Set(['model', 'contents', 'systemInstruction', 'tools', 'toolConfig', 'generationConfig'])

const MODELLED_SETTINGS = new Set([
  'maxOutputTokens',
  'temperature',
  'topP',
  'topK',
  'stopSequences',
  'responseMimeType',
  'responseSchema',
  'responseJsonSchema',
  '_responseJsonSchema',
  'thinkingConfig',
])

/** Values that ask for nothing: leaving these settings out changes nothing. */
const NEUTRAL: Readonly<Record<string, Json>> = {
  candidateCount: 1,
  responseLogprobs: false,
  logprobs: 0,
  presencePenalty: 0,
  frequencyPenalty: 0,
}

const invalid = (detail: string) => new GatewayError('invalid_request', { detail })

/** Reads a generateContent request; whether it wants a stream stands in the path. Throws `invalid_request`. */
export function readRequest(given: JsonObject, facts: RequestFacts): ChatRequest {
  const body = camel(given)
  if (!Array.isArray(body.contents)) throw invalid('"contents" must be an array.')
  const settings = camel(body.generationConfig)
  const losses: string[] = []
  return {
    messages: [...readSystem(body.systemInstruction), ...readContents(body.contents)],
    tools: readTools(body.tools, losses),
    stop: arrayOf(settings.stopSequences).filter((stop) => typeof stop === 'string'),
    isStream: facts.isStream,
    wantsUsage: true,
    extras: { ...extrasOf(body, MODELLED), ...extrasOf(settings, MODELLED_SETTINGS) },
    ...optional('toolChoice', readToolChoice(body.toolConfig, losses)),
    ...optional('maxTokens', numberOf(settings.maxOutputTokens)),
    ...optional('temperature', numberOf(settings.temperature)),
    ...optional('topP', numberOf(settings.topP)),
    ...optional('topK', numberOf(settings.topK)),
    ...optional('reasoning', readThinking(settings.thinkingConfig)),
    ...optional('output', readOutput(settings, losses)),
    losses,
  }
}

function optional<K extends keyof ChatRequest>(
  key: K,
  value: ChatRequest[K] | undefined,
): Pick<ChatRequest, K> | object {
  return value === undefined ? {} : { [key]: value }
}

function extrasOf(holder: JsonObject, modelled: ReadonlySet<string>): Record<string, Json> {
  const extras: Record<string, Json> = {}
  for (const [key, value] of Object.entries(holder)) {
    if (modelled.has(key) || value === null || value === NEUTRAL[key]) continue
    const isEmpty = Array.isArray(value) && value.length === 0
    const isTextOnly = key === 'responseModalities' && Array.isArray(value) && value.every((one) => one === 'TEXT')
    if (!isEmpty && !isTextOnly) extras[key] = value
  }
  return extras
}

function readTools(value: unknown, losses: string[]): ChatTool[] {
  const tools: ChatTool[] = []
  for (const tool of camelsOf(value)) {
    tools.push(...camelsOf(tool.functionDeclarations).map(readDeclaration))
    for (const [kind, setting] of Object.entries(tool)) {
      if (kind !== 'functionDeclarations' && setting !== null) losses.push(`tools.${kind}`)
    }
  }
  return tools
}

function readDeclaration(declaration: JsonObject): ChatTool {
  const name = textOf(declaration.name)
  if (!name) throw invalid('Every entry of "functionDeclarations" needs a "name".')
  const description = textOf(declaration.description)
  return { name, parameters: readParameters(declaration), ...(description === undefined ? {} : { description }) }
}

function readParameters(declaration: JsonObject): JsonObject {
  if (isJsonObject(declaration.parametersJsonSchema)) return declaration.parametersJsonSchema
  return isJsonObject(declaration.parameters) ? readSchema(declaration.parameters) : { type: 'object', properties: {} }
}

function readToolChoice(value: unknown, losses: string[]): ToolChoice | undefined {
  const { functionCallingConfig, ...rest } = camel(value)
  for (const [key, setting] of Object.entries(rest)) if (setting !== null) losses.push(`toolConfig.${key}`)
  const config = camel(functionCallingConfig)
  const names = arrayOf(config.allowedFunctionNames).filter((name) => typeof name === 'string')
  const [only] = names
  switch (textOf(config.mode)?.toUpperCase()) {
    case 'NONE':
      return { type: 'none' }
    case 'AUTO':
    case 'VALIDATED':
      return { type: 'auto' }
    case 'ANY':
      if (only !== undefined && names.length === 1) return { type: 'tool', name: only }
      if (names.length > 1) losses.push('allowedFunctionNames')
      return { type: 'required' }
    default:
      return undefined
  }
}

function readOutput(settings: JsonObject, losses: string[]): OutputFormat | undefined {
  const mediaType = textOf(settings.responseMimeType)
  if (mediaType === undefined || mediaType === 'text/plain') return undefined
  if (mediaType !== 'application/json') {
    losses.push('responseMimeType')
    return undefined
  }
  const plain = settings.responseJsonSchema ?? settings._responseJsonSchema
  if (isJsonObject(plain)) return { type: 'schema', name: 'answer', schema: plain }
  if (!isJsonObject(settings.responseSchema)) return { type: 'json' }
  return { type: 'schema', name: 'answer', schema: readSchema(objectOf(settings.responseSchema)) }
}
