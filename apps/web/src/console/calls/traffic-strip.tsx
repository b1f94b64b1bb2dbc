import type { CallFilter } from '@konnect/contract'
import type { ReactNode } from 'react'
import { useCallStats } from '../api/queries.ts'
import { Sparkline } from '../charts/sparkline.tsx'
import { formatMs } from '../format/duration.ts'
import { formatUsd } from '../format/money.ts'
import { formatCount, formatShare } from '../format/number.ts'
import { rangeOf } from '../url-state/range.ts'

const DAY = { key: '24h', resolve: () => rangeOf({ range: '24h' }, Date.now()) }

interface TrafficStripProps {
  readonly filter: CallFilter
  /** Facts in front of the figures. */
  readonly children?: ReactNode
  readonly withCost?: boolean
}

/** The last day of an API, application or model in a few figures. */
export function TrafficStrip({ filter, children, withCost = false }: TrafficStripProps) {
  const { data } = useCallStats(filter, DAY, 48)
  const total = data?.total
  return (
    <div className="k-strip">
      {children}
      <Fact title="Calls, 24 hours">{total ? formatCount(total.calls) : '…'}</Fact>
      <Fact title="Failed">{total ? formatShare(total.errors, total.calls) : '…'}</Fact>
      <Fact title="p95">{total ? formatMs(total.p95Ms) : '…'}</Fact>
      {withCost && <Fact title="Cost">{total ? formatUsd(total.costUsd) : '…'}</Fact>}
      <Sparkline values={data?.buckets.map((bucket) => bucket.calls) ?? []} label="Calls over the last 24 hours" />
    </div>
  )
}

/** One named figure or state of a strip. */
export function Fact({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div>
      <div className="k-label">{title}</div>
      <div>{children}</div>
    </div>
  )
}
