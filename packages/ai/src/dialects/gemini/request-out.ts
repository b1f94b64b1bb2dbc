import type { Json, JsonObject } from '@konnect/contract'
import { readModalities } from '../../canonical/modalities.ts'
import type { ChatRequest, ChatTool, OutputFormat, ToolChoice } from '../../canonical/request.ts'
import type { ToolNames } from '../../canonical/tool-names.ts'
import { compact } from '../../json/access.ts'
import type { LossRecorder } from '../../loss.ts'
import type { DialectRequest } from '../dialect.ts'
import { splitSystem, writeContents } from './messages-out.ts'
import { type ModelTraits, traitsOf } from './models.ts'
import { writeSchema } from './schema-out.ts'
import { writeThinking } from './thinking.ts'
import { createFunctionNames } from './tool-names.ts'

const MAX_STOPS = 5
const MAX_SEED = 2_147_483_647

/** Writes a generateContent request for a vendor. Model and streaming stand in its address. */
export function writeRequest(request: ChatRequest, model: string, losses: LossRecorder): DialectRequest {
  for (const name of request.losses) losses.drop(name)
  const traits = traitsOf(model)
  const names = createFunctionNames()
  const { system, turns } = splitSystem(request.messages)
  const hasTools = request.tools.length > 0
  if (request.user !== undefined) losses.drop('user')
  const body = compact({
    contents: writeContents(turns, names, traits, losses),
    systemInstruction: system,
    tools: hasTools ? [{ functionDeclarations: writeTools(request.tools, names, losses) }] : undefined,
    toolConfig: hasTools ? writeToolConfig(request, names, losses) : undefined,
    generationConfig: filled(writeSettings(request, traits, losses)),
  })
  return { body, memo: { restoreToolName: names.restore } }
}

const filled = (object: JsonObject): JsonObject | undefined => (Object.keys(object).length === 0 ? undefined : object)

function writeTools(tools: readonly ChatTool[], names: ToolNames, losses: LossRecorder): JsonObject[] {
  if (tools.some((tool) => tool.isStrict)) losses.drop('tools.strict')
  return tools.map((tool) =>
    compact({ name: names.send(tool.name), description: tool.description, parameters: writeParameters(tool) }),
  )
}

// A function without parameters says nothing about them: the vendor refuses an empty object.
function writeParameters(tool: ChatTool): JsonObject | undefined {
  const { parameters } = tool
  const isNamed = parameters.type !== undefined || parameters.$ref !== undefined
  const schema = writeSchema(isNamed ? parameters : { ...parameters, type: 'object' }, tool.name)
  return schema.type === 'object' && schema.properties === undefined ? undefined : schema
}

function writeToolConfig(request: ChatRequest, names: ToolNames, losses: LossRecorder): JsonObject | undefined {
  if (request.isParallelToolUse === false) losses.drop('parallel_tool_calls')
  const { toolChoice } = request
  return toolChoice === undefined ? undefined : { functionCallingConfig: writeMode(toolChoice, names) }
}

function writeMode(choice: ToolChoice, names: ToolNames): JsonObject {
  switch (choice.type) {
    case 'tool':
      return { mode: 'ANY', allowedFunctionNames: [names.send(choice.name)] }
    case 'required':
      return { mode: 'ANY' }
    case 'none':
      return { mode: 'NONE' }
    case 'auto':
      return { mode: 'AUTO' }
  }
}

function writeSettings(request: ChatRequest, traits: ModelTraits, losses: LossRecorder): JsonObject {
  const { maxTokens, temperature, topP, topK, stop } = request
  if (stop.length > MAX_STOPS) losses.drop('stop')
  return compact({
    maxOutputTokens: maxTokens,
    temperature,
    topP,
    topK,
    stopSequences: stop.length === 0 ? undefined : stop.slice(0, MAX_STOPS),
    ...writeOutput(request, traits, losses),
    thinkingConfig: writeThinking(request.reasoning, traits, losses),
    ...writeExtras(request.extras, traits, losses),
  })
}

function writeOutput(request: ChatRequest, traits: ModelTraits, losses: LossRecorder): JsonObject {
  const { output, tools } = request
  if (output === undefined) return {}
  if (tools.length > 0 && !traits.hasFormWithTools) {
    losses.drop('response_format')
    return {}
  }
  return { responseMimeType: 'application/json', ...writeForm(output) }
}

const writeForm = (output: OutputFormat): JsonObject =>
  output.type === 'json' ? {} : { responseSchema: writeSchema(output.schema, output.name) }

// Settings of other dialects that exist here under another name.
function writeExtras(extras: ChatRequest['extras'], traits: ModelTraits, losses: LossRecorder): JsonObject {
  const settings: { [key: string]: Json } = {}
  for (const [name, value] of Object.entries(extras)) {
    const modalities = name === 'modalities' ? readModalities(value) : undefined
    if (modalities !== undefined) {
      settings.responseModalities = modalities.map((modality) => modality.toUpperCase())
      continue
    }
    const own = ownSetting(name, value, traits)
    if (own === undefined) losses.drop(name)
    else settings[own] = value
  }
  return settings
}

function ownSetting(name: string, value: Json, { hasPenalties }: ModelTraits): string | undefined {
  if (typeof value !== 'number') return undefined
  if (name === 'seed') return Number.isInteger(value) && Math.abs(value) <= MAX_SEED ? 'seed' : undefined
  if (!hasPenalties) return undefined
  if (name === 'presence_penalty') return 'presencePenalty'
  return name === 'frequency_penalty' ? 'frequencyPenalty' : undefined
}
