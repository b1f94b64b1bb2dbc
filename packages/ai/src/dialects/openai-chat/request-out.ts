import type { Json, JsonObject } from '@konnect/contract'
import { type Modality, readModalities } from '../../canonical/modalities.ts'
import { effortOfBudget } from '../../canonical/reasoning.ts'
import type { ChatRequest, ChatTool, OutputFormat, ReasoningSetting, ToolChoice } from '../../canonical/request.ts'
import { createToolNames, type ToolNames } from '../../canonical/tool-names.ts'
import { compact } from '../../json/access.ts'
import type { LossRecorder } from '../../loss.ts'
import { takeShared } from '../../openai/extras.ts'
import type { DialectRequest } from '../dialect.ts'
import { writeMessages } from './messages-out.ts'
import { traitsOf } from './models.ts'

const MAX_NAME = 64
const MAX_STOPS = 4

/** Writes a Chat Completions request for a vendor. */
export function writeRequest(request: ChatRequest, model: string, losses: LossRecorder): DialectRequest {
  const traits = traitsOf(model)
  const { shared, rest } = takeShared(request.extras)
  const modalities = writeModalities(request.extras)
  for (const name of [...request.losses, ...rest]) {
    if (name !== MODALITIES || modalities === undefined) losses.drop(name)
  }
  const names = createToolNames(MAX_NAME)
  const hasTools = request.tools.length > 0
  const body = compact({
    model,
    messages: writeMessages(request.messages, names, losses),
    [traits.maxTokensField]: request.maxTokens,
    ...writeSampling(request, shared, traits.hasSampling, losses),
    modalities,
    stop: writeStop(request.stop, traits.hasStop, losses),
    reasoning_effort: writeEffort(request.reasoning, traits.hasReasoning, losses),
    tools: hasTools ? request.tools.map((tool) => writeTool(tool, names)) : undefined,
    tool_choice: hasTools ? writeToolChoice(request.toolChoice, names) : undefined,
    parallel_tool_calls: hasTools ? request.isParallelToolUse : undefined,
    response_format: writeOutput(request.output),
    user: request.user,
    stream: request.isStream ? true : undefined,
    stream_options: request.isStream ? { include_usage: true } : undefined,
  })
  return { body, memo: { restoreToolName: names.restore } }
}

/** What Gemini calls the modalities of an answer. */
const MODALITIES = 'responseModalities'

// Sound is asked for with a voice, and the voices of vendors differ.
function writeModalities(extras: ChatRequest['extras']): Modality[] | undefined {
  const modalities = readModalities(extras[MODALITIES] ?? null)
  return modalities?.includes('audio') ? undefined : modalities
}

function writeSampling(request: ChatRequest, shared: JsonObject, hasSampling: boolean, losses: LossRecorder): object {
  if (request.topK !== undefined) losses.drop('top_k')
  if (hasSampling) return { temperature: request.temperature, top_p: request.topP, ...shared }
  for (const name of Object.keys(shared)) losses.drop(name)
  if (request.temperature !== undefined && request.temperature !== 1) losses.drop('temperature')
  if (request.topP !== undefined && request.topP !== 1) losses.drop('top_p')
  return {}
}

function writeStop(stop: readonly string[], hasStop: boolean, losses: LossRecorder): readonly string[] | undefined {
  if (stop.length === 0) return undefined
  if (!hasStop || stop.length > MAX_STOPS) losses.drop('stop_sequences')
  return hasStop ? stop.slice(0, MAX_STOPS) : undefined
}

function writeEffort(
  reasoning: ReasoningSetting | undefined,
  hasReasoning: boolean,
  losses: LossRecorder,
): string | undefined {
  if (!reasoning?.isOn) return undefined
  if (!hasReasoning) {
    losses.drop('thinking')
    return undefined
  }
  const effort = reasoning.effort ?? (reasoning.budget === undefined ? undefined : effortOfBudget(reasoning.budget))
  return effort === 'max' ? 'xhigh' : effort
}

function writeTool(tool: ChatTool, names: ToolNames): JsonObject {
  return {
    type: 'function',
    function: compact({
      name: names.send(tool.name),
      description: tool.description,
      parameters: tool.parameters,
      strict: tool.isStrict,
    }),
  }
}

function writeToolChoice(choice: ToolChoice | undefined, names: ToolNames): Json | undefined {
  if (choice === undefined) return undefined
  return choice.type === 'tool' ? { type: 'function', function: { name: names.send(choice.name) } } : choice.type
}

function writeOutput(output: OutputFormat | undefined): JsonObject | undefined {
  if (output === undefined) return undefined
  if (output.type === 'json') return { type: 'json_object' }
  const { name, description, schema, isStrict } = output
  return { type: 'json_schema', json_schema: compact({ name, description, schema, strict: isStrict }) }
}
