import type { Json, JsonObject } from '@konnect/contract'
import { effortOfBudget } from '../../canonical/reasoning.ts'
import type { ChatRequest, ChatTool, OutputFormat, ToolChoice } from '../../canonical/request.ts'
import { createToolNames, type ToolNames } from '../../canonical/tool-names.ts'
import { compact } from '../../json/access.ts'
import type { LossRecorder } from '../../loss.ts'
import type { DialectRequest } from '../dialect.ts'
import { writeInput } from './items-out.ts'
import { type ModelTraits, traitsOf } from './models.ts'

const MAX_NAME = 64

/**
 * Writes a Responses request for a vendor. Nothing is to be stored there: the whole conversation comes every time, and
 * reasoning travels encrypted.
 */
export function writeRequest(request: ChatRequest, model: string, losses: LossRecorder): DialectRequest {
  for (const name of [...request.losses, ...Object.keys(request.extras)]) losses.drop(name)
  if (request.stop.length > 0) losses.drop('stop')
  const traits = traitsOf(model)
  const names = createToolNames(MAX_NAME)
  const hasTools = request.tools.length > 0
  const body = compact({
    model,
    ...writeInput(request.messages, names, losses),
    max_output_tokens: request.maxTokens,
    ...writeSampling(request, traits, losses),
    reasoning: writeReasoning(request, traits, losses),
    include: traits.hasEncryptedReasoning ? ['reasoning.encrypted_content'] : undefined,
    tools: hasTools ? request.tools.map((tool) => writeTool(tool, names)) : undefined,
    tool_choice: hasTools ? writeToolChoice(request.toolChoice, names) : undefined,
    parallel_tool_calls: hasTools ? request.isParallelToolUse : undefined,
    text: writeOutput(request.output),
    user: request.user,
    store: false,
    stream: request.isStream ? true : undefined,
  })
  return { body, memo: { restoreToolName: names.restore } }
}

function writeSampling(request: ChatRequest, { hasSampling }: ModelTraits, losses: LossRecorder): object {
  const { temperature, topP, topK } = request
  if (topK !== undefined) losses.drop('top_k')
  if (hasSampling) return { temperature, top_p: topP }
  if (temperature !== undefined && temperature !== 1) losses.drop('temperature')
  if (topP !== undefined && topP !== 1) losses.drop('top_p')
  return {}
}

function writeReasoning(
  { reasoning }: ChatRequest,
  { hasReasoning }: ModelTraits,
  losses: LossRecorder,
): JsonObject | undefined {
  if (!reasoning?.isOn) return undefined
  if (!hasReasoning) {
    losses.drop('thinking')
    return undefined
  }
  const effort = reasoning.effort ?? (reasoning.budget === undefined ? undefined : effortOfBudget(reasoning.budget))
  if (effort === undefined) return undefined
  return { effort: effort === 'max' ? 'xhigh' : effort }
}

// Strictness is this dialect's default, so a tool that nobody called strict has to say so.
const writeTool = (tool: ChatTool, names: ToolNames): JsonObject =>
  compact({
    type: 'function',
    name: names.send(tool.name),
    description: tool.description,
    parameters: tool.parameters,
    strict: tool.isStrict ?? false,
  })

function writeToolChoice(choice: ToolChoice | undefined, names: ToolNames): Json | undefined {
  if (choice === undefined) return undefined
  return choice.type === 'tool' ? { type: 'function', name: names.send(choice.name) } : choice.type
}

function writeOutput(output: OutputFormat | undefined): JsonObject | undefined {
  if (output === undefined) return undefined
  if (output.type === 'json') return { format: { type: 'json_object' } }
  const { name, description, schema, isStrict } = output
  return { format: compact({ type: 'json_schema', name, description, schema, strict: isStrict ?? false }) }
}
