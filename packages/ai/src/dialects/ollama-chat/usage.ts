import type { JsonObject, Usage } from '@konnect/contract'
import { countOf, NO_USAGE } from '../../canonical/usage.ts'

/** Reads the counts of a finished answer. A prompt that the server kept from before may come without one. Null when there are none. */
export function readUsage(answer: JsonObject): Usage | null {
  const { prompt_eval_count: input, eval_count: output } = answer
  if (input === undefined && output === undefined) return null
  return { ...NO_USAGE, inputTokens: countOf(input), outputTokens: countOf(output) }
}
