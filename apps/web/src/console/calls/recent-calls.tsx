import type { CallFilter } from '@konnect/contract'
import { useCalls } from '../api/queries.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { QueryView } from '../ui/query-view.tsx'
import { useSearchState } from '../url-state/use-search-state.ts'
import { CallTable } from './call-table.tsx'

interface RecentCallsProps {
  readonly filter: CallFilter
  /** What the first call would be, in words. */
  readonly hint: string
}

/** Calls of one API, application or model, as part of its page. */
export function RecentCalls({ filter, hint }: RecentCallsProps) {
  const [search] = useSearchState()
  const calls = useCalls({ ...filter, limit: 25, ...(search.cursor ? { cursor: search.cursor } : {}) }, 5_000)
  return (
    <QueryView query={calls}>
      {(page) =>
        page.items.length === 0 ? (
          <EmptyState title="No calls yet">{hint}</EmptyState>
        ) : (
          <CallTable calls={page.items} nextCursor={page.nextCursor} />
        )
      }
    </QueryView>
  )
}
