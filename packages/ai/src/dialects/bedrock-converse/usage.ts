import { isJsonObject, type Usage } from '@konnect/contract'
import { countOf } from '../../canonical/usage.ts'
import { objectsOf } from '../../json/access.ts'

/** Reads `usage`. Its input tokens leave out what was read from or written to the cache. Null when there is none. */
export function readUsage(value: unknown): Usage | null {
  if (!isJsonObject(value)) return null
  const cached = countOf(value.cacheReadInputTokens)
  const long = objectsOf(value.cacheDetails)
    .filter(({ ttl }) => ttl === '1h')
    .reduce((sum, detail) => sum + countOf(detail.inputTokens), 0)
  const written = Math.max(long, countOf(value.cacheWriteInputTokens))
  return {
    inputTokens: countOf(value.inputTokens) + cached + written,
    outputTokens: countOf(value.outputTokens),
    cachedInputTokens: cached,
    cacheWriteTokens: written - long,
    cacheWriteLongTokens: long,
    reasoningTokens: 0,
  }
}
