import { Button } from '@mantine/core'
import { useSearchState } from '../url-state/use-search-state.ts'

interface PagerProps {
  readonly nextCursor: string | null
  readonly shown: string
}

/** Next page and back to the first; the place stands in the address. */
export function Pager({ nextCursor, shown }: PagerProps) {
  const [search, setSearch] = useSearchState()
  return (
    <div className="k-pager">
      <span className="k-dim">{shown}</span>
      <span className="k-row">
        {search.cursor && (
          <Button variant="default" size="compact-sm" onClick={() => setSearch({ cursor: undefined })}>
            First page
          </Button>
        )}
        {nextCursor && (
          <Button variant="default" size="compact-sm" onClick={() => setSearch({ cursor: nextCursor })}>
            Next page
          </Button>
        )}
      </span>
    </div>
  )
}
