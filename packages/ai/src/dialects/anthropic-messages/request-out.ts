import type { JsonObject } from '@konnect/contract'
import type { ChatRequest, ChatTool, OutputFormat, ToolChoice } from '../../canonical/request.ts'
import { createToolNames, type ToolNames } from '../../canonical/tool-names.ts'
import { compact } from '../../json/access.ts'
import type { LossRecorder } from '../../loss.ts'
import type { DialectRequest } from '../dialect.ts'
import { writeMessages, writeSystem } from './messages-out.ts'
import { type ModelTraits, traitsOf } from './models.ts'
import { settleThinking, type Thinking } from './thinking.ts'

const MAX_NAME = 64

/** Writes a Messages request for a vendor. */
export function writeRequest(request: ChatRequest, model: string, losses: LossRecorder): DialectRequest {
  for (const name of [...request.losses, ...Object.keys(request.extras)]) losses.drop(name)
  const traits = traitsOf(model)
  const names = createToolNames(MAX_NAME)
  const thinking = settleThinking(request, traits, losses)
  const output = settleOutput(request, thinking, names, losses)
  const { system, turns } = writeSystem(request.messages)
  const body = compact({
    model,
    max_tokens: thinking.maxTokens,
    system,
    messages: writeMessages(turns, names, losses),
    ...writeSampling(request, traits, thinking, losses),
    stop_sequences: writeStop(request.stop, losses),
    thinking: thinking.field,
    output_config: writeOutputConfig(thinking, output),
    ...writeTools(request, thinking, output, names, losses),
    metadata: request.user === undefined ? undefined : { user_id: request.user },
    stream: request.isStream ? true : undefined,
  })
  const outputTool = output.tool === undefined ? {} : { outputTool: output.tool.name }
  return { body, memo: { ...outputTool, restoreToolName: names.restore } }
}

/** How a demanded form of the answer is asked for. */
interface OutputPlan {
  /** A tool that the model is forced to call; its arguments are the answer. Works with every model. */
  readonly tool?: ChatTool
  /** The dialect's own way, where a forced tool would collide with thinking or with the client's tools. */
  readonly schema?: JsonObject
}

function settleOutput(request: ChatRequest, thinking: Thinking, names: ToolNames, losses: LossRecorder): OutputPlan {
  const { output } = request
  if (output === undefined) return {}
  const isCrowded = request.tools.length > 0 || thinking.field !== undefined
  if (output.type === 'schema' && (isCrowded || !isObjectSchema(output.schema))) return { schema: output.schema }
  if (!isCrowded) return { tool: outputTool(output, names) }
  losses.drop('response_format')
  return {}
}

const isObjectSchema = (schema: JsonObject): boolean => schema.type === 'object'

function outputTool(output: OutputFormat, names: ToolNames): ChatTool {
  if (output.type === 'json') {
    return { name: 'json_answer', description: 'Answers with a JSON object.', parameters: { type: 'object' } }
  }
  const description = output.description ?? 'Answers in the demanded form.'
  return { name: names.send(output.name), description, parameters: output.schema }
}

function writeOutputConfig(thinking: Thinking, output: OutputPlan): JsonObject | undefined {
  const config = compact({
    effort: thinking.effort,
    format: output.schema === undefined ? undefined : { type: 'json_schema', schema: output.schema },
  })
  return Object.keys(config).length === 0 ? undefined : config
}

function writeTools(
  request: ChatRequest,
  thinking: Thinking,
  output: OutputPlan,
  names: ToolNames,
  losses: LossRecorder,
): JsonObject {
  if (output.tool !== undefined) {
    return { tools: [writeTool(output.tool, names)], tool_choice: { type: 'tool', name: output.tool.name } }
  }
  if (request.tools.length === 0) return writeHistoryTools(request, names)
  if (request.tools.some((tool) => tool.isStrict)) losses.drop('tools.strict')
  return compact({
    tools: request.tools.map((tool) => writeTool(tool, names)),
    tool_choice: writeToolChoice(request, thinking, names, losses),
  })
}

// The vendor refuses calls in the history whose tools are not declared.
function writeHistoryTools(request: ChatRequest, names: ToolNames): JsonObject {
  const calls = request.messages.flatMap(({ parts }) => parts.filter((part) => part.type === 'tool_call'))
  if (calls.length === 0) return {}
  const tools = [...new Set(calls.map((call) => call.name))].map((name) => ({ name, parameters: { type: 'object' } }))
  return { tools: tools.map((tool) => writeTool(tool, names)), tool_choice: { type: 'none' } }
}

// Strictness stays behind: this vendor compiles strict schemas within narrower limits and would refuse some of them.
function writeTool(tool: ChatTool, names: ToolNames): JsonObject {
  const { description, parameters } = tool
  const schema = parameters.type === undefined ? { type: 'object', ...parameters } : parameters
  return compact({ name: names.send(tool.name), description, input_schema: schema })
}

function writeToolChoice(
  request: ChatRequest,
  thinking: Thinking,
  names: ToolNames,
  losses: LossRecorder,
): JsonObject | undefined {
  const { isParallelToolUse } = request
  let choice = request.toolChoice
  if (thinking.field !== undefined && (choice?.type === 'required' || choice?.type === 'tool')) {
    losses.drop('tool_choice')
    choice = undefined
  }
  if (choice?.type === 'none') return { type: 'none' }
  const disables = isParallelToolUse === false ? { disable_parallel_tool_use: true } : {}
  if (choice === undefined) return isParallelToolUse === false ? { type: 'auto', ...disables } : undefined
  return { ...writeChoice(choice, names), ...disables }
}

function writeChoice(choice: ToolChoice, names: ToolNames): JsonObject {
  if (choice.type === 'tool') return { type: 'tool', name: names.send(choice.name) }
  return { type: choice.type === 'required' ? 'any' : choice.type }
}

function writeSampling(request: ChatRequest, traits: ModelTraits, thinking: Thinking, losses: LossRecorder): object {
  const { temperature, topP, topK } = request
  if (traits.sampling === 'none' || thinking.field !== undefined) {
    if (temperature !== undefined && temperature !== 1) losses.drop('temperature')
    if (topP !== undefined && topP !== 1) losses.drop('top_p')
    if (topK !== undefined) losses.drop('top_k')
    return {}
  }
  if (temperature !== undefined && temperature > 1) losses.drop('temperature')
  const isOne = traits.sampling === 'one' && temperature !== undefined && topP !== undefined
  if (isOne && topP !== 1) losses.drop('top_p')
  return {
    temperature: temperature === undefined ? undefined : Math.min(temperature, 1),
    top_p: isOne ? undefined : topP,
    top_k: topK,
  }
}

// Stop sequences of nothing but white space are refused by the vendor.
function writeStop(stop: readonly string[], losses: LossRecorder): readonly string[] | undefined {
  const kept = stop.filter((text) => text.trim() !== '')
  if (kept.length < stop.length) losses.drop('stop')
  return kept.length === 0 ? undefined : kept
}
