import type { KeySpec } from '@konnect/contract'
import { Button, Modal, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useControl } from '../../api/control.ts'
import { rememberKey } from '../../api/fresh-key.ts'
import { FirstCalls } from '../../first-calls/first-calls.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { ErrorState } from '../../ui/error-state.tsx'

interface KeyDialogProps {
  readonly application: string
  readonly close: () => void
}

/** Creates a key, shows it once, and says what to do next. */
export function KeyDialog({ application, close }: KeyDialogProps) {
  const [value, setValue] = useState<string>()
  return (
    <Modal opened onClose={close} size="lg" title={value ? 'Your new key' : 'Create key'} closeOnClickOutside={!value}>
      {value ? (
        <NewKey application={application} value={value} close={close} />
      ) : (
        <KeyForm application={application} created={setValue} />
      )}
    </Modal>
  )
}

const DAY_MS = 86_400_000
const LIFETIMES = [
  { value: '0', label: 'Never' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
]

function KeyForm({
  application,
  created,
}: {
  readonly application: string
  readonly created: (value: string) => void
}) {
  const control = useControl()
  const queries = useQueryClient()
  const [error, setError] = useState<unknown>()
  const form = useForm({
    initialValues: { name: '', days: '0' },
    validate: {
      name: (name) =>
        /^([A-Za-z0-9][A-Za-z0-9._-]{0,127})?$/.test(name) ? null : 'Letters, digits, dots and dashes only.',
    },
    validateInputOnChange: true,
  })
  const create = async ({ name, days }: { name: string; days: string }) => {
    setError(undefined)
    const expiresAt = days === '0' ? undefined : new Date(Date.now() + Number(days) * DAY_MS).toISOString()
    const spec: KeySpec = { ...(name ? { name } : {}), ...(expiresAt ? { expiresAt } : {}) }
    try {
      const key = await control.keys(application).create(spec)
      const value = key.spec.value ?? ''
      rememberKey({ application, value })
      created(value)
      await queries.invalidateQueries({ queryKey: ['resources'] })
    } catch (refusal) {
      setError(refusal)
    }
  }
  return (
    <form className="k-stack" onSubmit={form.onSubmit(create)}>
      <TextInput
        label="Name"
        description="To tell keys apart, e.g. production. Left empty, it is numbered."
        data-autofocus
        {...form.getInputProps('name')}
      />
      <Select label="Expires" data={LIFETIMES} allowDeselect={false} {...form.getInputProps('days')} />
      {error !== undefined && <ErrorState error={error} />}
      <div>
        <Button type="submit" loading={form.submitting}>
          Create key
        </Button>
      </div>
    </form>
  )
}

interface NewKeyProps {
  readonly application: string
  readonly value: string
  readonly close: () => void
}

function NewKey({ application, value, close }: NewKeyProps) {
  return (
    <div className="k-stack">
      <p className="k-notice" data-tone="warn">
        Copy it now. It is not shown again; only its hash is kept.
      </p>
      <CodeBlock code={value} label="the key" />
      <h2>What to do next</h2>
      <FirstCalls application={application} keyValue={value} />
      <div className="k-row">
        <Button onClick={close}>I have copied it</Button>
      </div>
    </div>
  )
}
