import type { Attempt } from '@konnect/contract'
import { formatMs } from '../../format/duration.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { State, StatusCode } from '../../ui/state.tsx'

const COLUMNS: readonly Column<Attempt & { readonly place: number }>[] = [
  { id: 'place', title: 'Attempt', cell: ({ place }) => place },
  { id: 'target', title: 'Target', cell: ({ target, key }) => <Place target={target} providerKey={key} /> },
  {
    id: 'status',
    title: 'Status',
    cell: ({ status }) => (status === null ? <State tone="bad">no answer</State> : <StatusCode status={status} />),
  },
  { id: 'duration', title: 'Duration', isNumeric: true, cell: ({ durationMs }) => formatMs(durationMs) },
  {
    id: 'error',
    title: 'Error',
    isSecondary: true,
    cell: ({ error, reason }) =>
      error === null ? '–' : <span className="k-break">{reason ? `${error}: ${reason}` : error}</span>,
  },
]

function Place({ target, providerKey }: { readonly target: string; readonly providerKey: string | undefined }) {
  return (
    <span className="k-mono k-break">
      {target}
      {providerKey !== undefined && <span className="k-dim"> with key {providerKey}</span>}
    </span>
  )
}

/** Where the request was sent, in order. */
export function Attempts({ attempts }: { readonly attempts: readonly Attempt[] }) {
  if (attempts.length === 0) return <p className="k-dim">The gateway answered itself; nothing was sent upstream.</p>
  const rows = attempts.map((attempt, index) => ({ ...attempt, place: index + 1 }))
  return <DataTable label="Attempts" columns={COLUMNS} rows={rows} rowKey={({ place }) => String(place)} />
}
