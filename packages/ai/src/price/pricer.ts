import type { PriceSpec, Usage } from '@konnect/contract'
import { catalogRates } from './catalog.ts'
import { formatDecimal, parseDecimal, plus, times, ZERO } from './decimal.ts'
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
  /** `at` is when the call was made; now when left out. `requests`, 1 when left out, are those that the usage is the sum of. */
  costOf(usage: Usage, at?: Date, requests?: number): Cost
}

const UNKNOWN: Cost = { usd: null, source: null }

/**
 * Prepares the price of one vendor's model, so that pricing a call does arithmetic only. The operator's price, in USD per
 * million tokens, goes before the catalog's; one without any number in it is none.
 */
export function createPricer(vendor: string, model: string, price?: PriceSpec): Pricer {
  if (price && Object.values(price).some((value) => value !== undefined)) {
    const rates = operatorRates(price)
    return { costOf: (usage, _at, requests) => cost({ rates, usage, requests }, 'operator') }
  }
  const find = catalogRates(vendor, model)
  return { costOf: (usage, at = new Date(), requests) => cost({ rates: find(at), usage, requests }, 'catalog') }
}

interface Priced {
  readonly rates: Rates | undefined
  readonly usage: Usage
  readonly requests: number | undefined
}

function cost({ rates, usage, requests }: Priced, source: 'operator' | 'catalog'): Cost {
  const total = rates && costAt(rates, usage, requests)
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

/** So many per cent of an amount in plain decimal text, exact. Throws `RangeError` for any other text. */
export const percentOfUsd = (amount: string, percent: number): string =>
  formatDecimal(times(parseDecimal(amount), percent, 2))
