import type { TypedResource } from '@konnect/client'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useResources } from '../../api/queries.ts'
import { formatNoun } from '../../format/number.ts'
import { deploymentsOf } from '../../models/deployments-of.ts'
import { NewModelDrawer } from '../../models/new-model-drawer.tsx'
import { commandOf } from '../../ui/command.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { PageLink } from '../../ui/page-link.tsx'
import { Pager } from '../../ui/pager.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { SortSelect } from '../../ui/sort-select.tsx'
import { LifecycleState } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import { useListQuery } from '../../url-state/use-list-query.ts'

type Model = TypedResource<'model'>

const COLUMNS: readonly Column<Model>[] = [
  {
    id: 'name',
    title: 'Name',
    cell: (model) => (
      <span className="k-cell-name">
        <PageLink to="/models/$model" params={{ model: model.name }}>
          {model.name}
        </PageLink>
        {model.spec.description && <span className="k-dim">{model.spec.description}</span>}
      </span>
    ),
  },
  { id: 'state', title: 'State', cell: (model) => <LifecycleState state={model.spec.state ?? 'active'} /> },
  {
    id: 'deployments',
    title: 'Runs on',
    isSecondary: true,
    cell: (model) => (
      <span className="k-break">
        {deploymentsOf(model.spec)
          .map((deployment) => `${deployment.provider}: ${deployment.model}`)
          .join(', ')}
      </span>
    ),
  },
  { id: 'strategy', title: 'Strategy', isSecondary: true, cell: (model) => model.spec.strategy?.mode ?? 'fallback' },
  { id: 'updated', title: 'Changed', cell: (model) => <Time iso={model.updatedAt} /> },
]

/** Every model of the tenant. */
export function ModelsPage() {
  const query = useListQuery()
  const models = useResources('model', query)
  const [isNew, setNew] = useState(false)
  const create = <Button onClick={() => setNew(true)}>Create model</Button>
  return (
    <>
      <PageHeader title="Models" action={create}>
        Public names that applications call, each mapped to one or more deployments at providers.
      </PageHeader>
      <div className="k-toolbar">
        <SearchField label="Search models by name" />
        <SortSelect />
      </div>
      <QueryView query={models}>
        {(page) =>
          page.items.length === 0 && !query.search && !query.cursor ? (
            <EmptyState
              title="No model yet"
              action={create}
              command={commandOf('POST', '/models', {
                name: 'assistant',
                deployments: [{ provider: 'claude', model: 'claude-sonnet-4-5' }],
              })}
            >
              A model gives applications one stable name, whichever vendor answers. You can add a second deployment to
              fall back on, and change vendors without touching an application. The{' '}
              <PageLink to="/model-catalogue">model catalogue</PageLink> lists what there is to choose from.
            </EmptyState>
          ) : (
            <DataTable
              label="Models"
              columns={COLUMNS}
              rows={page.items}
              rowKey={(model) => model.id}
              footer={<Pager nextCursor={page.nextCursor} shown={formatNoun(page.items.length, 'model')} />}
            />
          )
        }
      </QueryView>
      {isNew && <NewModelDrawer close={() => setNew(false)} />}
    </>
  )
}
