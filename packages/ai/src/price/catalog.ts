import { createRequire } from 'node:module'
import type { CatalogModel } from '@konnect/contract'
import type { ConditionalPrice, ModelInfo, ModelPrice, Provider, TieredPrices } from '@pydantic/genai-prices'
import { knownCapabilities } from './capabilities.ts'
import { decimalOf, times, ZERO } from './decimal.ts'
import type { Rates, SteppedRate } from './rates.ts'

type Catalog = typeof import('@pydantic/genai-prices')

let loaded: Catalog | undefined

// Loading costs tens of milliseconds and some 20 MB, and an operator who sets every price never needs it.
function catalog(): Catalog {
  loaded ??= createRequire(import.meta.url)('@pydantic/genai-prices') as Catalog
  return loaded
}

/**
 * The models of a provider of the price catalog, by id, with the prices of this moment; empty for one that the catalog does
 * not list. `vendor` is the id that they are listed under, the provider's own by default. Loads the catalog when first
 * called.
 */
export function listCatalogModels(provider: string, vendor = provider): readonly CatalogModel[] {
  const now = new Date()
  const models = (providerOf(provider)?.models ?? []).map((model): CatalogModel => {
    const prices = pricesAt(model, now)
    return {
      vendor,
      id: model.id,
      title: model.name ?? model.id,
      contextWindow: model.context_window ?? null,
      isDeprecated: model.deprecated ?? false,
      capabilities: knownCapabilities(model.id),
      isFamily: findModel(provider, model.id)?.id !== model.id,
      isListed: null,
      input: baseOf(prices.input_mtok),
      output: baseOf(prices.output_mtok),
      cachedInput: baseOf(prices.cache_read_mtok),
      cacheWrite: baseOf(prices.cache_write_mtok),
    }
  })
  return models.sort((a, b) => a.id.localeCompare(b.id))
}

/** Finds the rates of a vendor's model at a time; `undefined` when the catalog does not know the model. */
export type RateFinder = (at: Date) => Rates | undefined

/** Looks a model up once, so that finding its rates later costs next to nothing. */
export function catalogRates(vendor: string, model: string): RateFinder {
  const found = findModel(vendor, model)
  if (found === undefined) return () => undefined
  const known = new Map<ModelPrice, Rates>()
  return (at) => {
    const prices = pricesAt(found, at)
    let rates = known.get(prices)
    if (rates === undefined) {
      rates = ratesOf(prices)
      known.set(prices, rates)
    }
    return rates
  }
}

// The catalog also matches by parts of a name; what only resembles a vendor may cost something else.
function providerOf(vendor: string): Provider | undefined {
  const provider = catalog().findProvider({ providerId: vendor })
  return provider?.id === vendor ? provider : undefined
}

function findModel(vendor: string, model: string): ModelInfo | undefined {
  const provider = providerOf(vendor)
  if (provider === undefined) return undefined
  try {
    return catalog().calcPrice({}, model, { providerId: vendor })?.model
  } catch {
    return undefined
  }
}

/** The prices that hold at a time: the last entry whose condition is met, as the catalog defines it. */
function pricesAt(model: ModelInfo, at: Date): ModelPrice {
  if (!Array.isArray(model.prices)) return model.prices
  return model.prices.findLast((entry) => holdsAt(entry, at))?.prices ?? model.prices[0]?.prices ?? {}
}

function holdsAt({ constraint }: ConditionalPrice, at: Date): boolean {
  if (constraint === undefined) return true
  if (constraint.type === 'start_date') return at >= new Date(constraint.start_date)
  const start = secondsOfDay(constraint.start_time)
  const end = secondsOfDay(constraint.end_time)
  const now = at.getUTCHours() * 3600 + at.getUTCMinutes() * 60 + at.getUTCSeconds() + at.getUTCMilliseconds() / 1000
  return end < start ? now >= start || now < end : now >= start && now < end
}

const TIME = /^(\d{2}):(\d{2}):(\d{2}(?:\.\d+)?)(?:Z|([+-])(\d{2}):(\d{2}))$/

function secondsOfDay(text: string): number {
  const match = TIME.exec(text)
  if (!match) throw new RangeError(`Expected a time of day, got "${text}"`)
  const offset = (Number(match[5] ?? 0) * 60 + Number(match[6] ?? 0)) * 60 * (match[4] === '-' ? -1 : 1)
  const seconds = Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3])
  return (seconds - offset + 86_400) % 86_400
}

type Price = number | TieredPrices | undefined

function ratesOf(prices: ModelPrice): Rates {
  const input = steppedOf(prices.input_mtok)
  const output = steppedOf(prices.output_mtok)
  const cacheWrite = steppedOf(prices.cache_write_mtok) ?? input
  const cachedInput = steppedOf(prices.cache_read_mtok) ?? input
  const inputAudio = steppedOf(prices.input_audio_mtok)
  const request = prices.requests_kcount
  return {
    input,
    output,
    cachedInput,
    cacheWrite,
    cacheWriteLong: steppedOf(prices.cache_write_1h_mtok) ?? cacheWrite,
    reasoning: steppedOf(prices.output_reasoning_mtok) ?? output,
    inputAudio: inputAudio ?? input,
    cachedInputAudio: steppedOf(prices.cache_audio_read_mtok) ?? inputAudio ?? cachedInput,
    outputAudio: steppedOf(prices.output_audio_mtok) ?? output,
    request: typeof request === 'number' ? times(decimalOf(request), 1, 3) : ZERO,
  }
}

function steppedOf(price: Price): SteppedRate | undefined {
  if (price === undefined) return undefined
  if (typeof price === 'number') return { base: decimalOf(price), steps: [] }
  const tiers = [...price.tiers].sort((a, b) => a.start - b.start)
  return {
    base: decimalOf(price.base),
    steps: tiers.map((tier) => ({ over: tier.start, rate: decimalOf(tier.price) })),
  }
}

const baseOf = (price: Price): number | null =>
  price === undefined ? null : typeof price === 'number' ? price : price.base
