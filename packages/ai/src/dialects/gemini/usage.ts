import type { JsonObject, Usage } from '@konnect/contract'
import { countOf } from '../../canonical/usage.ts'
import { camel } from '../../google/wire.ts'

const COUNTS = ['promptTokenCount', 'candidatesTokenCount', 'thoughtsTokenCount', 'totalTokenCount']

/**
 * Reads `usageMetadata`. Prompt tokens include what came from the cache, but not what tools of the vendor's put in; output
 * is the answer and the thoughts. Null when nothing was counted yet.
 */
export function readUsage(value: unknown): Usage | null {
  const counts = camel(value)
  if (!COUNTS.some((name) => typeof counts[name] === 'number')) return null
  const inputTokens = countOf(counts.promptTokenCount) + countOf(counts.toolUsePromptTokenCount)
  const answer = countOf(counts.candidatesTokenCount)
  const reasoningTokens = countOf(counts.thoughtsTokenCount)
  // Some servers count thoughts inside the answer instead of beside it; the total gives it away.
  const isInside = answer >= reasoningTokens && countOf(counts.totalTokenCount) === inputTokens + answer
  return {
    inputTokens,
    outputTokens: isInside ? answer : answer + reasoningTokens,
    cachedInputTokens: Math.min(countOf(counts.cachedContentTokenCount), inputTokens),
    cacheWriteTokens: 0,
    cacheWriteLongTokens: 0,
    reasoningTokens,
  }
}

/** Writes `usageMetadata`. */
export function writeUsage(usage: Usage): JsonObject {
  const { inputTokens, outputTokens, cachedInputTokens, reasoningTokens } = usage
  return {
    promptTokenCount: inputTokens,
    ...(cachedInputTokens > 0 ? { cachedContentTokenCount: cachedInputTokens } : {}),
    candidatesTokenCount: Math.max(0, outputTokens - reasoningTokens),
    ...(reasoningTokens > 0 ? { thoughtsTokenCount: reasoningTokens } : {}),
    totalTokenCount: inputTokens + outputTokens,
  }
}
