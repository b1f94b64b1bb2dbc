import type { Pricer } from '@konnect/ai'
import type { Usage } from '@konnect/contract'

const SAMPLE_TOKENS = 1000
const NOTHING: Usage = {
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  cacheWriteLongTokens: 0,
  reasoningTokens: 0,
}

/**
 * USD per token of a short prompt, what a request costs by itself left out; `undefined` when the price is unknown. A number
 * to compare, not to account with.
 */
export function inputPriceOf(pricer: Pricer): number | undefined {
  const { usd } = pricer.costOf({ ...NOTHING, inputTokens: SAMPLE_TOKENS })
  const { usd: fee } = pricer.costOf(NOTHING)
  return usd === null ? undefined : (Number(usd) - Number(fee ?? 0)) / SAMPLE_TOKENS
}
