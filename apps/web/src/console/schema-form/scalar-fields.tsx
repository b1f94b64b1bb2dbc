import type { SECRET_MASK } from '@konnect/contract'
import { NumberInput, PasswordInput, Select, Switch, Textarea, TextInput } from '@mantine/core'
import { type FieldProps, useFormState, useInputProps } from './form-context.ts'

const MASK: typeof SECRET_MASK = '***'

const textOf = (value: FieldProps['value']): string => (typeof value === 'string' ? value : '')

/** A line of text, a duration, a size. */
export function TextField(props: FieldProps) {
  const input = useInputProps(props)
  return (
    <TextInput
      {...input}
      required={false}
      value={textOf(props.value)}
      placeholder={props.field.placeholder ?? ''}
      spellCheck={false}
      onChange={(event) => props.onChange(event.currentTarget.value || undefined)}
    />
  )
}

/** Several lines of text. */
export function ParagraphField(props: FieldProps) {
  const input = useInputProps(props)
  return (
    <Textarea
      {...input}
      required={false}
      rows={2}
      resize="vertical"
      value={textOf(props.value)}
      onChange={(event) => props.onChange(event.currentTarget.value || undefined)}
    />
  )
}

/** A secret. What is stored is never shown; leaving it alone keeps it. */
export function SecretField(props: FieldProps) {
  const input = useInputProps(props)
  const isStored = props.value === MASK || props.field.schema['x-stored'] === true
  return (
    <PasswordInput
      {...input}
      required={false}
      autoComplete="off"
      value={isStored ? '' : textOf(props.value)}
      placeholder={isStored ? 'Stored. Type to replace it.' : (props.field.placeholder ?? '')}
      onChange={(event) => props.onChange(event.currentTarget.value || undefined)}
    />
  )
}

/** A number, with the default as placeholder. */
export function NumberField(props: FieldProps) {
  const input = useInputProps(props)
  const isWhole = props.field.schema.type === 'integer'
  return (
    <NumberInput
      {...input}
      required={false}
      value={typeof props.value === 'number' ? props.value : ''}
      placeholder={props.field.placeholder ?? ''}
      allowDecimal={!isWhole}
      decimalScale={12}
      clampBehavior="none"
      hideControls={!isWhole}
      onChange={(value) => props.onChange(value === '' || Number.isNaN(Number(value)) ? undefined : Number(value))}
    />
  )
}

/** Yes or no; shows the default until it is set. */
export function BooleanField({ field, path, value, onChange }: FieldProps) {
  const input = useInputProps({ field, path })
  return (
    <Switch
      className="k-form-switch"
      label={input.label}
      description={input.description}
      error={input.error}
      disabled={input.disabled}
      checked={typeof value === 'boolean' ? value : field.schema.default === true}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  )
}

/** One of a few words. Clearing it goes back to the default. */
export function EnumField(props: FieldProps) {
  const { onBlur, ...input } = useInputProps(props)
  const form = useFormState()
  const initial = props.field.placeholder
  const { meanings } = props.field
  return (
    <Select
      {...input}
      required={false}
      data={[...(props.field.values ?? [])]}
      value={typeof props.value === 'string' ? props.value : null}
      placeholder={initial === undefined ? 'Choose…' : `${initial} (default)`}
      clearable={!props.field.isRequired}
      {...(meanings && {
        renderOption: ({ option }) => <Choice value={option.value} meaning={meanings[option.value]} />,
      })}
      onBlur={onBlur}
      onChange={(value) => {
        form.touch(props.path)
        props.onChange(value ?? undefined)
      }}
    />
  )
}

const Choice = ({ value, meaning }: { readonly value: string; readonly meaning: string | undefined }) => (
  <span className="k-form-choice">
    {value}
    {meaning && <span className="k-dim k-small">{meaning}</span>}
  </span>
)

/** A date and time in the reader's zone, stored as UTC. */
export function MomentField(props: FieldProps) {
  const input = useInputProps(props)
  return (
    <TextInput
      {...input}
      required={false}
      type="datetime-local"
      value={localOf(textOf(props.value))}
      onChange={(event) => {
        const time = new Date(event.currentTarget.value)
        props.onChange(Number.isNaN(time.getTime()) ? undefined : time.toISOString())
      }}
    />
  )
}

function localOf(iso: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return ''
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
