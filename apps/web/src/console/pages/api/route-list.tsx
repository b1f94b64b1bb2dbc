import type { TypedResource } from '@konnect/client'
import type { JsonObject, Page } from '@konnect/contract'
import { Button } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { useState } from 'react'
import { attempt } from '../../change/attempt.ts'
import { useResourceChange } from '../../change/use-resource-change.ts'
import { ResourceDrawer } from '../../schema-form/resource-drawer.tsx'
import { commandOf } from '../../ui/command.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { QueryView } from '../../ui/query-view.tsx'

type Route = TypedResource<'route'>

const EDITED_ELSEWHERE = ['policies']

interface RouteListProps {
  readonly api: string
  readonly query: UseQueryResult<Page<Route>>
}

/** What matches requests to an API. */
export function RouteList({ api, query }: RouteListProps) {
  const [open, setOpen] = useState<Route | 'new'>()
  const change = useResourceChange('route', api)
  const save = async (spec: JsonObject) => {
    await (typeof open === 'object' ? change.replace(open, spec) : change.create(spec))
    setOpen(undefined)
  }
  const remove = (route: Route) =>
    attempt(() => change.remove(route, { warning: 'Requests that only this route matches are answered with 404.' }))
  const add = <Button onClick={() => setOpen('new')}>Add route</Button>
  const columns = [
    ...COLUMNS,
    {
      id: 'acts',
      title: 'Acts',
      isTitleHidden: true,
      isNumeric: true,
      cell: (route: Route) => (
        <span className="k-nowrap">
          <Button size="compact-sm" variant="subtle" onClick={() => setOpen(route)}>
            Edit
          </Button>
          <Button size="compact-sm" variant="subtle" color="gray" onClick={() => void remove(route)}>
            Delete
          </Button>
        </span>
      ),
    },
  ]
  return (
    <QueryView query={query} rows={3}>
      {({ items }) => (
        <div className="k-stack">
          {items.length === 0 ? (
            <EmptyState
              title="No route yet"
              action={add}
              command={commandOf('POST', `/apis/${api}/routes`, { paths: [`/${api}`] })}
            >
              Routes say which requests belong to this API: by host, path, method, headers and query. Without one it
              answers nothing.
            </EmptyState>
          ) : (
            <>
              <div className="k-row" data-spread>
                <p className="k-dim k-small">The most specific route wins.</p>
                {add}
              </div>
              <DataTable label="Routes" columns={columns} rows={items} rowKey={(route) => route.id} />
            </>
          )}
          {open && (
            <ResourceDrawer
              kind="route"
              title={typeof open === 'object' ? `Edit route ${open.name}` : 'Add route'}
              spec={typeof open === 'object' ? (open.spec as unknown as JsonObject) : undefined}
              without={EDITED_ELSEWHERE}
              close={() => setOpen(undefined)}
              save={save}
            />
          )}
        </div>
      )}
    </QueryView>
  )
}

const conditions = ({ spec }: Route): string =>
  [
    ...(spec.hosts ?? []),
    ...Object.entries(spec.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
    ...Object.entries(spec.query ?? {}).map(([name, value]) => `?${name}=${value}`),
  ].join(', ')

const COLUMNS: readonly Column<Route>[] = [
  { id: 'name', title: 'Name', cell: (route) => route.name },
  { id: 'methods', title: 'Methods', cell: (route) => route.spec.methods?.join(', ') ?? 'all' },
  {
    id: 'paths',
    title: 'Paths',
    cell: (route) => (
      <span className="k-mono k-break">
        {route.spec.paths.join(', ')}
        {route.spec.match === 'exact' && <span className="k-tag">exact</span>}
      </span>
    ),
  },
  {
    id: 'conditions',
    title: 'Further conditions',
    isSecondary: true,
    cell: (route) => <span className="k-mono k-break">{conditions(route) || '–'}</span>,
  },
  { id: 'upstream', title: 'Upstream', isSecondary: true, cell: (route) => route.spec.upstream ?? "the API's" },
]
