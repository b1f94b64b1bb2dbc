import type { JsonObject } from '@konnect/contract'
import type { ToolCallPart } from '../canonical/request.ts'
import type { ToolNames } from '../canonical/tool-names.ts'

/** Writes `tool_calls`; `undefined` when there is none. A call without arguments gets `{}`. */
export function writeCalls(calls: readonly ToolCallPart[], names: ToolNames): JsonObject[] | undefined {
  if (calls.length === 0) return undefined
  return calls.map((call) => ({
    id: call.id,
    type: 'function',
    function: { name: names.send(call.name), arguments: call.arguments === '' ? '{}' : call.arguments },
  }))
}
