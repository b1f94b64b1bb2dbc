import { isJsonObject, type JsonObject, type Usage } from '@konnect/contract'
import { countOf } from '../canonical/usage.ts'
import { objectOf } from '../json/access.ts'

/** Reads `usage`. Prompt tokens include what came from the cache. Null when there is none. */
export function readUsage(value: unknown): Usage | null {
  if (!isJsonObject(value)) return null
  const prompt = objectOf(value.prompt_tokens_details)
  const completion = objectOf(value.completion_tokens_details)
  const creation = objectOf(value.cache_creation)
  const inputTokens = countOf(value.prompt_tokens)
  const reasoningTokens = countOf(completion.reasoning_tokens ?? value.reasoning_tokens)
  const cached = countOf(prompt.cached_tokens ?? value.prompt_cache_hit_tokens ?? value.cache_read_input_tokens)
  const longWrite = countOf(creation.ephemeral_1h_input_tokens)
  const write = countOf(prompt.cache_write_tokens ?? value.cache_creation_input_tokens)
  return {
    inputTokens,
    outputTokens: outputTokens(value, inputTokens, reasoningTokens),
    cachedInputTokens: Math.min(cached, inputTokens),
    cacheWriteTokens: Math.max(0, Math.min(write - longWrite, inputTokens - cached)),
    cacheWriteLongTokens: Math.min(longWrite, Math.max(0, inputTokens - cached)),
    reasoningTokens,
  }
}

// Some vendors of this dialect count reasoning beside the completion instead of inside; their total gives it away.
function outputTokens(value: JsonObject, inputTokens: number, reasoningTokens: number): number {
  const completion = countOf(value.completion_tokens)
  const isBeside = reasoningTokens > 0 && countOf(value.total_tokens) === inputTokens + completion + reasoningTokens
  return isBeside ? completion + reasoningTokens : completion
}

/** Writes `usage`. */
export function writeUsage(usage: Usage): JsonObject {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: {
      cached_tokens: usage.cachedInputTokens,
      cache_write_tokens: usage.cacheWriteTokens + usage.cacheWriteLongTokens,
    },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  }
}
