import type { ApiToken } from '@konnect/contract'
import { Button, Modal, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useControl } from '../../api/control.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { commandOf } from '../../ui/command.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { Time } from '../../ui/time.tsx'

const COLUMNS: readonly Column<ApiToken>[] = [
  { id: 'name', title: 'Name', cell: (token) => token.name },
  { id: 'hint', title: 'Ends in', cell: (token) => <span className="k-mono">…{token.hint}</span> },
  {
    id: 'used',
    title: 'Last used',
    isSecondary: true,
    cell: ({ lastUsedAt }) => (lastUsedAt ? <Time iso={lastUsedAt} /> : 'never'),
  },
  { id: 'expires', title: 'Expires', cell: ({ expiresAt }) => (expiresAt ? <Time iso={expiresAt} /> : 'never') },
  { id: 'created', title: 'Created', isSecondary: true, cell: ({ createdAt }) => <Time iso={createdAt} /> },
]

/** Tokens for automation. They may do everything that an administrator may. */
export function TokenList() {
  const control = useControl()
  const query = useQuery({ queryKey: ['tokens'], queryFn: () => control.tokens.list() })
  const [isNew, setNew] = useState(false)
  const [revoking, setRevoking] = useState<ApiToken>()
  const create = <Button onClick={() => setNew(true)}>Create API token</Button>
  const columns: readonly Column<ApiToken>[] = [
    ...COLUMNS,
    {
      id: 'acts',
      title: 'Acts',
      isTitleHidden: true,
      isNumeric: true,
      cell: (token) => (
        <Button size="compact-sm" variant="subtle" color="red" onClick={() => setRevoking(token)}>
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
            <EmptyState title="No API token yet" action={create} command={commandOf('GET', '/apis')}>
              API tokens let scripts and pipelines use the control API, for example to apply a file on every merge.
            </EmptyState>
          ) : (
            <>
              <div className="k-row" data-spread>
                <p className="k-dim k-small">A token may do what an administrator may. Give each program its own.</p>
                {create}
              </div>
              <DataTable label="API tokens" columns={columns} rows={items} rowKey={(token) => token.id} />
            </>
          )}
          {isNew && <TokenDialog close={() => setNew(false)} />}
          {revoking && <RevokeDialog token={revoking} close={() => setRevoking(undefined)} />}
        </div>
      )}
    </QueryView>
  )
}

const DAY_MS = 86_400_000
const LIFETIMES = [
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
  { value: '0', label: 'Never' },
]

function TokenDialog({ close }: { readonly close: () => void }) {
  const control = useControl()
  const queries = useQueryClient()
  const [value, setValue] = useState<string>()
  const [error, setError] = useState<unknown>()
  const form = useForm({ initialValues: { name: '', days: '90' } })
  const create = async ({ name, days }: { name: string; days: string }) => {
    setError(undefined)
    try {
      const expiry = days === '0' ? {} : { expiresAt: new Date(Date.now() + Number(days) * DAY_MS).toISOString() }
      setValue((await control.tokens.create({ name, ...expiry })).value)
      await queries.invalidateQueries({ queryKey: ['tokens'] })
    } catch (refusal) {
      setError(refusal)
    }
  }
  return (
    <Modal
      opened
      onClose={close}
      title={value ? 'Your new API token' : 'Create API token'}
      closeOnClickOutside={!value}
    >
      {value ? (
        <div className="k-stack">
          <p className="k-notice" data-tone="warn">
            Copy it now. It is not shown again; only its hash is kept.
          </p>
          <CodeBlock code={value} label="the token" />
          <p className="k-dim">Put it into the environment of the program that needs it:</p>
          <CodeBlock code={`export KONNECT_API_TOKEN=${value}`} label="the command" />
          <div>
            <Button onClick={close}>I have copied it</Button>
          </div>
        </div>
      ) : (
        <form className="k-stack" onSubmit={form.onSubmit(create)}>
          <TextInput
            label="Name"
            description="Which program uses it."
            required
            data-autofocus
            {...form.getInputProps('name')}
          />
          <Select label="Expires" data={LIFETIMES} allowDeselect={false} {...form.getInputProps('days')} />
          {error !== undefined && <ErrorState error={error} />}
          <div>
            <Button type="submit" loading={form.submitting}>
              Create API token
            </Button>
          </div>
        </form>
      )}
    </Modal>
  )
}

function RevokeDialog({ token, close }: { readonly token: ApiToken; readonly close: () => void }) {
  const control = useControl()
  const queries = useQueryClient()
  const [error, setError] = useState<unknown>()
  const revoke = async () => {
    try {
      await control.tokens.remove(token.id)
      await queries.invalidateQueries({ queryKey: ['tokens'] })
      close()
    } catch (refusal) {
      setError(refusal)
    }
  }
  return (
    <Modal opened onClose={close} title={`Revoke ${token.name}`}>
      <div className="k-stack">
        <p>Programs that use it are refused from then on. This cannot be undone.</p>
        {error !== undefined && <ErrorState error={error} />}
        <div className="k-row">
          <Button color="red" onClick={() => void revoke()}>
            Revoke
          </Button>
          <Button variant="default" onClick={close}>
            Keep it
          </Button>
        </div>
      </div>
    </Modal>
  )
}
