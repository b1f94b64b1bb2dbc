import { isJsonObject, type Json, type JsonObject } from '@konnect/contract'
import { ActionIcon, Button, SegmentedControl } from '@mantine/core'
import ArrowDown from 'lucide-react/icons/arrow-down'
import ArrowUp from 'lucide-react/icons/arrow-up'
import Plus from 'lucide-react/icons/plus'
import X from 'lucide-react/icons/x'
import { type FieldProps, useFormState } from './form-context.ts'
import type { Field } from './form-model.ts'
import { blankOf, withKey } from './schema-edit.ts'
import { SchemaField } from './schema-field.tsx'
import { pointerToken } from './validate-value.ts'

const objectOf = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {})

const isWide = (field: Field): boolean =>
  ['group', 'list', 'choice', 'record', 'json', 'paragraph', 'boolean'].includes(field.kind)

interface PropertiesProps {
  readonly fields: readonly Field[]
  readonly path: string
  readonly value: JsonObject
  readonly onChange: (value: JsonObject) => void
}

/** The fields of an object: what people need first, then what they rarely need, folded. */
export function Properties({ fields, path, value, onChange }: PropertiesProps) {
  const form = useFormState()
  const one = (field: Field) => {
    const at = `${path}/${pointerToken(field.key)}`
    return (
      <div key={field.key} data-wide={isWide(field) || undefined}>
        <SchemaField
          field={field}
          path={at}
          value={value[field.key]}
          onChange={(next) => onChange(withKey(value, field.key, next))}
        />
      </div>
    )
  }
  const advanced = fields.filter((field) => field.isAdvanced)
  const hasFault = advanced.some((field) => form.faultAt(`${path}/${pointerToken(field.key)}`) !== undefined)
  return (
    <>
      <div className="k-form-grid">{fields.filter((field) => !field.isAdvanced).map(one)}</div>
      {advanced.length > 0 && (
        <details className="k-form-advanced" open={hasFault || undefined}>
          <summary>Advanced ({advanced.map((field) => field.title.toLowerCase()).join(', ')})</summary>
          <div className="k-form-grid">{advanced.map(one)}</div>
        </details>
      )}
    </>
  )
}

/** An object within an object. One that is optional but has required parts is set up by a button. */
export function GroupField({ field, path, value, onChange }: FieldProps) {
  const needsSetUp = !field.isRequired && (field.fields ?? []).some((inner) => inner.isRequired)
  const isSet = value !== undefined
  const change = (next: JsonObject) =>
    onChange(Object.keys(next).length === 0 && !field.isRequired && !needsSetUp ? undefined : next)
  return (
    <fieldset className="k-form-group">
      <legend>{field.title}</legend>
      {field.help && <p className="k-form-help">{field.help}</p>}
      {needsSetUp && !isSet ? (
        <Button size="compact-sm" variant="default" onClick={() => onChange(blankOf(field.schema))}>
          Set up {field.title.toLowerCase()}
        </Button>
      ) : (
        <>
          <Properties fields={field.fields ?? []} path={path} value={objectOf(value)} onChange={change} />
          {needsSetUp && (
            <Button size="compact-sm" variant="default" onClick={() => onChange(undefined)}>
              Remove {field.title.toLowerCase()}
            </Button>
          )}
        </>
      )}
    </fieldset>
  )
}

const singular = (title: string): string => title.replace(/ies$/, 'y').replace(/s$/, '')

/** Objects in order. */
export function ListField({ field, path, value, onChange }: FieldProps) {
  const form = useFormState()
  const items = Array.isArray(value) ? value : []
  const one = singular(field.title)
  const change = (next: readonly Json[]) => onChange(next.length === 0 ? undefined : [...next])
  const move = (from: number, to: number) => {
    const item = items[from]
    if (item !== undefined) change(items.toSpliced(from, 1).toSpliced(to, 0, item))
  }
  const fault = form.faultAt(path)
  return (
    <fieldset className="k-form-group">
      <legend>{field.title}</legend>
      {field.help && <p className="k-form-help">{field.help}</p>}
      {fault && <p className="k-form-fault">{fault}</p>}
      <div className="k-stack" data-tight>
        {items.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an item has no identity but its place
          <section className="k-form-item" key={index} aria-label={`${one} ${index + 1}`}>
            <header>
              <h3>
                {one} {index + 1}
              </h3>
              <span className="k-row">
                <Act label={`Move ${one} ${index + 1} up`} isOff={index === 0} act={() => move(index, index - 1)}>
                  <ArrowUp size={14} aria-hidden />
                </Act>
                <Act
                  label={`Move ${one} ${index + 1} down`}
                  isOff={index === items.length - 1}
                  act={() => move(index, index + 1)}
                >
                  <ArrowDown size={14} aria-hidden />
                </Act>
                <Act label={`Remove ${one} ${index + 1}`} act={() => change(items.toSpliced(index, 1))}>
                  <X size={14} aria-hidden />
                </Act>
              </span>
            </header>
            <Properties
              fields={field.item?.fields ?? []}
              path={`${path}/${index}`}
              value={objectOf(item)}
              onChange={(next) => change(items.with(index, next))}
            />
          </section>
        ))}
        <div>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<Plus size={12} aria-hidden />}
            onClick={() => change([...items, blankOf(field.item?.schema ?? {})])}
          >
            Add {one.toLowerCase()}
          </Button>
        </div>
      </div>
    </fieldset>
  )
}

interface ActProps {
  readonly label: string
  readonly isOff?: boolean
  readonly act: () => void
  readonly children: React.ReactNode
}

const Act = ({ label, isOff = false, act, children }: ActProps) => (
  <ActionIcon variant="subtle" color="gray" size="sm" aria-label={label} disabled={isOff} onClick={act}>
    {children}
  </ActionIcon>
)

const branchTitle = (branch: Field): string => branch.title || (branch.kind === 'group' ? 'Defined here' : 'By name')

/** A value that may take several forms. */
export function ChoiceField({ field, path, value, onChange }: FieldProps) {
  const branches = field.fields ?? []
  const wanted = typeof value === 'string' ? 'ref' : 'group'
  const current = branches.find((branch) => branch.kind === wanted) ?? branches[0]
  if (!current) return null
  const choose = (title: string) => {
    const branch = branches.find((candidate) => branchTitle(candidate) === title)
    onChange(branch?.kind === 'group' ? blankOf(branch.schema) : '')
  }
  return (
    <fieldset className="k-form-group">
      <legend>{field.title}</legend>
      {field.help && <p className="k-form-help">{field.help}</p>}
      <div>
        <SegmentedControl
          size="xs"
          aria-label={`Form of ${field.title.toLowerCase()}`}
          data={branches.map(branchTitle)}
          value={branchTitle(current)}
          onChange={choose}
        />
      </div>
      {current.kind === 'group' ? (
        <Properties fields={current.fields ?? []} path={path} value={objectOf(value)} onChange={onChange} />
      ) : (
        <SchemaField field={current} path={path} value={value} onChange={onChange} />
      )}
    </fieldset>
  )
}
