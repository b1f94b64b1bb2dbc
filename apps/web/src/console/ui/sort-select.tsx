import { Select } from '@mantine/core'
import { useSearchState } from '../url-state/use-search-state.ts'

const ORDERS = [
  { value: 'name', label: 'Name, A to Z' },
  { value: '-name', label: 'Name, Z to A' },
  { value: '-updatedAt', label: 'Changed last' },
  { value: 'updatedAt', label: 'Changed first' },
]

/** The order of a list; the server sorts, the address remembers. */
export function SortSelect() {
  const [search, setSearch] = useSearchState()
  return (
    <Select
      aria-label="Order"
      w={160}
      data={ORDERS}
      value={search.sort ?? 'name'}
      allowDeselect={false}
      onChange={(sort) => setSearch({ sort: sort === 'name' ? undefined : (sort ?? undefined) })}
    />
  )
}
