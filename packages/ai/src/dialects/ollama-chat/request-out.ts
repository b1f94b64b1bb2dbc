import type { Json, JsonObject } from '@konnect/contract'
import { effortOfBudget } from '../../canonical/reasoning.ts'
import type { ChatRequest, ChatTool, ReasoningSetting } from '../../canonical/request.ts'
import { compact } from '../../json/access.ts'
import type { LossRecorder } from '../../loss.ts'
import type { DialectRequest } from '../dialect.ts'
import { writeMessages } from './messages-out.ts'

/** Settings of other dialects that mean the same among this one's `options`. */
const SHARED_OPTIONS: ReadonlySet<string> = new Set(['seed', 'frequency_penalty', 'presence_penalty'])

/** Writes a request of Ollama's chat. Streaming is this dialect's default, so it is always said whether it is wanted. */
export function writeRequest(request: ChatRequest, model: string, losses: LossRecorder): DialectRequest {
  for (const name of request.losses) losses.drop(name)
  if (request.user !== undefined) losses.drop('user')
  const options = writeOptions(request, losses)
  const body = compact({
    model,
    messages: writeMessages(request.messages, losses),
    tools: writeTools(request, losses),
    format: writeFormat(request),
    think: writeThink(request.reasoning, model),
    options: Object.keys(options).length === 0 ? undefined : options,
    stream: request.isStream,
  })
  return { body, memo: { restoreToolName: (name) => name } }
}

function writeOptions(request: ChatRequest, losses: LossRecorder): JsonObject {
  const shared: { [key: string]: Json } = {}
  for (const [name, value] of Object.entries(request.extras)) {
    if (SHARED_OPTIONS.has(name) && typeof value === 'number') shared[name] = value
    else losses.drop(name)
  }
  return compact({
    num_predict: request.maxTokens,
    temperature: request.temperature,
    top_p: request.topP,
    top_k: request.topK,
    stop: request.stop.length === 0 ? undefined : request.stop,
    ...shared,
  })
}

// Only some models have levels; the others take them for an error or for a plain yes.
function writeThink(reasoning: ReasoningSetting | undefined, model: string): boolean | string | undefined {
  if (reasoning === undefined) return undefined
  if (!reasoning.isOn || !model.includes('gpt-oss')) return reasoning.isOn
  const effort = reasoning.effort ?? effortOfBudget(reasoning.budget ?? 0)
  if (effort === 'minimal' || effort === 'low') return 'low'
  return effort === 'medium' ? 'medium' : 'high'
}

// The dialect has no choice of tools: none are offered where none may be used, and nothing can be demanded.
function writeTools(request: ChatRequest, losses: LossRecorder): JsonObject[] | undefined {
  const { tools, toolChoice, isParallelToolUse } = request
  if (tools.length === 0 || toolChoice?.type === 'none') return undefined
  if (toolChoice?.type === 'required' || toolChoice?.type === 'tool') losses.drop('tool_choice')
  if (isParallelToolUse === false) losses.drop('parallel_tool_calls')
  if (tools.some((tool) => tool.isStrict)) losses.drop('tools.strict')
  return tools.map(writeTool)
}

const writeTool = ({ name, description, parameters }: ChatTool): JsonObject => ({
  type: 'function',
  function: compact({ name, description, parameters }),
})

function writeFormat({ output }: ChatRequest): Json | undefined {
  if (output === undefined) return undefined
  return output.type === 'json' ? 'json' : output.schema
}
