import { isJsonObject, type Usage } from '@konnect/contract'
import { countOf, NO_USAGE } from '../../canonical/usage.ts'

/**
 * Reads `usage`. The billed units count, because prices are for them: `tokens` includes the vendor's own preamble, which
 * nobody pays for, and `cached_tokens` counts among those. Null when there is none.
 */
export function readUsage(value: unknown): Usage | null {
  if (!isJsonObject(value)) return null
  const counts = isJsonObject(value.billed_units) ? value.billed_units : value.tokens
  if (!isJsonObject(counts)) return null
  return { ...NO_USAGE, inputTokens: countOf(counts.input_tokens), outputTokens: countOf(counts.output_tokens) }
}
