import type { PriceSpec, Usage } from '@konnect/contract'
import { type Decimal, decimalOf, plus, times, ZERO } from './decimal.ts'

/** A price by size of the prompt: the last step whose `over` the input tokens exceed holds for all tokens. */
export interface SteppedRate {
  readonly base: Decimal
  readonly steps: readonly { readonly over: number; readonly rate: Decimal }[]
}

/** USD per million tokens. `undefined` means that nobody knows. */
export interface Rates {
  readonly input: SteppedRate | undefined
  readonly output: SteppedRate | undefined
  readonly cachedInput: SteppedRate | undefined
  readonly cacheWrite: SteppedRate | undefined
  readonly cacheWriteLong: SteppedRate | undefined
  readonly reasoning: SteppedRate | undefined
  /** USD per request. */
  readonly request: Decimal
}

const MILLION_PLACES = 6

const flat = (price: number | undefined): SteppedRate | undefined =>
  price === undefined ? undefined : { base: decimalOf(price), steps: [] }

/** Rates of the operator's own price. Cached input and cache writes cost as input where they have no price. */
export function operatorRates(price: PriceSpec): Rates {
  const input = flat(price.input)
  const output = flat(price.output)
  const cacheWrite = flat(price.cacheWrite) ?? input
  const cachedInput = flat(price.cachedInput) ?? input
  return { input, output, cachedInput, cacheWrite, cacheWriteLong: cacheWrite, reasoning: output, request: ZERO }
}

/** Exact cost in USD, or `undefined` when a kind of token that was used has no known price. */
export function costAt(rates: Rates, usage: Usage): Decimal | undefined {
  const { inputTokens, cachedInputTokens, cacheWriteTokens, cacheWriteLongTokens } = usage
  const plain = Math.max(0, inputTokens - cachedInputTokens - cacheWriteTokens - cacheWriteLongTokens)
  const reasoning = Math.min(usage.reasoningTokens, usage.outputTokens)
  let total: Decimal | undefined = rates.request
  const add = (rate: SteppedRate | undefined, tokens: number): void => {
    if (tokens === 0 || total === undefined) return
    total = rate && plus(total, times(stepOf(rate, inputTokens), tokens, MILLION_PLACES))
  }
  add(rates.input, plain)
  add(rates.cachedInput, cachedInputTokens)
  add(rates.cacheWrite, cacheWriteTokens)
  add(rates.cacheWriteLong, cacheWriteLongTokens)
  add(rates.output, usage.outputTokens - reasoning)
  add(rates.reasoning, reasoning)
  return total
}

function stepOf(rate: SteppedRate, inputTokens: number): Decimal {
  let found = rate.base
  for (const step of rate.steps) if (inputTokens > step.over) found = step.rate
  return found
}
