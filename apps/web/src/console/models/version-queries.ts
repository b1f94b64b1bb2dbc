import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useControl, useTenant } from '../api/control.ts'
import { rangeOf } from '../url-state/range.ts'
import type { Search } from '../url-state/search.ts'

const REFRESH_MS = 15_000
const PAIRS_PER_PAGE = 10

/** Figures of the versions of a model in the time that the address names. */
export function useVersionFigures(model: string, search: Search) {
  const control = useControl()
  const tenant = useTenant()
  const { range, from, to } = search
  return useQuery({
    queryKey: ['version-figures', tenant, model, range, from, to],
    queryFn: ({ signal }) => control.modelVersions.figures(model, rangeOf(search, Date.now()), { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  })
}

/** A page of a model's calls with what its shadow made of them. */
export function useComparisons(model: string, search: Search) {
  const control = useControl()
  const tenant = useTenant()
  const { range, from, to, cursor } = search
  return useQuery({
    queryKey: ['comparisons', tenant, model, range, from, to, cursor],
    queryFn: ({ signal }) => {
      const page = { limit: PAIRS_PER_PAGE, ...(cursor === undefined ? {} : { cursor }) }
      return control.modelVersions.comparisons(model, { ...rangeOf(search, Date.now()), ...page }, { signal })
    },
    placeholderData: keepPreviousData,
  })
}
