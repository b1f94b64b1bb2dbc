import './overview.css'
import { Button, Select } from '@mantine/core'
import { useMemo } from 'react'
import { useCallStats } from '../../api/queries.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { DEFAULT_RANGE, RANGES, rangeOf, rangeWords } from '../../url-state/range.ts'
import { useSearchState } from '../../url-state/use-search-state.ts'
import { FirstSteps } from './first-steps.tsx'
import { sentence } from './sentence.ts'
import { TopLists } from './top-lists.tsx'
import { TrafficCharts } from './traffic-charts.tsx'

const BUCKETS = 60

/** How the gateway is doing: figures that explain themselves, charts, and the way to the first calls. */
export function OverviewPage() {
  const [search, setSearch] = useSearchState()
  const { range, from, to } = search
  const chosen = useMemo(() => {
    const named = { ...(range ? { range } : {}), ...(from && to ? { from, to } : {}) }
    return { key: JSON.stringify(named), resolve: () => rangeOf(named, Date.now()) }
  }, [range, from, to])
  const stats = useCallStats({}, chosen, BUCKETS)
  const isZoomed = from !== undefined && to !== undefined
  return (
    <>
      <PageHeader
        title="Overview"
        action={
          <span className="k-row">
            {isZoomed && (
              <Button variant="default" onClick={() => setSearch({ from: undefined, to: undefined })}>
                Leave zoom
              </Button>
            )}
            <Select
              aria-label="Time range"
              w={168}
              data={RANGES.map((one) => ({ value: one.id, label: one.label }))}
              value={isZoomed ? null : (range ?? DEFAULT_RANGE)}
              placeholder="Chosen time"
              allowDeselect={false}
              onChange={(id) =>
                setSearch({ range: id === DEFAULT_RANGE ? undefined : (id ?? undefined), from: '', to: '' })
              }
            />
          </span>
        }
      >
        {stats.data ? sentence(stats.data, rangeWords(search)) : 'Reading the calls…'}
      </PageHeader>
      <div className="k-stack">
        <FirstSteps />
        <QueryView query={stats} rows={8}>
          {(data) =>
            data.total.calls === 0 ? (
              <EmptyState title="Nothing to draw yet">
                Traffic, errors, latency, tokens and cost appear here as soon as a call went through the gateway in the
                chosen time.
              </EmptyState>
            ) : (
              <>
                <TrafficCharts stats={data} onZoom={(start, end) => setSearch({ from: start, to: end })} />
                <TopLists stats={data} />
              </>
            )
          }
        </QueryView>
      </div>
    </>
  )
}
