import { type CatalogModelQuery, MODEL_CAPABILITIES, MODEL_SORTS } from '@konnect/contract'
import type { Search } from '../../url-state/search.ts'

const PAGE_SIZE = 50

/** The question that an address stands for; what it says wrongly is as if it said nothing. */
export function catalogueQuery(search: Search): CatalogModelQuery {
  const capability = MODEL_CAPABILITIES.find((one) => one === search.capability)
  const sort = MODEL_SORTS.find((one) => one === search.sort)
  const minContext = numberIn(search.minContext)
  const maxInput = numberIn(search.maxInput)
  const maxOutput = numberIn(search.maxOutput)
  return {
    limit: PAGE_SIZE,
    ...(search.search ? { search: search.search } : {}),
    ...(search.vendor ? { vendor: search.vendor } : {}),
    ...(search.cursor ? { cursor: search.cursor } : {}),
    ...(capability === undefined ? {} : { capability }),
    ...(sort === undefined ? {} : { sort }),
    ...(minContext === undefined ? {} : { minContext: Math.floor(minContext) }),
    ...(maxInput === undefined ? {} : { maxInput }),
    ...(maxOutput === undefined ? {} : { maxOutput }),
    ...(search.callable === 'true' ? { callable: true } : {}),
  }
}

function numberIn(text: string | undefined): number | undefined {
  const number = Number(text || Number.NaN)
  return number >= 0 && number < Number.MAX_SAFE_INTEGER ? number : undefined
}
