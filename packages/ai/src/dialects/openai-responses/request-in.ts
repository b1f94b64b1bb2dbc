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
import { arrayOf, booleanOf, defined, numberOf, objectOf, objectsOf, textOf } from '../../json/access.ts'
import { readItems, stored } from './items-in.ts'

const MODELLED = new Set([
  'model',
  'input',
  'instructions',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'max_output_tokens',
  'temperature',
  'top_p',
  'text',
  'reasoning',
  'include',
  'user',
  'stream',
])

/** Fields that refer to what is stored at a vendor: without it, the answer would be to something else. */
const STORED = ['previous_response_id', 'conversation', 'prompt']

/** Values that ask for nothing: leaving these fields out changes nothing. */
const NEUTRAL: Readonly<Record<string, readonly Json[]>> = {
  store: [false],
  background: [false],
  truncation: ['disabled'],
  top_logprobs: [0],
  service_tier: ['auto', 'default'],
}

const invalid = (detail: string) => new GatewayError('invalid_request', { detail })

/** Reads a Responses request. Throws `invalid_request`, and `unsupported_feature` for what is stored at a vendor. */
export function readRequest(body: JsonObject): ChatRequest {
  for (const name of STORED) if ((body[name] ?? null) !== null) throw stored(`"${name}"`)
  const losses: string[] = []
  const choice = readToolChoice(body.tool_choice, losses)
  return {
    messages: readMessages(body, losses),
    tools: readTools(body, losses),
    stop: [],
    isStream: body.stream === true,
    wantsUsage: true,
    extras: readExtras(body),
    ...defined({
      toolChoice: choice,
      isParallelToolUse: booleanOf(body.parallel_tool_calls),
      maxTokens: numberOf(body.max_output_tokens),
      temperature: numberOf(body.temperature),
      topP: numberOf(body.top_p),
      reasoning: readReasoningSetting(objectOf(body.reasoning), losses),
      output: readOutput(objectOf(body.text), losses),
      user: textOf(body.user),
    }),
    losses: [...losses, ...includeLosses(body.include)],
  }
}

function readMessages(body: JsonObject, losses: string[]): ChatMessage[] {
  const { input } = body
  if (typeof input !== 'string' && !Array.isArray(input)) throw invalid('"input" must be text or an array of items.')
  const asked: ChatMessage[] =
    typeof input === 'string' ? [{ role: 'user', parts: [{ type: 'text', text: input }] }] : readItems(input, losses)
  const { instructions } = body
  if (typeof instructions !== 'string') return [...readItems(arrayOf(instructions), losses), ...asked]
  return instructions === '' ? asked : [{ role: 'system', parts: [{ type: 'text', text: instructions }] }, ...asked]
}

function readExtras(body: JsonObject): Record<string, Json> {
  const extras: Record<string, Json> = {}
  for (const [key, value] of Object.entries(body)) {
    if (MODELLED.has(key) || value === null || NEUTRAL[key]?.includes(value)) continue
    if (!isJsonObject(value) || Object.keys(value).length > 0) extras[key] = value
  }
  return extras
}

// Reasoning always comes in the form that can be sent back, so asking for it needs nothing.
function includeLosses(include: unknown): string[] {
  return arrayOf(include).flatMap((name) => {
    if (name === 'message.output_text.logprobs') return ['logprobs']
    return name === 'reasoning.encrypted_content' ? [] : ['include']
  })
}

// "allowed_tools" is the list of tools itself, without those that are not allowed.
function readTools(body: JsonObject, losses: string[]): ChatTool[] {
  const tools: ChatTool[] = []
  for (const tool of objectsOf(body.tools)) {
    if (tool.type === 'function') tools.push(readTool(tool))
    else losses.push(`tools.${textOf(tool.type) ?? 'unknown'}`)
  }
  const choice = objectOf(body.tool_choice)
  if (choice.type !== 'allowed_tools') return tools
  const allowed = new Set(objectsOf(choice.tools).map(({ name }) => name))
  return tools.filter((tool) => allowed.has(tool.name))
}

function readTool(tool: JsonObject): ChatTool {
  const name = textOf(tool.name)
  if (!name) throw invalid('Every function in "tools" needs a "name".')
  return {
    name,
    parameters: isJsonObject(tool.parameters) ? tool.parameters : { type: 'object', properties: {} },
    ...defined({ description: textOf(tool.description), isStrict: booleanOf(tool.strict) }),
  }
}

function readToolChoice(value: unknown, losses: string[]): ToolChoice | undefined {
  if (value === 'auto' || value === 'none' || value === 'required') return { type: value }
  if (!isJsonObject(value)) return undefined
  const name = textOf(value.name)
  if (value.type === 'function' && name !== undefined) return { type: 'tool', name }
  if (value.type === 'allowed_tools') return { type: value.mode === 'required' ? 'required' : 'auto' }
  losses.push('tool_choice')
  return undefined
}

function readReasoningSetting(setting: JsonObject, losses: string[]): ReasoningSetting | undefined {
  for (const name of ['context', 'mode']) if ((setting[name] ?? null) !== null) losses.push(`reasoning.${name}`)
  if (setting.effort === 'none') return { isOn: false }
  const effort = effortOf(setting.effort)
  if (effort === undefined && (setting.effort ?? null) !== null) losses.push('reasoning.effort')
  return effort === undefined ? undefined : { isOn: true, effort }
}

function readOutput(text: JsonObject, losses: string[]): OutputFormat | undefined {
  if ((text.verbosity ?? 'medium') !== 'medium' && text.verbosity !== null) losses.push('text.verbosity')
  const format = objectOf(text.format)
  if (format.type === 'json_object') return { type: 'json' }
  if (format.type !== 'json_schema') return undefined
  return {
    type: 'schema',
    name: textOf(format.name) ?? 'answer',
    schema: objectOf(format.schema),
    ...defined({ description: textOf(format.description), isStrict: booleanOf(format.strict) }),
  }
}
