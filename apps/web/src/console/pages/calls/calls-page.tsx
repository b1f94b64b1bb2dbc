import { Button, Select } from '@mantine/core'
import { useMemo } from 'react'
import { useFreshKey } from '../../api/fresh-key.ts'
import { useCalls, useResources } from '../../api/queries.ts'
import { callFilterOf, FILTER_NAMES, isFiltered } from '../../calls/call-filter.ts'
import { CallTable } from '../../calls/call-table.tsx'
import { FirstCalls } from '../../first-calls/first-calls.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { useNow } from '../../ui/use-now.ts'
import { RANGES } from '../../url-state/range.ts'
import { useSearchState } from '../../url-state/use-search-state.ts'

const REFRESH_MS = 5_000
const PAGE_SIZE = 50

/** Every call: filter, read, open. The filter is the address, so a link shows the same. */
export function CallsPage() {
  const [search] = useSearchState()
  const nowMs = useNow()
  const filter = useMemo(() => callFilterOf(search, nowMs), [search, nowMs])
  const cursor = search.cursor
  const calls = useCalls(
    { ...filter, limit: PAGE_SIZE, ...(cursor ? { cursor } : {}) },
    cursor ? undefined : REFRESH_MS,
  )
  return (
    <>
      <PageHeader title="Calls">
        What every request through the gateway left behind: who called what, where it went, how long each step took,
        what it cost.
      </PageHeader>
      <Filters />
      <QueryView query={calls} rows={10}>
        {(page) =>
          page.items.length > 0 ? (
            <CallTable calls={page.items} nextCursor={page.nextCursor} />
          ) : isFiltered(search) ? (
            <NothingFound />
          ) : (
            <NoCalls />
          )
        }
      </QueryView>
    </>
  )
}

const KINDS = [
  { value: 'http', label: 'HTTP' },
  { value: 'websocket', label: 'WebSocket' },
  { value: 'ai', label: 'AI' },
]
const CLASSES = [
  { value: '2', label: '2xx, answered' },
  { value: '3', label: '3xx, redirected' },
  { value: '4', label: '4xx, rejected' },
  { value: '5', label: '5xx, failed' },
]

function Filters() {
  const apis = useResources('api', { limit: 200 }).data?.items ?? []
  const applications = useResources('application', { limit: 200 }).data?.items ?? []
  const models = useResources('model', { limit: 200 }).data?.items ?? []
  const [search, setSearch] = useSearchState()
  const clear = () =>
    setSearch(Object.fromEntries(['range', 'from', 'to', ...FILTER_NAMES].map((name) => [name, undefined])))
  const byId = (item: { readonly id: string; readonly name: string }) => ({ value: item.id, label: item.name })
  return (
    <search className="k-toolbar">
      <SearchField label="Path, call id or application" name="text" key={search.text === undefined ? 'empty' : 'set'} />
      <Filter name="range" label="Any time" data={RANGES.map((range) => ({ value: range.id, label: range.label }))} />
      <Filter name="kind" label="Any kind" data={KINDS} />
      <Filter name="statusClass" label="Any status" data={CLASSES} />
      <Filter name="apiId" label="Any API" data={apis.map(byId)} />
      <Filter name="applicationId" label="Any application" data={applications.map(byId)} />
      <Filter name="model" label="Any model" data={models.map((model) => ({ value: model.name, label: model.name }))} />
      {isFiltered(search) && (
        <Button variant="subtle" color="gray" onClick={clear}>
          Clear filters
        </Button>
      )}
    </search>
  )
}

interface FilterProps {
  readonly name: string
  readonly label: string
  readonly data: readonly { readonly value: string; readonly label: string }[]
}

function Filter({ name, label, data }: FilterProps) {
  const [search, setSearch] = useSearchState()
  return (
    <Select
      className="k-filter"
      aria-label={label.replace('Any ', 'Filter by ')}
      placeholder={label}
      data={[...data]}
      value={search[name] ?? null}
      clearable
      searchable={data.length > 8}
      onChange={(value) => setSearch({ [name]: value ?? undefined, ...(name === 'range' ? { from: '', to: '' } : {}) })}
    />
  )
}

function NothingFound() {
  return (
    <EmptyState title="No call matches">
      Widen the time or clear a filter. New calls appear here within a few seconds.
    </EmptyState>
  )
}

function NoCalls() {
  const key = useFreshKey()
  return (
    <div className="k-stack">
      <EmptyState title="No calls yet">
        Send the first one through the gateway; it appears here a moment after it ended.
      </EmptyState>
      <FirstCalls keyValue={key?.value} {...(key ? { application: key.application } : {})} />
    </div>
  )
}
