import type { TypedResource } from '@konnect/client'
import type { LiveDeployment } from '@konnect/contract'
import { KeyState } from '../../providers/live-state.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { State } from '../../ui/state.tsx'

type ProviderKey = NonNullable<TypedResource<'provider'>['spec']['apiKeys']>[number]

const columnsOf = (live: readonly LiveDeployment[]): readonly Column<Omit<ProviderKey, 'value'>>[] => [
  { id: 'name', title: 'Key', cell: ({ name }) => <span className="k-mono k-break">{name}</span> },
  { id: 'weight', title: 'Weight', isNumeric: true, isSecondary: true, cell: ({ weight }) => weight ?? 1 },
  {
    id: 'state',
    title: 'State',
    cell: ({ name, enabled }) =>
      enabled === false ? <State tone="neutral">disabled</State> : <KeyState name={name} live={live} />,
  },
]

interface KeyPoolProps {
  readonly keys: readonly ProviderKey[]
  /** A key beside the pool is one of it, named default. */
  readonly hasDefault: boolean
  /** What gateways tell of the provider. */
  readonly live: readonly LiveDeployment[]
}

/** The keys among which the requests to a provider are spread. */
export function KeyPool({ keys, hasDefault, live }: KeyPoolProps) {
  const rows = hasDefault ? [{ name: 'default' }, ...keys] : keys
  return (
    <div className="k-stack" data-tight>
      <DataTable label="API keys" columns={columnsOf(live)} rows={rows} rowKey={({ name }) => name} />
      <p className="k-dim k-small">
        Requests are spread over these keys by weight. A key that is refused or over its rate rests, and another takes
        over; the attempts of a call say which one was used.
      </p>
    </div>
  )
}
