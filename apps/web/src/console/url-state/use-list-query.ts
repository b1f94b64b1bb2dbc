import type { ListQuery } from '@konnect/client'
import { useSearchState } from './use-search-state.ts'

const SORTS = ['name', '-name', 'updatedAt', '-updatedAt'] as const

/** The list that the address asks for. */
export function useListQuery(): ListQuery {
  const [search] = useSearchState()
  const sort = SORTS.find((order) => order === search.sort)
  return {
    limit: 50,
    ...(search.search ? { search: search.search } : {}),
    ...(search.cursor ? { cursor: search.cursor } : {}),
    ...(sort ? { sort } : {}),
  }
}
