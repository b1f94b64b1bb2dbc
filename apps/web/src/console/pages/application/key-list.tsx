import type { TypedResource } from '@konnect/client'
import type { Page } from '@konnect/contract'
import { Button } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { useState } from 'react'
import { attempt } from '../../change/attempt.ts'
import { useResourceChange } from '../../change/use-resource-change.ts'
import { commandOf } from '../../ui/command.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { State } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import { KeyDialog } from './key-dialog.tsx'

type Key = TypedResource<'key'>

interface KeyListProps {
  readonly application: string
  readonly query: UseQueryResult<Page<Key>>
}

/** API keys of an application. A value is shown once, when it is created. */
export function KeyList({ application, query }: KeyListProps) {
  const [isNew, setNew] = useState(false)
  const change = useResourceChange('key', application)
  const revoke = (key: Key) =>
    attempt(() => change.remove(key, { verb: 'Revoke', warning: 'Calls with this key are refused within a second.' }))
  const create = <Button onClick={() => setNew(true)}>Create key</Button>
  const columns: readonly Column<Key>[] = [
    ...COLUMNS,
    {
      id: 'acts',
      title: 'Acts',
      isTitleHidden: true,
      isNumeric: true,
      cell: (key) => (
        <Button size="compact-sm" variant="subtle" color="red" onClick={() => void revoke(key)}>
          Revoke
        </Button>
      ),
    },
  ]
  return (
    <QueryView query={query} rows={3}>
      {({ items }) => (
        <div className="k-stack">
          {items.length === 0 ? (
            <EmptyState
              title="No key yet"
              action={create}
              command={commandOf('POST', `/applications/${application}/keys`, {})}
            >
              A key tells the gateway which application calls. It is shown once; only its hash is kept.
            </EmptyState>
          ) : (
            <>
              <div className="k-row" data-spread>
                <p className="k-dim k-small">Only hashes are kept, so a lost key cannot be shown again.</p>
                {create}
              </div>
              <DataTable label="Keys" columns={columns} rows={items} rowKey={(key) => key.id} />
            </>
          )}
          {isNew && <KeyDialog application={application} close={() => setNew(false)} />}
        </div>
      )}
    </QueryView>
  )
}

function KeyState({ spec }: Pick<Key, 'spec'>) {
  if (spec.enabled === false) return <State tone="neutral">switched off</State>
  if (spec.expiresAt && Date.parse(spec.expiresAt) < Date.now()) return <State tone="bad">expired</State>
  return <State tone="good">active</State>
}

const COLUMNS: readonly Column<Key>[] = [
  { id: 'name', title: 'Name', cell: (key) => key.name },
  { id: 'hint', title: 'Ends in', cell: (key) => <span className="k-mono">…{key.spec.hint ?? '????'}</span> },
  { id: 'state', title: 'State', cell: (key) => <KeyState spec={key.spec} /> },
  {
    id: 'expires',
    title: 'Expires',
    isSecondary: true,
    cell: (key) => (key.spec.expiresAt ? <Time iso={key.spec.expiresAt} /> : 'never'),
  },
  { id: 'created', title: 'Created', isSecondary: true, cell: (key) => <Time iso={key.createdAt} /> },
]
