import type { TypedResource } from '@konnect/client'
import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useCatalog, useResources } from '../../api/queries.ts'
import { formatNoun } from '../../format/number.ts'
import { ProviderDrawer } from '../../providers/provider-drawer.tsx'
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

type Provider = TypedResource<'provider'>

function VendorTitle({ id }: { readonly id: string }) {
  return useCatalog().data?.vendors.find((vendor) => vendor.id === id)?.title ?? id
}

function BaseUrl({ provider }: { readonly provider: Provider }) {
  const vendor = useCatalog().data?.vendors.find((candidate) => candidate.id === provider.spec.vendor)
  return (
    <span className="k-mono k-break">
      {provider.spec.baseUrl ?? vendor?.defaultBaseUrl ?? '–'}
      {!provider.spec.baseUrl && <span className="k-dim"> (the vendor's)</span>}
    </span>
  )
}

const keysOf = ({ spec }: Provider): number => (spec.apiKey === undefined ? 0 : 1) + (spec.apiKeys?.length ?? 0)

const COLUMNS: readonly Column<Provider>[] = [
  {
    id: 'name',
    title: 'Name',
    cell: (provider) => (
      <PageLink to="/providers/$provider" params={{ provider: provider.name }}>
        {provider.name}
      </PageLink>
    ),
  },
  { id: 'vendor', title: 'Vendor', cell: (provider) => <VendorTitle id={provider.spec.vendor} /> },
  { id: 'baseUrl', title: 'Base URL', isSecondary: true, cell: (provider) => <BaseUrl provider={provider} /> },
  {
    id: 'key',
    title: 'API key',
    isSecondary: true,
    cell: (provider) =>
      keysOf(provider) === 0 ? (
        <State tone="neutral">none</State>
      ) : (
        <State tone="good">{keysOf(provider) === 1 ? 'stored' : `${keysOf(provider)} stored`}</State>
      ),
  },
  { id: 'updated', title: 'Changed', cell: (provider) => <Time iso={provider.updatedAt} /> },
]

/** Every provider of the tenant. */
export function ProvidersPage() {
  const query = useListQuery()
  const navigate = useNavigate()
  const providers = useResources('provider', query)
  const [isNew, setNew] = useState(false)
  const add = <Button onClick={() => setNew(true)}>Add provider</Button>
  return (
    <>
      <PageHeader title="Providers" action={add}>
        Connections to AI vendors: address, credentials and limits. Models run on them.
      </PageHeader>
      <div className="k-toolbar">
        <SearchField label="Search providers by name" />
        <SortSelect />
      </div>
      <QueryView query={providers}>
        {(page) =>
          page.items.length === 0 && !query.search && !query.cursor ? (
            <EmptyState
              title="No provider yet"
              action={add}
              command={commandOf('POST', '/providers', { name: 'claude', vendor: 'anthropic', apiKey: 'YOUR_KEY' })}
            >
              A provider holds the credentials of an AI vendor, so that applications never see them. Its key is stored
              encrypted and never shown again.
            </EmptyState>
          ) : (
            <DataTable
              label="Providers"
              columns={COLUMNS}
              rows={page.items}
              rowKey={(provider) => provider.id}
              footer={<Pager nextCursor={page.nextCursor} shown={formatNoun(page.items.length, 'provider')} />}
            />
          )
        }
      </QueryView>
      {isNew && (
        <ProviderDrawer
          close={() => setNew(false)}
          done={(name) => void navigate({ to: '/providers/$provider', params: { provider: name } as never })}
        />
      )}
    </>
  )
}
