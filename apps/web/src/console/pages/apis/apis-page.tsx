import type { TypedResource } from '@konnect/client'
import { useResources } from '../../api/queries.ts'
import { formatNoun } from '../../format/number.ts'
import { commandOf } from '../../ui/command.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { PageLink } from '../../ui/page-link.tsx'
import { Pager } from '../../ui/pager.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { SortSelect } from '../../ui/sort-select.tsx'
import { LifecycleState } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import { useListQuery } from '../../url-state/use-list-query.ts'

type Api = TypedResource<'api'>

const upstreamText = ({ upstream }: Api['spec']): string =>
  typeof upstream === 'string'
    ? upstream
    : upstream.targets.length === 1
      ? (upstream.targets[0]?.url ?? '')
      : formatNoun(upstream.targets.length, 'target')

const COLUMNS: readonly Column<Api>[] = [
  {
    id: 'name',
    title: 'Name',
    cell: (api) => (
      <span className="k-cell-name">
        <PageLink to="/apis/$api" params={{ api: api.name }}>
          {api.name}
        </PageLink>
        {api.spec.title && <span className="k-dim">{api.spec.title}</span>}
      </span>
    ),
  },
  { id: 'state', title: 'State', cell: (api) => <LifecycleState state={api.spec.state ?? 'published'} /> },
  { id: 'access', title: 'Access', isSecondary: true, cell: (api) => api.spec.access ?? 'subscription' },
  {
    id: 'upstream',
    title: 'Upstream',
    isSecondary: true,
    cell: (api) => <span className="k-mono">{upstreamText(api.spec)}</span>,
  },
  {
    id: 'policies',
    title: 'Policies',
    isNumeric: true,
    isSecondary: true,
    cell: (api) => (api.spec.policies ?? []).filter((policy) => policy.enabled !== false).length,
  },
  { id: 'updated', title: 'Changed', cell: (api) => <Time iso={api.updatedAt} /> },
]

const COMMAND = commandOf('POST', '/apis', {
  name: 'orders',
  upstream: { targets: [{ url: 'http://127.0.0.1:9001' }] },
  routes: [{ paths: ['/orders'] }],
})

/** Every API of the tenant. */
export function ApisPage() {
  const query = useListQuery()
  const apis = useResources('api', query)
  return (
    <>
      <PageHeader title="APIs" action={<LinkButton to="/apis/new">Create API</LinkButton>}>
        What you publish and applications subscribe to: routes, where they lead, and the policies on the way.
      </PageHeader>
      <div className="k-toolbar">
        <SearchField label="Search APIs by name" />
        <SortSelect />
      </div>
      <QueryView query={apis}>
        {(page) =>
          page.items.length === 0 && !query.search && !query.cursor ? (
            <EmptyState
              title="No API yet"
              action={<LinkButton to="/apis/new">Create API</LinkButton>}
              command={COMMAND}
            >
              An API puts a backend behind the gateway: you say which paths it answers and where requests go, and every
              call is then authenticated, limited and recorded.
            </EmptyState>
          ) : (
            <DataTable
              label="APIs"
              columns={COLUMNS}
              rows={page.items}
              rowKey={(api) => api.id}
              footer={<Pager nextCursor={page.nextCursor} shown={formatNoun(page.items.length, 'API')} />}
            />
          )
        }
      </QueryView>
    </>
  )
}
