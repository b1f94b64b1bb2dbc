import type { PriceSpec, Usage } from '@konnect/contract'
import { catalogRates } from './catalog.ts'
import { formatDecimal, parseDecimal, plus, ZERO } from './decimal.ts'
import { costAt, operatorRates, type Rates } from './rates.ts'

/** What a call cost. */
export interface Cost {
  /** USD as exact decimal text; `null` when the price is unknown, which is not the same as 0. */
  readonly usd: string | null
  /** Whose price it is. */
  readonly source: 'operator' | 'catalog' | null
}

/** Prices the calls of one deployment. */
export interface Pricer {
  /** `at` is when the call was made; now when left out. */
  costOf(usage: Usage, at?: Date): Cost
}

const UNKNOWN: Cost = { usd: null, source: null }

/**
 * Prepares the price of one vendor's model, so that pricing a call does arithmetic only. The operator's price, in USD per
 * million tokens, goes before the catalog's; one without any number in it is none.
 */
export function createPricer(vendor: string, model: string, price?: PriceSpec): Pricer {
  if (price && Object.values(price).some((value) => value !== undefined)) {
    const rates = operatorRates(price)
    return { costOf: (usage) => cost(rates, usage, 'operator') }
  }
  const find = catalogRates(vendor, model)
  return { costOf: (usage, at = new Date()) => cost(find(at), usage, 'catalog') }
}

function cost(rates: Rates | undefined, usage: Usage, source: 'operator' | 'catalog'): Cost {
  const total = rates && costAt(rates, usage)
  return total === undefined ? UNKNOWN : { usd: formatDecimal(total), source }
}

/** Prices a single call; see {@link createPricer}. */
export function costOf(call: {
  readonly vendor: string
  readonly model: string
  readonly usage: Usage
  readonly price?: PriceSpec
  readonly at?: Date
}): Cost {
  return createPricer(call.vendor, call.model, call.price).costOf(call.usage, call.at)
}

/** The exact sum of amounts, each plain decimal text; `0` of none. Throws `RangeError` for any other text. */
export const sumUsd = (amounts: readonly string[]): string =>
  formatDecimal(amounts.map(parseDecimal).reduce(plus, ZERO))
