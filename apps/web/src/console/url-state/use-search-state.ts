import { useNavigate, useSearch } from '@tanstack/react-router'
import { type Search, withSearch } from './search.ts'

/** The page's query and a way to change parts of it. Changes replace the history entry, so that Back leaves the page. */
export function useSearchState(): [Search, (changes: Readonly<Record<string, string | undefined>>) => void] {
  const search: Search = useSearch({ strict: false })
  const navigate = useNavigate()
  const change = (changes: Readonly<Record<string, string | undefined>>) => {
    void navigate({ to: '.', search: withSearch(search, changes), replace: !('cursor' in changes) })
  }
  return [search, change]
}
