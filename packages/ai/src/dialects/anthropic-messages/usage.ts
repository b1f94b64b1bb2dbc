import { isJsonObject, type JsonObject, type Usage } from '@konnect/contract'
import { countOf } from '../../canonical/usage.ts'
import { objectOf } from '../../json/access.ts'

/** Reads `usage`. Its input tokens leave out what was read from or written to the cache. Null when there is none. */
export function readUsage(value: unknown): Usage | null {
  if (!isJsonObject(value)) return null
  const cached = countOf(value.cache_read_input_tokens)
  const long = countOf(objectOf(value.cache_creation).ephemeral_1h_input_tokens)
  const written = Math.max(long, countOf(value.cache_creation_input_tokens))
  return {
    inputTokens: countOf(value.input_tokens) + cached + written,
    outputTokens: countOf(value.output_tokens),
    cachedInputTokens: cached,
    cacheWriteTokens: written - long,
    cacheWriteLongTokens: long,
    reasoningTokens: countOf(objectOf(value.output_tokens_details).thinking_tokens),
  }
}

/** Counts of a later event over those of an earlier one. They are cumulative: never added, only replaced. */
export function mergeUsage(earlier: JsonObject, later: JsonObject): JsonObject {
  const merged = { ...earlier }
  for (const [key, value] of Object.entries(later)) if (value !== null) merged[key] = value
  return merged
}

/** Writes `usage`. */
export function writeUsage(usage: Usage): JsonObject {
  const { inputTokens, cachedInputTokens, cacheWriteTokens, cacheWriteLongTokens } = usage
  const written = cacheWriteTokens + cacheWriteLongTokens
  return {
    input_tokens: Math.max(0, inputTokens - cachedInputTokens - written),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: cachedInputTokens,
    output_tokens: usage.outputTokens,
  }
}
