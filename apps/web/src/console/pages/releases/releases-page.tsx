import type { SnapshotSummary } from '@konnect/contract'
import { useSnapshots } from '../../api/queries.ts'
import { formatNoun } from '../../format/number.ts'
import { actorText } from '../../ui/actor.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { PageLink } from '../../ui/page-link.tsx'
import { Pager } from '../../ui/pager.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { State } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import { useSearchState } from '../../url-state/use-search-state.ts'
import { Pending } from './pending.tsx'

type Row = SnapshotSummary & { readonly isLatest: boolean }

const COLUMNS: readonly Column<Row>[] = [
  {
    id: 'version',
    title: 'Version',
    cell: ({ version }) => (
      <PageLink to="/releases/$version" params={{ version: String(version) }}>
        {version}
      </PageLink>
    ),
  },
  {
    id: 'state',
    title: 'State',
    cell: ({ isLatest }) => (isLatest ? <State tone="good">served</State> : <span className="k-dim">kept</span>),
  },
  { id: 'note', title: 'Note', isSecondary: true, cell: ({ note }) => note || <span className="k-dim">–</span> },
  { id: 'actor', title: 'Published by', isSecondary: true, cell: ({ actor }) => actorText(actor) },
  { id: 'when', title: 'Published', cell: ({ publishedAt }) => <Time iso={publishedAt} /> },
]

/** Every publish: what is served, what was, and the way back. */
export function ReleasesPage() {
  const [{ cursor }] = useSearchState()
  const query = useSnapshots({ limit: 50, ...(cursor ? { cursor } : {}) })
  return (
    <>
      <PageHeader title="Releases">
        Each publish is kept as a version. Open one to see what it changed, or to serve it again.
      </PageHeader>
      <Pending />
      <QueryView query={query}>
        {(page) =>
          page.items.length === 0 ? (
            <EmptyState title="Nothing published yet">
              Every change you confirm is published as a version and appears here.
            </EmptyState>
          ) : (
            <DataTable
              label="Releases"
              columns={COLUMNS}
              rows={page.items.map((item, index) => ({ ...item, isLatest: index === 0 && !cursor }))}
              rowKey={({ version }) => String(version)}
              footer={<Pager nextCursor={page.nextCursor} shown={formatNoun(page.items.length, 'release')} />}
            />
          )
        }
      </QueryView>
    </>
  )
}
