import { type CatalogDescription, isJsonObject, type Json } from '@konnect/contract'
import type { SchemaNode } from './kinds.ts'

/** One value inside a spec, with the schema that describes it. */
export interface Place {
  readonly schema: SchemaNode
  readonly value: Json
  /** JSON Pointer (RFC 6901) from where the walk began. */
  readonly pointer: string
  /** As `pointer`, but list items go by what they are rather than where they stand, so that it survives reordering. */
  readonly slot: string
}

/** Returns `{ value }` to put another value there, or nothing to go deeper. */
export type Visit = (place: Place) => { readonly value: Json } | undefined

/**
 * Walks a value along its schema and returns it with the replacements made. Settings of policies and vendors are walked
 * along the catalog's schemas. The value itself is left alone.
 */
export function walk(catalog: CatalogDescription, schema: SchemaNode, value: Json, visit: Visit): Json {
  const step = (given: Place): Json => {
    const node = branchOf(given.schema, given.value)
    const place = { ...given, schema: node }
    const replaced = visit(place)
    if (replaced) return replaced.value
    if (Array.isArray(place.value)) return walkList(place.value, place, node.items ?? {}, step)
    if (!isJsonObject(place.value)) return place.value
    const guests = guestSchemas(catalog, node, place.value)
    return Object.fromEntries(
      Object.entries(place.value).map(([key, inner]) => [
        key,
        step({ ...inside(place, key), schema: guests[key] ?? memberSchema(node, key), value: inner }),
      ]),
    )
  }
  return step({ schema, value, pointer: '', slot: '' })
}

/** A token of a JSON Pointer, escaped. */
export const pointerToken = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')

const inside = (place: Place, key: string, slotKey = key) => ({
  pointer: `${place.pointer}/${pointerToken(key)}`,
  slot: `${place.slot}/${pointerToken(slotKey)}`,
})

function walkList(list: readonly Json[], place: Place, schema: SchemaNode, step: (place: Place) => Json): Json[] {
  const seen = new Map<string, number>()
  return list.map((value, index) => {
    const label = labelOf(value) ?? String(index)
    const count = seen.get(label) ?? 0
    seen.set(label, count + 1)
    return step({ ...inside(place, String(index), count === 0 ? label : `${label}#${count}`), schema, value })
  })
}

const labelOf = (value: Json): string | undefined => {
  if (!isJsonObject(value)) return undefined
  if (typeof value.name === 'string') return `name=${value.name}`
  return typeof value.use === 'string' ? `use=${value.use}` : undefined
}

function branchOf(schema: SchemaNode, value: Json): SchemaNode {
  const branches = schema.anyOf ?? (schema.properties ? undefined : schema.oneOf)
  if (!branches) return schema
  const type = Array.isArray(value) ? 'array' : typeof value
  return branches.find((branch) => branch.type === type) ?? schema
}

/** Schema of one member of an object. */
function memberSchema(schema: SchemaNode, key: string): SchemaNode {
  const named = schema.properties?.[key]
  if (named) return named
  const pattern = Object.entries(schema.patternProperties ?? {}).find(([source]) => new RegExp(source).test(key))
  if (pattern) return pattern[1]
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {}
}

/** Whether a schema describes the use of a policy; see the contract's PolicyUseSchema. */
export const isPolicyUse = (schema: SchemaNode): boolean => Boolean(schema.properties?.use && schema.properties.with)

/** Whether a schema describes a connection to a vendor, whose settings only the vendor can describe. */
export const isVendorUse = (schema: SchemaNode): boolean =>
  Boolean(schema.properties?.vendor && schema.properties.settings)

function guestSchemas(catalog: CatalogDescription, schema: SchemaNode, value: { [key: string]: Json }) {
  const guests: Record<string, SchemaNode | undefined> = {}
  if (isPolicyUse(schema)) guests.with = catalog.policies.find(({ id }) => id === value.use)?.schema as SchemaNode
  if (isVendorUse(schema)) guests.settings = catalog.vendors.find(({ id }) => id === value.vendor)?.schema as SchemaNode
  return guests
}
