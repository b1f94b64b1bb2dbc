import type { ResourceKind } from '@konnect/contract'
import { MultiSelect, Select } from '@mantine/core'
import { useResources } from '../api/queries.ts'
import { type FieldProps, useFormState, useInputProps } from './form-context.ts'

const CHOICES = 200

function useNames(kind: ResourceKind, present: readonly string[]): string[] {
  const found = useResources(kind, { limit: CHOICES }).data?.items.map((item) => item.name) ?? []
  return [...new Set([...present, ...found])]
}

/** The name of another resource, picked from those that exist. */
export function RefField(props: FieldProps) {
  const input = useInputProps(props)
  const form = useFormState()
  const value = typeof props.value === 'string' ? props.value : null
  const names = useNames(props.field.refKind ?? 'api', value === null ? [] : [value])
  return (
    <Select
      {...input}
      required={false}
      searchable
      data={names}
      value={value}
      placeholder="Choose…"
      nothingFoundMessage="None of this name"
      clearable={!props.field.isRequired}
      onChange={(name) => {
        form.touch(props.path)
        props.onChange(name ?? undefined)
      }}
    />
  )
}

/** Names of several other resources. */
export function RefsField(props: FieldProps) {
  const input = useInputProps(props)
  const value = Array.isArray(props.value) ? props.value.map(String) : []
  const names = useNames(props.field.refKind ?? 'api', value)
  return (
    <MultiSelect
      {...input}
      required={false}
      searchable
      data={names}
      value={value}
      placeholder={value.length === 0 ? 'Choose…' : ''}
      onChange={(chosen) => props.onChange(chosen.length === 0 ? undefined : chosen)}
    />
  )
}
