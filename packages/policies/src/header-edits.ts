import { addHeader, closed, type HeaderList, removeHeader, setHeader } from '@konnect/contract'
import type { Exchange } from '@konnect/sdk'
import { type Static, Type } from 'typebox'
import { FIELD_NAME_PATTERN, ownableField, RESERVED_FIELDS } from './header-name.ts'
import { compileTemplate, type Render, TEMPLATE_VARIABLES } from './template.ts'

const canonical = (name: string) => name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
const EDITABLE = {
  pattern: FIELD_NAME_PATTERN,
  not: { enum: [...RESERVED_FIELDS, ...RESERVED_FIELDS.map(canonical)] },
}
const VALUES = `Values may hold ${TEMPLATE_VARIABLES.map((name) => `\${${name}}`).join(', ')}.`

const Fields = (title: string, description: string, value: { pattern?: string; maxLength: number }) =>
  Type.Optional(
    Type.Record(Type.String(), Type.String(value), {
      title,
      description,
      default: {},
      propertyNames: EDITABLE,
      maxProperties: 64,
    }),
  )

/** Settings of a policy that edits header fields. */
export const HeaderEditsSchema = closed({
  remove: Type.Optional(
    Type.Array(Type.String(EDITABLE), {
      title: 'Remove',
      description: 'Fields to leave out.',
      default: [],
      maxItems: 64,
    }),
  ),
  rename: Fields('Rename', 'From the old name to the new one.', { ...EDITABLE, maxLength: 64 }),
  set: Fields('Set', `Fields with exactly this value, in place of what was there. ${VALUES}`, { maxLength: 4096 }),
  add: Fields('Add', `Fields to add to what is there. ${VALUES}`, { maxLength: 4096 }),
})

/** Applies edits to a header section. */
export type EditHeaders = (headers: HeaderList, exchange: Exchange) => void

/** Compiles edits; they run in the order remove, rename, set, add. Throws `snapshot_invalid`; see `policy` for its texts. */
export function compileHeaderEdits(policy: string, edits: Static<typeof HeaderEditsSchema>): EditHeaders {
  const remove = new Set((edits.remove ?? []).map((name) => ownableField(policy, name)))
  const rename = new Map(
    Object.entries(edits.rename ?? {}).map(([from, to]) => [ownableField(policy, from), ownableField(policy, to)]),
  )
  const set = compileFields(policy, edits.set)
  const add = compileFields(policy, edits.add)
  return (headers, exchange) => {
    for (const name of remove) removeHeader(headers, name)
    if (rename.size > 0) renameHeaders(headers, rename)
    for (const [name, render] of set) setHeader(headers, name, render(exchange))
    for (const [name, render] of add) addHeader(headers, name, render(exchange))
  }
}

const compileFields = (policy: string, fields: Readonly<Record<string, string>> = {}): [string, Render][] =>
  Object.entries(fields).map(([name, value]) => [ownableField(policy, name), compileTemplate(policy, value)])

function renameHeaders(headers: HeaderList, names: ReadonlyMap<string, string>): void {
  for (let i = 0; i < headers.length; i += 2) {
    const renamed = names.get(headers[i] ?? '')
    if (renamed !== undefined) headers[i] = renamed
  }
}
