import type { CallBucket, CallStats } from '@konnect/contract'
import { useMemo } from 'react'
import type { Series } from '../../charts/series.ts'
import { TimeChart } from '../../charts/time-chart.tsx'
import { formatMs } from '../../format/duration.ts'
import { formatUsd } from '../../format/money.ts'
import { formatCompact, formatCount } from '../../format/number.ts'
import { Panel } from '../../ui/panel.tsx'

interface TrafficChartsProps {
  readonly stats: CallStats
  readonly onZoom: (from: string, to: string) => void
}

/** Money on an axis is approximate; exact amounts stand in the legend. */
const formatDollars = (value: number): string => formatUsd(value.toFixed(value < 0.01 ? 6 : 4))

interface Line {
  readonly title: string
  readonly color: Series['color']
  readonly figure: Exclude<keyof CallBucket, 'at'>
}

interface Chart {
  readonly title: string
  /** Writes values on the axis and in the table. */
  readonly format: (value: number) => string
  /** Writes the figure over the whole range; as `format` when left out. */
  readonly exact?: (value: CallBucket[Line['figure']]) => string
  readonly lines: readonly Line[]
}

const exactCount = (value: number | string): string => formatCount(Number(value))

const CHARTS: readonly Chart[] = [
  {
    title: 'Traffic, calls',
    format: formatCompact,
    exact: exactCount,
    lines: [{ title: 'Calls', color: 1, figure: 'calls' }],
  },
  {
    title: 'Errors, calls',
    format: formatCompact,
    exact: exactCount,
    lines: [
      { title: 'Failed, 5xx', color: 3, figure: 'errors' },
      { title: 'Rejected, 4xx', color: 2, figure: 'rejected' },
    ],
  },
  {
    title: 'Latency',
    format: formatMs,
    lines: [
      { title: 'p50', color: 1, figure: 'p50Ms' },
      { title: 'p95', color: 4, figure: 'p95Ms' },
    ],
  },
  {
    title: 'Tokens',
    format: formatCompact,
    exact: exactCount,
    lines: [
      { title: 'Input', color: 1, figure: 'inputTokens' },
      { title: 'Output', color: 4, figure: 'outputTokens' },
    ],
  },
  {
    title: 'Cost, USD',
    format: formatDollars,
    exact: (value) => formatUsd(String(value)),
    lines: [{ title: 'Cost', color: 1, figure: 'costUsd' }],
  },
]

/** Traffic, errors, latency, tokens and cost over time. Dragging over one zooms all. */
export function TrafficCharts({ stats, onZoom }: TrafficChartsProps) {
  const times = useMemo(() => stats.buckets.map((bucket) => bucket.at), [stats])
  const charts = useMemo(() => CHARTS.map((chart) => ({ ...chart, series: seriesOf(chart, stats) })), [stats])
  return (
    <div className="k-charts">
      {charts.map((chart) => (
        <Panel key={chart.title} title={chart.title}>
          <TimeChart label={chart.title} times={times} series={chart.series} format={chart.format} onZoom={onZoom} />
        </Panel>
      ))}
    </div>
  )
}

const seriesOf = ({ lines, format, exact }: Chart, { total, buckets }: CallStats): Series[] =>
  lines.map(({ title, color, figure }) => ({
    title,
    color,
    values: buckets.map((bucket) => Number(bucket[figure])),
    total: exact ? exact(total[figure]) : format(Number(total[figure])),
  }))
