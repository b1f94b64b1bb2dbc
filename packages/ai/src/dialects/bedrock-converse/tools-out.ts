import type { JsonObject } from '@konnect/contract'
import type { ChatRequest, ChatTool, OutputFormat, ToolChoice } from '../../canonical/request.ts'
import type { ToolNames } from '../../canonical/tool-names.ts'
import { compact } from '../../json/access.ts'
import type { LossRecorder } from '../../loss.ts'
import type { Fitting } from './fitting.ts'

/** The tools of a request. */
export interface ToolPlan {
  readonly config: JsonObject | undefined
  /** The tool whose arguments are the answer. */
  readonly outputTool?: string
}

/** Writes the tools, and a demanded form of the answer as a tool that must be called. */
export function planTools(request: ChatRequest, isThinking: boolean, fitting: Fitting): ToolPlan {
  const { names, cache, losses } = fitting
  const { output, tools } = request
  if (output !== undefined) {
    if (tools.length === 0 && !isThinking) return planOutput(output, names)
    losses.drop('response_format')
  }
  if (tools.some((tool) => tool.isStrict)) losses.drop('tools.strict')
  if (tools.length > 0 && request.isParallelToolUse === false) losses.drop('parallel_tool_calls')
  const hidesTools = request.toolChoice?.type === 'none'
  const offered = tools.length === 0 || hidesTools ? historyTools(request) : tools
  if (offered.length === 0) return { config: undefined }
  // There is no way to forbid tools that must be declared because the history holds their calls.
  if (hidesTools) losses.drop('tool_choice')
  const choice =
    hidesTools || tools.length === 0 ? undefined : writeChoice(request.toolChoice, isThinking, names, losses)
  const declared = offered.flatMap((tool) => [writeTool(tool, names), ...cache.afterTool(tool)])
  return { config: compact({ tools: declared, toolChoice: choice }) }
}

function planOutput(output: OutputFormat, names: ToolNames): ToolPlan {
  const name = output.type === 'json' ? 'json_answer' : names.send(output.name)
  const description = (output.type === 'schema' ? output.description : undefined) ?? 'Answers in the demanded form.'
  const parameters = output.type === 'schema' ? output.schema : { type: 'object' }
  const tools = [writeTool({ name, description, parameters }, names)]
  return { config: { tools, toolChoice: { tool: { name } } }, outputTool: name }
}

// The vendor refuses calls and results in the history where no tools are declared.
function historyTools(request: ChatRequest): ChatTool[] {
  const called = new Set<string>()
  for (const { parts } of request.messages)
    for (const part of parts) if (part.type === 'tool_call') called.add(part.name)
  const known = new Map(request.tools.map((tool) => [tool.name, tool]))
  return [...called].map((name) => known.get(name) ?? { name, parameters: { type: 'object', properties: {} } })
}

function writeTool(tool: ChatTool, names: ToolNames): JsonObject {
  const { description, parameters } = tool
  const json = parameters.type === undefined ? { type: 'object', ...parameters } : parameters
  // An empty description is refused.
  return {
    toolSpec: compact({ name: names.send(tool.name), description: description || undefined, inputSchema: { json } }),
  }
}

// Automatic choice is the default, and most models do not know the word.
function writeChoice(
  choice: ToolChoice | undefined,
  isThinking: boolean,
  names: ToolNames,
  losses: LossRecorder,
): JsonObject | undefined {
  if (choice?.type !== 'required' && choice?.type !== 'tool') return undefined
  if (isThinking) {
    losses.drop('tool_choice')
    return undefined
  }
  return choice.type === 'tool' ? { tool: { name: names.send(choice.name) } } : { any: {} }
}
