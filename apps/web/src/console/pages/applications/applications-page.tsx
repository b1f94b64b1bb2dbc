import type { TypedResource } from '@konnect/client'
import type { JsonObject } from '@konnect/contract'
import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useResources } from '../../api/queries.ts'
import { useResourceChange } from '../../change/use-resource-change.ts'
import { formatNoun } from '../../format/number.ts'
import { ResourceDrawer } from '../../schema-form/resource-drawer.tsx'
import { commandOf } from '../../ui/command.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { PageLink } from '../../ui/page-link.tsx'
import { Pager } from '../../ui/pager.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { SortSelect } from '../../ui/sort-select.tsx'
import { State } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import { useListQuery } from '../../url-state/use-list-query.ts'
import { useSearchState } from '../../url-state/use-search-state.ts'

type Application = TypedResource<'application'>

const EDITED_LATER = ['policies']

const COLUMNS: readonly Column<Application>[] = [
  {
    id: 'name',
    title: 'Name',
    cell: (application) => (
      <span className="k-cell-name">
        <PageLink to="/applications/$application" params={{ application: application.name }}>
          {application.name}
        </PageLink>
        {application.spec.title && <span className="k-dim">{application.spec.title}</span>}
      </span>
    ),
  },
  {
    id: 'state',
    title: 'State',
    cell: ({ spec }) =>
      spec.enabled === false ? <State tone="neutral">switched off</State> : <State tone="good">enabled</State>,
  },
  {
    id: 'description',
    title: 'Description',
    isSecondary: true,
    cell: ({ spec }) => <span className="k-dim">{spec.description ?? '–'}</span>,
  },
  { id: 'updated', title: 'Changed', cell: (application) => <Time iso={application.updatedAt} /> },
]

/** Every application of the tenant. */
export function ApplicationsPage() {
  const query = useListQuery()
  const [search, setSearch] = useSearchState()
  const [isNew, setNew] = useState(search.new !== undefined)
  const applications = useResources('application', query)
  const create = <Button onClick={() => setNew(true)}>Create application</Button>
  const close = () => {
    setNew(false)
    setSearch({ new: undefined })
  }
  return (
    <>
      <PageHeader title="Applications" action={create}>
        Who calls. An application holds API keys and subscriptions: the right to use an API or a model.
      </PageHeader>
      <div className="k-toolbar">
        <SearchField label="Search applications by name" />
        <SortSelect />
      </div>
      <QueryView query={applications}>
        {(page) =>
          page.items.length === 0 && !query.search && !query.cursor ? (
            <EmptyState
              title="No application yet"
              action={create}
              command={commandOf('POST', '/applications', { name: 'mobile', keys: [{}] })}
            >
              Calls are made by applications. Create one for each program that calls, give it a key, and subscribe it to
              what it may use; without a subscription it gets nothing.
            </EmptyState>
          ) : (
            <DataTable
              label="Applications"
              columns={COLUMNS}
              rows={page.items}
              rowKey={(application) => application.id}
              footer={<Pager nextCursor={page.nextCursor} shown={formatNoun(page.items.length, 'application')} />}
            />
          )
        }
      </QueryView>
      {isNew && <NewApplication close={close} />}
    </>
  )
}

function NewApplication({ close }: { readonly close: () => void }) {
  const change = useResourceChange('application')
  const navigate = useNavigate()
  const create = (spec: JsonObject) =>
    change.create(spec, {
      onDone: () =>
        void navigate({ to: '/applications/$application', params: { application: String(spec.name) } as never }),
    })
  return (
    <ResourceDrawer kind="application" title="Create application" without={EDITED_LATER} close={close} save={create} />
  )
}
