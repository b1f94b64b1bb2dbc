import type { Call } from '@konnect/contract'
import { formatMs } from '../format/duration.ts'
import { exactUsd, formatUsd } from '../format/money.ts'
import { formatCount } from '../format/number.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { Pager } from '../ui/pager.tsx'
import { StatusCode } from '../ui/state.tsx'
import { Time } from '../ui/time.tsx'

const target = (call: Call): string => call.ai?.model ?? call.api ?? '–'

const COLUMNS: readonly Column<Call>[] = [
  {
    id: 'time',
    title: 'Time',
    cell: (call) => (
      <PageLink to="/calls/$call" params={{ call: call.id }}>
        <Time iso={call.startedAt} />
      </PageLink>
    ),
  },
  { id: 'status', title: 'Status', cell: (call) => <StatusCode status={call.status} /> },
  {
    id: 'request',
    title: 'Request',
    cell: (call) => (
      <span className="k-call-request k-mono">
        <span className="k-dim">{call.method}</span> {call.path}
      </span>
    ),
  },
  { id: 'target', title: 'API or model', isSecondary: true, cell: target },
  { id: 'application', title: 'Application', isSecondary: true, cell: (call) => call.application ?? '–' },
  { id: 'duration', title: 'Duration', isNumeric: true, cell: (call) => formatMs(call.durationMs) },
  {
    id: 'tokens',
    title: 'Tokens',
    isNumeric: true,
    isSecondary: true,
    cell: (call) => (call.ai?.usage ? formatCount(call.ai.usage.inputTokens + call.ai.usage.outputTokens) : '–'),
  },
  {
    id: 'cost',
    title: 'Cost',
    isNumeric: true,
    isSecondary: true,
    cell: (call) =>
      call.ai?.costUsd ? <span title={exactUsd(call.ai.costUsd)}>{formatUsd(call.ai.costUsd)}</span> : '–',
  },
]

/** Calls, newest first. */
export function CallTable({
  calls,
  nextCursor,
}: {
  readonly calls: readonly Call[]
  readonly nextCursor: string | null
}) {
  const shown = calls.length === 1 ? '1 call' : `${formatCount(calls.length)} calls`
  return (
    <DataTable
      label="Calls"
      columns={COLUMNS}
      rows={calls}
      rowKey={(call) => call.id}
      footer={<Pager nextCursor={nextCursor} shown={nextCursor ? `${shown} on this page` : shown} />}
    />
  )
}
