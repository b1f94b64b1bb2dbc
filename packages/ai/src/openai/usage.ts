import { isJsonObject, type Usage } from '@konnect/contract'
import { countOf, NO_USAGE } from '../canonical/usage.ts'
import { objectOf } from '../json/access.ts'

/** Tokens of an operation other than chat, as OpenAI and those who follow it report them; null when none are. */
export function readOperationUsage(value: unknown): Usage | null {
  if (!isJsonObject(value)) return null
  const inputTokens = countOf(value.input_tokens ?? value.prompt_tokens)
  const outputTokens = countOf(value.output_tokens ?? value.completion_tokens)
  const total = countOf(value.total_tokens)
  if (inputTokens + outputTokens + total === 0) return null
  const cached = countOf(objectOf(value.input_tokens_details).cached_tokens)
  const input = Math.max(inputTokens, total - outputTokens)
  return { ...NO_USAGE, inputTokens: input, outputTokens, cachedInputTokens: Math.min(cached, input) }
}
