import { GatewayError, isJsonObject, type Json, type JsonObject } from '@konnect/contract'
import { effortOf } from '../../canonical/reasoning.ts'
import type {
  ChatMessage,
  ChatRequest,
  ChatTool,
  OutputFormat,
  ReasoningSetting,
  ToolChoice,
} from '../../canonical/request.ts'
import { arrayOf, booleanOf, numberOf, objectOf, objectsOf, textOf } from '../../json/access.ts'
import { readBlocks, readCacheMark, readMessages } from './messages-in.ts'

const MODELLED = new Set([
  'model',
  'messages',
  'system',
  'tools',
  'tool_choice',
  'max_tokens',
  'temperature',
  'top_p',
  'top_k',
  'stop_sequences',
  'thinking',
  'output_config',
  'output_format',
  'metadata',
  'stream',
])

const invalid = (detail: string) => new GatewayError('invalid_request', { detail })

/** Reads a Messages request. Throws `invalid_request`. */
export function readRequest(body: JsonObject): ChatRequest {
  if (!Array.isArray(body.messages)) throw invalid('"messages" must be an array.')
  const maxTokens = numberOf(body.max_tokens)
  if (maxTokens === undefined) throw invalid('"max_tokens" must be a number; this format requires it.')
  const losses: string[] = []
  const choice = objectOf(body.tool_choice)
  const disablesParallel = booleanOf(choice.disable_parallel_tool_use)
  return {
    messages: [...readSystem(body.system, losses), ...readMessages(body.messages, losses)],
    tools: readTools(body.tools, losses),
    stop: arrayOf(body.stop_sequences).filter((stop) => typeof stop === 'string'),
    isStream: body.stream === true,
    wantsUsage: true,
    extras: readExtras(body),
    losses,
    ...optional('toolChoice', readToolChoice(choice)),
    ...optional('isParallelToolUse', disablesParallel === undefined ? undefined : !disablesParallel),
    maxTokens,
    ...optional('temperature', numberOf(body.temperature)),
    ...optional('topP', numberOf(body.top_p)),
    ...optional('topK', numberOf(body.top_k)),
    ...optional('reasoning', readReasoning(body)),
    ...optional('output', readOutput(body)),
    ...optional('user', textOf(objectOf(body.metadata).user_id)),
  }
}

function optional<K extends keyof ChatRequest>(
  key: K,
  value: ChatRequest[K] | undefined,
): Pick<ChatRequest, K> | object {
  return value === undefined ? {} : { [key]: value }
}

function readExtras(body: JsonObject): Record<string, Json> {
  const extras: Record<string, Json> = {}
  for (const [key, value] of Object.entries(body)) {
    if (MODELLED.has(key) || value === null || (key === 'service_tier' && value === 'auto')) continue
    if (!Array.isArray(value) || value.length > 0) extras[key] = value
  }
  return extras
}

function readSystem(system: unknown, losses: string[]): ChatMessage[] {
  const parts = readBlocks(system, losses)
  return parts.length === 0 ? [] : [{ role: 'system', parts }]
}

function readTools(value: unknown, losses: string[]): ChatTool[] {
  const tools: ChatTool[] = []
  for (const tool of objectsOf(value)) {
    const mark = readCacheMark(tool, losses)
    const kind = textOf(tool.type)
    if (kind !== undefined && kind !== 'custom') losses.push(`tools.${kind}`)
    else tools.push({ ...readTool(tool), ...mark })
  }
  return tools
}

function readTool(tool: JsonObject): ChatTool {
  const name = textOf(tool.name)
  if (!name) throw invalid('Every entry of "tools" needs a "name".')
  const description = textOf(tool.description)
  const isStrict = booleanOf(tool.strict)
  return {
    name,
    parameters: isJsonObject(tool.input_schema) ? tool.input_schema : { type: 'object', properties: {} },
    ...(description === undefined ? {} : { description }),
    ...(isStrict === undefined ? {} : { isStrict }),
  }
}

function readToolChoice(choice: JsonObject): ToolChoice | undefined {
  const name = textOf(choice.name)
  switch (choice.type) {
    case 'auto':
    case 'none':
      return { type: choice.type }
    case 'any':
      return { type: 'required' }
    case 'tool':
      return name === undefined ? undefined : { type: 'tool', name }
    default:
      return undefined
  }
}

function readReasoning(body: JsonObject): ReasoningSetting | undefined {
  const thinking = objectOf(body.thinking)
  if (thinking.type === 'disabled') return { isOn: false }
  const effort = effortOf(objectOf(body.output_config).effort)
  const budget = numberOf(thinking.budget_tokens)
  if (thinking.type !== 'enabled' && thinking.type !== 'adaptive' && effort === undefined) return undefined
  return { isOn: true, ...(effort ? { effort } : {}), ...(budget ? { budget } : {}) }
}

function readOutput(body: JsonObject): OutputFormat | undefined {
  const format = objectOf(objectOf(body.output_config).format ?? body.output_format)
  if (format.type !== 'json_schema') return undefined
  return { type: 'schema', name: textOf(format.name) ?? 'answer', schema: objectOf(format.schema), isStrict: true }
}
