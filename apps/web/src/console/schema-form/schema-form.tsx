import './schema-form.css'
import { ControlApiError } from '@konnect/client'
import type { FieldFault, JsonObject } from '@konnect/contract'
import { Button } from '@mantine/core'
import { type ComponentType, type FormEvent, type ReactNode, useCallback, useMemo, useRef, useState } from 'react'
import { ErrorState } from '../ui/error-state.tsx'
import { FIELD_EDITORS } from './field-editors.ts'
import { type FieldProps, FormContext } from './form-context.ts'
import { fieldOf } from './form-model.ts'
import { valueAt } from './place.ts'
import { Properties } from './structure-fields.tsx'
import { faultsByPath, validateValue } from './validate-value.ts'

interface SchemaFormProps {
  readonly schema: JsonObject
  readonly initial: JsonObject
  /** The verb on the button. */
  readonly verb: string
  readonly onSubmit: (value: JsonObject) => Promise<void>
  /** Told of every change, for forms whose schema depends on a value. */
  readonly onValue?: (value: JsonObject) => void
  readonly editors?: Readonly<Record<string, ComponentType<FieldProps>>>
  readonly frozen?: readonly string[]
  /** Beside the button. */
  readonly children?: ReactNode
}

const NOTHING = {}
const NONE: readonly string[] = []

/** A form derived from a JSON Schema. Says what is wrong while you type, once you left a field or tried to save. */
export function SchemaForm(props: SchemaFormProps) {
  const { schema, verb, editors = NOTHING, frozen = NONE } = props
  const [value, setValue] = useState(props.initial)
  const submit = useSubmit(props, value)
  const field = useMemo(() => fieldOf(schema), [schema])
  const local = useMemo(() => faultsByPath(validateValue(schema, value)), [schema, value])
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const touch = useCallback((path: string) => setTouched((paths) => new Set([...paths, path])), [])
  const state = useMemo(() => {
    const isTouched = (path: string) => submit.wasTried || touched.has(path)
    const own = (path: string) =>
      local.get(path) ?? [...local].find(([at]) => /^\/\d+$/.test(at.slice(path.length)) && at.startsWith(path))?.[1]
    const faultAt = (path: string) => (isTouched(path) ? own(path) : undefined) ?? submit.refused.get(path)
    return { faultAt, touch, valueAt: (path: string) => valueAt(value, path), kinds: FIELD_EDITORS, editors, frozen }
  }, [value, local, touched, touch, submit.wasTried, submit.refused, editors, frozen])
  const change = (next: JsonObject) => {
    setValue(next)
    submit.forget()
    props.onValue?.(next)
  }
  const general = submit.wasTried ? (local.get('') ?? submit.refused.get('')) : undefined
  return (
    <FormContext value={state}>
      <form
        className="k-form"
        noValidate
        ref={submit.ref}
        onSubmit={(event) => void submit.run(event, local.size === 0)}
      >
        <Properties fields={field.fields ?? []} path="" value={value} onChange={change} />
        {general && <p className="k-form-fault">{general}</p>}
        {submit.error !== undefined && <ErrorState error={submit.error} />}
        {submit.unplaced.length > 0 && <Unplaced faults={submit.unplaced} />}
        <div className="k-row">
          <Button type="submit" loading={submit.isBusy}>
            {verb}
          </Button>
          {props.children}
        </div>
      </form>
    </FormContext>
  )
}

function Unplaced({ faults }: { readonly faults: readonly FieldFault[] }) {
  return (
    <ul className="k-form-fault" role="alert">
      {faults.map((fault) => (
        <li key={`${fault.path} ${fault.message}`}>
          {fault.path && <code>{fault.path}</code>} {fault.message}
        </li>
      ))}
    </ul>
  )
}

const NO_FAULTS: ReadonlyMap<string, string> = new Map()

function useSubmit(props: SchemaFormProps, value: JsonObject) {
  const ref = useRef<HTMLFormElement>(null)
  const [wasTried, setTried] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const [faults, setFaults] = useState<readonly FieldFault[]>([])
  const focusFirstFault = () =>
    requestAnimationFrame(() => ref.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
  const refuse = (refusal: unknown) => {
    setFaults(refusal instanceof ControlApiError ? refusal.errors : [])
    setError(refusal)
    focusFirstFault()
  }
  const run = async (event: FormEvent, isValid: boolean) => {
    event.preventDefault()
    event.stopPropagation()
    setTried(true)
    if (!isValid) {
      focusFirstFault()
      return
    }
    setBusy(true)
    setError(undefined)
    await props.onSubmit(value).catch(refuse)
    setBusy(false)
  }
  const forget = () => {
    setError(undefined)
    setFaults([])
  }
  const refused = useMemo(() => (faults.length === 0 ? NO_FAULTS : faultsByPath(faults)), [faults])
  return { ref, wasTried, isBusy, error, refused, unplaced: faults, run, forget }
}
