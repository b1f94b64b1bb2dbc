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
  readonly inputAudio: SteppedRate | undefined
  readonly cachedInputAudio: SteppedRate | undefined
  readonly outputAudio: SteppedRate | undefined
  /** USD per request. */
  readonly request: Decimal
}

const MILLION_PLACES = 6

const flat = (price: number | undefined): SteppedRate | undefined =>
  price === undefined ? undefined : { base: decimalOf(price), steps: [] }

/** Rates of the operator's own price. What has no price of its own costs as the input or output that it is part of. */
export function operatorRates(price: PriceSpec): Rates {
  const input = flat(price.input)
  const output = flat(price.output)
  const cacheWrite = flat(price.cacheWrite) ?? input
  const cachedInput = flat(price.cachedInput) ?? input
  const inputAudio = flat(price.inputAudio)
  return {
    input,
    output,
    cachedInput,
    cacheWrite,
    cacheWriteLong: cacheWrite,
    reasoning: output,
    inputAudio: inputAudio ?? input,
    cachedInputAudio: flat(price.cachedInputAudio) ?? inputAudio ?? cachedInput,
    outputAudio: flat(price.outputAudio) ?? output,
    request: ZERO,
  }
}

/**
 * Exact cost in USD, or `undefined` when a kind of token that was used has no known price. Where the usage is the sum of
 * several `requests`, their prompts count as equally long.
 */
export function costAt(rates: Rates, usage: Usage, requests = 1): Decimal | undefined {
  const { cacheWriteTokens, cacheWriteLongTokens } = usage
  const inputTokens = usage.inputTokens / requests
  const kinds = tokensByKind(usage)
  let total: Decimal | undefined = times(rates.request, requests)
  const add = (rate: SteppedRate | undefined, tokens: number): void => {
    if (tokens === 0 || total === undefined) return
    total = rate && plus(total, times(stepOf(rate, inputTokens), tokens, MILLION_PLACES))
  }
  add(rates.input, kinds.input)
  add(rates.inputAudio, kinds.inputAudio)
  add(rates.cachedInput, kinds.cachedInput)
  add(rates.cachedInputAudio, kinds.cachedInputAudio)
  add(rates.cacheWrite, cacheWriteTokens)
  add(rates.cacheWriteLong, cacheWriteLongTokens)
  add(rates.output, kinds.output)
  add(rates.outputAudio, kinds.outputAudio)
  add(rates.reasoning, kinds.reasoning)
  return total
}

/** Usage taken apart, so that each token is of one kind. A part that a vendor reports larger than its whole is cut. */
function tokensByKind(usage: Usage) {
  const { inputTokens, cachedInputTokens, outputTokens } = usage
  const fresh = Math.max(0, inputTokens - cachedInputTokens - usage.cacheWriteTokens - usage.cacheWriteLongTokens)
  const cachedInputAudio = Math.min(usage.cachedInputAudioTokens ?? 0, cachedInputTokens)
  const inputAudio = Math.min(Math.max(0, (usage.inputAudioTokens ?? 0) - cachedInputAudio), fresh)
  const reasoning = Math.min(usage.reasoningTokens, outputTokens)
  const outputAudio = Math.min(usage.outputAudioTokens ?? 0, outputTokens - reasoning)
  return {
    input: fresh - inputAudio,
    inputAudio,
    cachedInput: cachedInputTokens - cachedInputAudio,
    cachedInputAudio,
    output: outputTokens - reasoning - outputAudio,
    outputAudio,
    reasoning,
  }
}

function stepOf(rate: SteppedRate, inputTokens: number): Decimal {
  let found = rate.base
  for (const step of rate.steps) if (inputTokens > step.over) found = step.rate
  return found
}
