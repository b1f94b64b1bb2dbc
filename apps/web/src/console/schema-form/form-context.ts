import type { Json } from '@konnect/contract'
import { type ComponentType, createContext, useContext } from 'react'
import type { Field, FieldKind } from './form-model.ts'

/** What every editor of a field gets. */
export interface FieldProps {
  readonly field: Field
  /** JSON Pointer of the value. */
  readonly path: string
  readonly value: Json | undefined
  /** `undefined` removes the value. */
  readonly onChange: (value: Json | undefined) => void
}

interface FormState {
  readonly faultAt: (path: string) => string | undefined
  readonly touch: (path: string) => void
  /** What the form holds at a JSON Pointer, for fields that depend on another one. */
  readonly valueAt: (path: string) => Json | undefined
  /** The editor of each kind of field; handed down, because editors of structures contain fields of every kind. */
  readonly kinds: Readonly<Partial<Record<FieldKind, ComponentType<FieldProps>>>>
  /** Editors of our own for certain places, by JSON Pointer, `*` standing for every index. */
  readonly editors: Readonly<Record<string, ComponentType<FieldProps>>>
  /** Values that cannot be changed, by JSON Pointer. */
  readonly frozen: readonly string[]
}

export const FormContext = createContext<FormState>({
  faultAt: () => undefined,
  touch: () => undefined,
  valueAt: () => undefined,
  kinds: {},
  editors: {},
  frozen: [],
})

/** The form around a field. */
export const useFormState = (): FormState => useContext(FormContext)

const HELP_BELOW = ['label', 'input', 'description', 'error'] as const

/** What all inputs of Mantine have in common, for one field. */
export function useInputProps({ field, path }: Pick<FieldProps, 'field' | 'path'>) {
  const form = useFormState()
  return {
    label: field.title,
    description: field.help,
    required: field.isRequired,
    withAsterisk: field.isRequired,
    error: form.faultAt(path),
    disabled: form.frozen.includes(path),
    onBlur: () => form.touch(path),
    inputWrapperOrder: [...HELP_BELOW],
  }
}
