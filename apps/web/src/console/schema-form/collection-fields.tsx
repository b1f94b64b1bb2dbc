import { isJsonObject, type Json, type JsonObject } from '@konnect/contract'
import { ActionIcon, Button, Input, JsonInput, MultiSelect, TagsInput, TextInput } from '@mantine/core'
import Plus from 'lucide-react/icons/plus'
import X from 'lucide-react/icons/x'
import { useId, useState } from 'react'
import { type FieldProps, useInputProps } from './form-context.ts'

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])

/** Several short texts or whole numbers. A fault of any of them stands under the field. */
export function TagsField(props: FieldProps) {
  const input = useInputProps(props)
  const value = listOf(props.value)
  const isNumeric = props.field.kind === 'numbers'
  const change = (texts: string[]) => {
    const next = isNumeric ? texts.map(Number).filter(Number.isFinite) : texts
    props.onChange(next.length === 0 ? undefined : next)
  }
  return (
    <TagsInput
      {...input}
      required={false}
      value={value.map(String)}
      placeholder={value.length > 0 ? '' : (props.field.placeholder ?? 'Type, then press Enter')}
      acceptValueOnBlur
      splitChars={[',', ' ']}
      onChange={change}
    />
  )
}

/** Several of a few words. */
export function OptionsField(props: FieldProps) {
  const input = useInputProps(props)
  return (
    <MultiSelect
      {...input}
      required={false}
      data={[...(props.field.values ?? [])]}
      value={listOf(props.value).map(String)}
      placeholder={props.field.placeholder ?? ''}
      onChange={(chosen) => props.onChange(chosen.length === 0 ? undefined : chosen)}
    />
  )
}

type Pair = readonly [string, string]

const pairsOf = (value: Json | undefined): Pair[] =>
  isJsonObject(value) ? Object.entries(value).map(([name, text]) => [name, String(text)]) : []

/** Names and values. */
export function RecordField(props: FieldProps) {
  const input = useInputProps(props)
  const id = useId()
  const [pairs, setPairs] = useState<readonly Pair[]>(() => pairsOf(props.value))
  const change = (next: readonly Pair[]) => {
    setPairs(next)
    const named = next.filter(([name]) => name !== '')
    props.onChange(named.length === 0 ? undefined : (Object.fromEntries(named) as JsonObject))
  }
  const edit = (index: number, pair: Pair) => change(pairs.with(index, pair))
  return (
    <Input.Wrapper
      label={input.label}
      description={input.description}
      error={input.error}
      inputWrapperOrder={input.inputWrapperOrder}
      labelElement="div"
      labelProps={{ id }}
    >
      <fieldset className="k-form-pairs" aria-labelledby={id}>
        {pairs.map(([name, text], index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a pair has no identity but its place
          <div className="k-form-pair" key={index}>
            <TextInput
              aria-label={`Name ${index + 1}`}
              placeholder="name"
              value={name}
              onChange={(event) => edit(index, [event.currentTarget.value, text])}
            />
            <TextInput
              aria-label={`Value ${index + 1}`}
              placeholder="value"
              value={text}
              onChange={(event) => edit(index, [name, event.currentTarget.value])}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove ${name || 'this pair'}`}
              onClick={() => change(pairs.toSpliced(index, 1))}
            >
              <X size={14} aria-hidden />
            </ActionIcon>
          </div>
        ))}
        <div>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<Plus size={12} aria-hidden />}
            onClick={() => change([...pairs, ['', '']])}
          >
            Add
          </Button>
        </div>
      </fieldset>
    </Input.Wrapper>
  )
}

/** Anything else, as JSON text. */
export function JsonField(props: FieldProps) {
  const input = useInputProps(props)
  const [text, setText] = useState(() => (props.value === undefined ? '' : JSON.stringify(props.value, null, 2)))
  const [isBroken, setBroken] = useState(false)
  const change = (next: string) => {
    setText(next)
    try {
      props.onChange(next.trim() === '' ? undefined : (JSON.parse(next) as Json))
      setBroken(false)
    } catch {
      setBroken(true)
    }
  }
  return (
    <JsonInput
      {...input}
      required={false}
      error={isBroken ? 'This is not valid JSON yet.' : input.error}
      minRows={3}
      autosize
      placeholder="{ }"
      value={text}
      onChange={change}
    />
  )
}
