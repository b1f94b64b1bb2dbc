import { GatewayError, isJsonObject, type Json, type JsonObject } from '@konnect/contract'
import { effortOf } from '../../canonical/reasoning.ts'
import type { ChatRequest, ChatTool, OutputFormat, ReasoningSetting, ToolChoice } from '../../canonical/request.ts'
import { arrayOf, booleanOf, numberOf, objectOf, objectsOf, textOf } from '../../json/access.ts'
import { readExtras } from '../../openai/extras.ts'
import { readMessages } from './messages-in.ts'

const MODELLED: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'tools',
  'tool_choice',
  'functions',
  'function_call',
  'parallel_tool_calls',
  'max_tokens',
  'max_completion_tokens',
  'temperature',
  'top_p',
  'top_k',
  'stop',
  'reasoning_effort',
  'thinking',
  'response_format',
  'user',
  'stream',
  'stream_options',
])

/** Values that ask for nothing: leaving these fields out changes nothing. */
const NEUTRAL: Readonly<Record<string, readonly Json[]>> = {
  n: [1],
  logprobs: [false],
  top_logprobs: [0],
  frequency_penalty: [0],
  presence_penalty: [0],
  store: [false],
  service_tier: ['auto', 'default'],
}

const invalid = (detail: string) => new GatewayError('invalid_request', { detail })

/** Reads a Chat Completions request. Throws `invalid_request`. */
export function readRequest(body: JsonObject): ChatRequest {
  if (!Array.isArray(body.messages)) throw invalid('"messages" must be an array.')
  const losses: string[] = []
  const maxTokens = numberOf(body.max_completion_tokens) ?? numberOf(body.max_tokens)
  return {
    messages: readMessages(body.messages, losses),
    tools: readTools(body, losses),
    stop: typeof body.stop === 'string' ? [body.stop] : arrayOf(body.stop).filter((s) => typeof s === 'string'),
    isStream: body.stream === true,
    wantsUsage: objectOf(body.stream_options).include_usage === true,
    extras: readExtras(body, MODELLED, NEUTRAL),
    losses,
    ...optional('toolChoice', readToolChoice(body.tool_choice ?? body.function_call)),
    ...optional('isParallelToolUse', booleanOf(body.parallel_tool_calls)),
    ...optional('maxTokens', maxTokens),
    ...optional('temperature', numberOf(body.temperature)),
    ...optional('topP', numberOf(body.top_p)),
    ...optional('topK', numberOf(body.top_k)),
    ...optional('reasoning', readReasoning(body)),
    ...optional('output', readOutput(body.response_format)),
    ...optional('user', textOf(body.user)),
  }
}

function optional<K extends keyof ChatRequest>(
  key: K,
  value: ChatRequest[K] | undefined,
): Pick<ChatRequest, K> | object {
  return value === undefined ? {} : { [key]: value }
}

function readTools(body: JsonObject, losses: string[]): ChatTool[] {
  const tools: ChatTool[] = []
  for (const tool of objectsOf(body.tools)) {
    if (tool.type === 'function' || isJsonObject(tool.function)) tools.push(readFunction(objectOf(tool.function)))
    else losses.push(`tools.${textOf(tool.type) ?? 'unknown'}`)
  }
  for (const definition of objectsOf(body.functions)) tools.push(readFunction(definition))
  return tools
}

function readFunction(definition: JsonObject): ChatTool {
  const name = textOf(definition.name)
  if (!name) throw invalid('Every function in "tools" needs a "name".')
  const description = textOf(definition.description)
  const isStrict = booleanOf(definition.strict)
  return {
    name,
    parameters: isJsonObject(definition.parameters) ? definition.parameters : { type: 'object', properties: {} },
    ...(description === undefined ? {} : { description }),
    ...(isStrict === undefined ? {} : { isStrict }),
  }
}

function readToolChoice(value: unknown): ToolChoice | undefined {
  if (value === 'auto' || value === 'none' || value === 'required') return { type: value }
  if (!isJsonObject(value)) return undefined
  const name = textOf(objectOf(value.function).name) ?? textOf(value.name)
  if (name !== undefined) return { type: 'tool', name }
  const mode = objectOf(value.allowed_tools).mode
  return mode === 'auto' || mode === 'required' ? { type: mode } : undefined
}

// `thinking` is how several vendors of this dialect switch reasoning on and off.
function readReasoning(body: JsonObject): ReasoningSetting | undefined {
  const thinking = objectOf(body.thinking)
  const effort = effortOf(body.reasoning_effort)
  const budget = numberOf(thinking.budget_tokens)
  if (body.reasoning_effort === 'none' || thinking.type === 'disabled') return { isOn: false }
  if (effort === undefined && thinking.type !== 'enabled' && thinking.type !== 'adaptive') return undefined
  return { isOn: true, ...(effort ? { effort } : {}), ...(budget ? { budget } : {}) }
}

function readOutput(value: unknown): OutputFormat | undefined {
  const format = objectOf(value)
  if (format.type === 'json_object') return { type: 'json' }
  if (format.type !== 'json_schema') return undefined
  const definition = objectOf(format.json_schema)
  const description = textOf(definition.description)
  const isStrict = booleanOf(definition.strict)
  return {
    type: 'schema',
    name: textOf(definition.name) ?? 'answer',
    schema: objectOf(definition.schema),
    ...(description === undefined ? {} : { description }),
    ...(isStrict === undefined ? {} : { isStrict }),
  }
}
