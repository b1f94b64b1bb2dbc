import { isJsonObject, type JsonObject, type Usage } from '@konnect/contract'
import { countOf } from '../../canonical/usage.ts'
import { objectOf } from '../../json/access.ts'

/** Reads `usage`. Input tokens include what was read from and written to the cache. Null when there is none. */
export function readUsage(value: unknown): Usage | null {
  if (!isJsonObject(value)) return null
  const input = objectOf(value.input_tokens_details)
  const inputTokens = countOf(value.input_tokens)
  const cached = Math.min(countOf(input.cached_tokens), inputTokens)
  return {
    inputTokens,
    outputTokens: countOf(value.output_tokens),
    cachedInputTokens: cached,
    cacheWriteTokens: Math.min(countOf(input.cache_write_tokens), inputTokens - cached),
    cacheWriteLongTokens: 0,
    reasoningTokens: countOf(objectOf(value.output_tokens_details).reasoning_tokens),
  }
}

/** Writes `usage`. */
export const writeUsage = (usage: Usage): JsonObject => ({
  input_tokens: usage.inputTokens,
  input_tokens_details: {
    cached_tokens: usage.cachedInputTokens,
    cache_write_tokens: usage.cacheWriteTokens + usage.cacheWriteLongTokens,
  },
  output_tokens: usage.outputTokens,
  output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  total_tokens: usage.inputTokens + usage.outputTokens,
})
