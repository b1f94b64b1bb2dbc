import type { TypedResource } from '@konnect/client'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { State } from '../../ui/state.tsx'

type ProviderKey = NonNullable<TypedResource<'provider'>['spec']['apiKeys']>[number]

const COLUMNS: readonly Column<Omit<ProviderKey, 'value'>>[] = [
  { id: 'name', title: 'Key', cell: ({ name }) => <span className="k-mono k-break">{name}</span> },
  { id: 'weight', title: 'Weight', isNumeric: true, cell: ({ weight }) => weight ?? 1 },
  {
    id: 'state',
    title: 'State',
    cell: ({ enabled }) =>
      enabled === false ? <State tone="neutral">disabled</State> : <State tone="good">in use</State>,
  },
]

interface KeyPoolProps {
  readonly keys: readonly ProviderKey[]
  /** A key beside the pool is one of it, named default. */
  readonly hasDefault: boolean
}

/** The keys among which the requests to a provider are spread. */
export function KeyPool({ keys, hasDefault }: KeyPoolProps) {
  const rows = hasDefault ? [{ name: 'default' }, ...keys] : keys
  return (
    <div className="k-stack" data-tight>
      <DataTable label="API keys" columns={COLUMNS} rows={rows} rowKey={({ name }) => name} />
      <p className="k-dim k-small">
        Requests are spread over these keys by weight. A key that is refused or over its rate rests, and another takes
        over; the attempts of a call say which one was used.
      </p>
    </div>
  )
}
