import type { LiveDeployment } from '@konnect/contract'
import { formatMs } from '../format/duration.ts'
import { formatCount } from '../format/number.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { DeploymentState } from './live-state.tsx'

const latency = (ms: number | null): string => (ms === null ? '–' : formatMs(ms))

const COLUMNS: readonly Column<LiveDeployment>[] = [
  { id: 'model', title: 'Upstream model', cell: ({ model }) => <span className="k-mono k-break">{model}</span> },
  { id: 'state', title: 'State', cell: (deployment) => <DeploymentState deployment={deployment} /> },
  { id: 'inFlight', title: 'In flight', isNumeric: true, cell: ({ inFlight }) => formatCount(inFlight) },
  {
    id: 'first',
    title: 'First token, lately',
    isNumeric: true,
    isSecondary: true,
    cell: ({ firstTokenMs }) => latency(firstTokenMs),
  },
  {
    id: 'answer',
    title: 'Whole answer, lately',
    isNumeric: true,
    isSecondary: true,
    cell: ({ answerMs }) => latency(answerMs),
  },
  {
    id: 'gateway',
    title: 'Gateway',
    isSecondary: true,
    cell: ({ gateway }) => <span className="k-break">{gateway}</span>,
  },
]

/** How each gateway finds deployments right now. */
export function LiveTable({ live }: { readonly live: readonly LiveDeployment[] }) {
  if (live.length === 0)
    return <p className="k-dim k-small">No gateway has told of these deployments yet; they do every few seconds.</p>
  return (
    <DataTable
      label="Live health"
      columns={COLUMNS}
      rows={live}
      rowKey={({ gateway, providerId, model }) => `${gateway} ${providerId} ${model}`}
    />
  )
}
