import { isJsonObject, type JsonObject, type ResourceKind } from '@konnect/contract'
import { Drawer } from '@mantine/core'
import type { ComponentType } from 'react'
import { Loading } from '../ui/query-view.tsx'
import type { FieldProps } from './form-context.ts'
import { blankOf } from './schema-edit.ts'
import { SchemaForm } from './schema-form.tsx'
import { useResourceSchema } from './use-resource-schema.ts'

interface ResourceDrawerProps {
  readonly kind: ResourceKind
  readonly title: string
  /** What it holds now; undefined for a new one. */
  readonly spec?: JsonObject | undefined
  /** What the form of a new one starts with, besides what is needed anyway. */
  readonly initial?: JsonObject | undefined
  /** Properties that are edited elsewhere; they are kept as they are. */
  readonly without?: readonly string[]
  readonly editors?: Readonly<Record<string, ComponentType<FieldProps>>>
  readonly close: () => void
  readonly save: (spec: JsonObject) => Promise<void>
}

const FROZEN = ['/name']
const NOTHING: readonly string[] = []

/** Edits a resource beside its page. */
export function ResourceDrawer({
  kind,
  title,
  spec,
  initial,
  without = NOTHING,
  editors = {},
  close,
  save,
}: ResourceDrawerProps) {
  const schema = useResourceSchema(kind, without)
  const kept = Object.fromEntries(without.flatMap((key) => (spec && key in spec ? [[key, spec[key]]] : [])))
  const present = Object.fromEntries(Object.entries(spec ?? {}).filter(([key]) => !without.includes(key)))
  return (
    <Drawer opened onClose={close} size="xl" title={title}>
      {schema ? (
        <SchemaForm
          schema={schema}
          initial={spec ? known(present as JsonObject, schema) : { ...blankOf(schema), ...initial }}
          verb="Review and publish"
          editors={editors}
          frozen={spec ? FROZEN : NOTHING}
          onSubmit={(value) => save({ ...value, ...kept } as JsonObject)}
        />
      ) : (
        <Loading />
      )}
    </Drawer>
  )
}

/** Without what the server keeps for itself. */
function known(spec: JsonObject, schema: JsonObject): JsonObject {
  const properties = isJsonObject(schema.properties) ? schema.properties : {}
  return Object.fromEntries(Object.entries(spec).filter(([key]) => key in properties))
}
