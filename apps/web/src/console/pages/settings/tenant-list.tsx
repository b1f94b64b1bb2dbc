import type { TypedResource } from '@konnect/client'
import type { JsonObject } from '@konnect/contract'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { isDefaultTenant } from '../../api/control.ts'
import { useResources } from '../../api/queries.ts'
import { attempt } from '../../change/attempt.ts'
import { useResourceChange } from '../../change/use-resource-change.ts'
import { ResourceDrawer } from '../../schema-form/resource-drawer.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { Time } from '../../ui/time.tsx'

type Tenant = TypedResource<'tenant'>

const EDITED_ELSEWHERE = ['policies']

const COLUMNS: readonly Column<Tenant>[] = [
  {
    id: 'name',
    title: 'Name',
    cell: (tenant) => (
      <span className="k-cell-name">
        <span>{tenant.name}</span>
        {tenant.spec.title && <span className="k-dim">{tenant.spec.title}</span>}
      </span>
    ),
  },
  {
    id: 'description',
    title: 'Description',
    isSecondary: true,
    cell: ({ spec }) => <span className="k-dim">{spec.description ?? '–'}</span>,
  },
  { id: 'created', title: 'Created', cell: (tenant) => <Time iso={tenant.createdAt} /> },
]

/** Teams with APIs, applications and models of their own. */
export function TenantList() {
  const query = useResources('tenant', { limit: 200 })
  const change = useResourceChange('tenant')
  const [open, setOpen] = useState<Tenant | 'new'>()
  const save = async (spec: JsonObject) => {
    await (typeof open === 'object' ? change.replace(open, spec) : change.create(spec))
    setOpen(undefined)
  }
  const columns: readonly Column<Tenant>[] = [
    ...COLUMNS,
    {
      id: 'acts',
      title: 'Acts',
      isTitleHidden: true,
      isNumeric: true,
      cell: (tenant) => (
        <span className="k-nowrap">
          <Button size="compact-sm" variant="subtle" onClick={() => setOpen(tenant)}>
            Edit
          </Button>
          {!isDefaultTenant(tenant.name) && (
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              onClick={() => void attempt(() => change.remove(tenant))}
            >
              Delete
            </Button>
          )}
        </span>
      ),
    },
  ]
  return (
    <QueryView query={query} rows={3}>
      {({ items }) => (
        <div className="k-stack">
          <div className="k-row" data-spread>
            <p className="k-dim k-small">What belongs to one tenant is invisible to the others.</p>
            <Button onClick={() => setOpen('new')}>Create tenant</Button>
          </div>
          <DataTable label="Tenants" columns={columns} rows={items} rowKey={(tenant) => tenant.id} />
          {open && (
            <ResourceDrawer
              kind="tenant"
              title={typeof open === 'object' ? `Edit ${open.name}` : 'Create tenant'}
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
