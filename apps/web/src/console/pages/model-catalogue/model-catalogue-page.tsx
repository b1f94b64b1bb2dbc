import type { CatalogModel } from '@konnect/contract'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useCatalog, useCatalogModels } from '../../api/queries.ts'
import { formatListPrice } from '../../format/money.ts'
import { formatCount, formatNoun } from '../../format/number.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Pager } from '../../ui/pager.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { State } from '../../ui/state.tsx'
import { useSearchState } from '../../url-state/use-search-state.ts'
import { CatalogueFilters } from './catalogue-filters.tsx'
import { catalogueQuery } from './catalogue-query.ts'
import { UseModel } from './use-model.tsx'

/** Every model that Konnect knows of, to choose from. */
export function ModelCataloguePage() {
  const [search] = useSearchState()
  const models = useCatalogModels(catalogueQuery(search))
  const [chosen, setChosen] = useState<{ readonly model: CatalogModel; readonly provider?: string }>()
  const use = (model: CatalogModel) => setChosen({ model })
  return (
    <>
      <PageHeader title="Model catalogue">
        The models of every vendor that Konnect knows, with their list prices. Use one, and its details are filled in.
      </PageHeader>
      <search className="k-toolbar">
        <SearchField label="Search by model or vendor" />
        <CatalogueFilters />
      </search>
      <QueryView query={models} rows={10}>
        {(page) => (page.items.length === 0 ? <NothingFound /> : <ModelTable page={page} use={use} />)}
      </QueryView>
      {chosen && (
        <UseModel
          {...chosen}
          goOn={(provider) => setChosen({ model: chosen.model, provider })}
          close={() => setChosen(undefined)}
        />
      )}
    </>
  )
}

const columnsOf = (use: (model: CatalogModel) => void): readonly Column<CatalogModel>[] => [
  {
    id: 'model',
    title: 'Model',
    cell: (model) => (
      <span className="k-cell-name">
        <span className="k-row">
          <span className="k-mono k-break">{model.id}</span>
          {model.isDeprecated && <State tone="warn">deprecated</State>}
          {model.isFamily && <State tone="neutral">family</State>}
          {model.isListed === true && <State tone="good">listed</State>}
          {model.isListed === false && <State tone="warn">not listed</State>}
        </span>
        {model.title !== model.id && <span className="k-dim">{model.title}</span>}
      </span>
    ),
  },
  { id: 'vendor', title: 'Vendor', cell: (model) => <VendorTitle id={model.vendor} /> },
  {
    id: 'can',
    title: 'Known to do',
    isSecondary: true,
    cell: ({ capabilities }) => <span className="k-dim">{capabilities?.join(', ') || '–'}</span>,
  },
  {
    id: 'context',
    title: 'Context window, tokens',
    isNumeric: true,
    isSecondary: true,
    cell: ({ contextWindow }) => (contextWindow === null ? '–' : formatCount(contextWindow)),
  },
  {
    id: 'input',
    title: 'Input, per million tokens',
    isNumeric: true,
    isSecondary: true,
    cell: ({ input }) => formatListPrice(input),
  },
  {
    id: 'output',
    title: 'Output, per million tokens',
    isNumeric: true,
    isSecondary: true,
    cell: ({ output }) => formatListPrice(output),
  },
  {
    id: 'use',
    title: 'Use',
    isTitleHidden: true,
    cell: (model) =>
      model.isFamily ? null : (
        <Button size="compact-sm" variant="default" aria-label={`Use ${model.id}`} onClick={() => use(model)}>
          Use
        </Button>
      ),
  },
]

function VendorTitle({ id }: { readonly id: string }) {
  return useCatalog().data?.vendors.find((vendor) => vendor.id === id)?.title ?? id
}

interface ModelTableProps {
  readonly page: { readonly items: readonly CatalogModel[]; readonly nextCursor: string | null }
  readonly use: (model: CatalogModel) => void
}

function ModelTable({ page, use }: ModelTableProps) {
  return (
    <div className="k-stack" data-tight>
      <DataTable
        label="Known models"
        columns={columnsOf(use)}
        rows={page.items}
        rowKey={({ vendor, id }) => `${vendor} ${id}`}
        footer={<Pager nextCursor={page.nextCursor} shown={formatNoun(page.items.length, 'model')} />}
      />
      <p className="k-dim k-small">
        Names and list prices come from a public price list. Prices are in USD, at the smallest step where they depend
        on size; a dash is unknown, and no filter takes it for a figure. A family stands for several models and cannot
        be called by its name. Listed is what a vendor itself tells your provider: refresh its models on the provider's
        page.
      </p>
    </div>
  )
}

function NothingFound() {
  return (
    <EmptyState title="No known model matches" action={<LinkButton to="/models">Go to models</LinkButton>}>
      Search for fewer words or another vendor. A model that is not listed here can be used all the same: create a model
      and type the name that its vendor gives it.
    </EmptyState>
  )
}
