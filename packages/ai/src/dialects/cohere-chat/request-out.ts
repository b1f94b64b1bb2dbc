import type { Json, JsonObject } from '@konnect/contract'
import { budgetOfEffort } from '../../canonical/reasoning.ts'
import type { ChatRequest, ChatTool, OutputFormat, ReasoningSetting } from '../../canonical/request.ts'
import { createToolNames, type ToolNames } from '../../canonical/tool-names.ts'
import { compact } from '../../json/access.ts'
import type { LossRecorder } from '../../loss.ts'
import type { DialectRequest } from '../dialect.ts'
import { writeMessages } from './messages-out.ts'

const MAX_NAME = 64
const MAX_STOPS = 5
const MAX_TOP_K = 500

/** Writes a request of Cohere's chat for a vendor. */
export function writeRequest(request: ChatRequest, model: string, losses: LossRecorder): DialectRequest {
  const { extras, rest } = takeExtras(request.extras)
  for (const name of [...request.losses, ...rest]) losses.drop(name)
  if (request.user !== undefined) losses.drop('user')
  const names = createToolNames(MAX_NAME)
  const body = compact({
    model,
    messages: writeMessages(request.messages, names, losses),
    max_tokens: request.maxTokens,
    temperature: request.temperature,
    p: request.topP === undefined ? undefined : within(request.topP, 0.01, 0.99),
    k: request.topK === undefined ? undefined : within(request.topK, 0, MAX_TOP_K),
    ...extras,
    stop_sequences: writeStop(request.stop, losses),
    thinking: writeThinking(request.reasoning, model, losses),
    ...writeTools(request, names, losses),
    response_format: writeOutput(request, losses),
    stream: request.isStream,
  })
  return { body, memo: { restoreToolName: names.restore } }
}

const within = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value))

// Other dialects have these settings too, some of them with a wider range.
const RANGES: ReadonlyMap<string, readonly [least: number, most: number]> = new Map([
  ['seed', [0, Number.MAX_SAFE_INTEGER]],
  ['frequency_penalty', [0, 1]],
  ['presence_penalty', [0, 1]],
])

function takeExtras(given: ChatRequest['extras']): { extras: JsonObject; rest: string[] } {
  const extras: { [key: string]: Json } = {}
  const rest: string[] = []
  for (const [name, value] of Object.entries(given)) {
    const range = RANGES.get(name)
    if (range && typeof value === 'number' && value >= range[0] && value <= range[1]) extras[name] = value
    else rest.push(name)
  }
  return { extras, rest }
}

function writeStop(stop: readonly string[], losses: LossRecorder): readonly string[] | undefined {
  if (stop.length > MAX_STOPS) losses.drop('stop')
  return stop.length === 0 ? undefined : stop.slice(0, MAX_STOPS)
}

// Only the reasoning models know the field; their name says so.
function writeThinking(
  reasoning: ReasoningSetting | undefined,
  model: string,
  losses: LossRecorder,
): JsonObject | undefined {
  if (reasoning === undefined) return undefined
  if (!model.includes('reasoning')) {
    if (reasoning.isOn) losses.drop('reasoning_effort')
    return undefined
  }
  if (!reasoning.isOn) return { type: 'disabled' }
  const budget = reasoning.budget ?? (reasoning.effort === undefined ? undefined : budgetOfEffort(reasoning.effort))
  return compact({ type: 'enabled', token_budget: budget })
}

function writeTools(request: ChatRequest, names: ToolNames, losses: LossRecorder): JsonObject {
  const { tools, toolChoice, isParallelToolUse } = request
  if (tools.length === 0) return {}
  if (tools.some((tool) => tool.isStrict)) losses.drop('tools.strict')
  if (isParallelToolUse === false) losses.drop('parallel_tool_calls')
  // One certain tool cannot be demanded; the only one on offer can.
  const offered = toolChoice?.type === 'tool' ? tools.filter(({ name }) => name === toolChoice.name) : tools
  return compact({
    tools: (offered.length === 0 ? tools : offered).map((tool) => writeTool(tool, names)),
    tool_choice: writeChoice(toolChoice?.type),
  })
}

function writeChoice(choice: string | undefined): string | undefined {
  if (choice === 'none') return 'NONE'
  return choice === 'required' || choice === 'tool' ? 'REQUIRED' : undefined
}

function writeTool(tool: ChatTool, names: ToolNames): JsonObject {
  const { description, parameters } = tool
  return { type: 'function', function: compact({ name: names.send(tool.name), description, parameters }) }
}

// The vendor refuses a demanded form together with tools.
function writeOutput(request: ChatRequest, losses: LossRecorder): JsonObject | undefined {
  const { output, tools } = request
  if (output === undefined) return undefined
  if (tools.length === 0) return formatOf(output)
  losses.drop('response_format')
  return undefined
}

const formatOf = (output: OutputFormat): JsonObject =>
  output.type === 'json' ? { type: 'json_object' } : { type: 'json_object', json_schema: output.schema }
