import type { JsonObject, ResourceDefinition } from '@konnect/contract'
import { childrenOf, definitionOf, objectsUnder, rankOf, TENANT_ROOTS } from './kinds.ts'
import { pointerToken } from './walk.ts'

/** One resource as somebody wants it, taken out of a document or a request body. */
export interface Entry {
  readonly definition: ResourceDefinition
  /** Without the children that it carried. */
  readonly spec: JsonObject
  /** JSON Pointer of the spec in what was sent. */
  readonly pointer: string
  /** Name of the tenant. */
  readonly tenant: string
  /** The owner, when it was sent along. */
  readonly owner: Entry | undefined
  /** Place among its siblings. */
  readonly index: number
  /** Kinds of children whose whole list was given. */
  readonly listed: readonly ResourceDefinition[]
}

type Site = Pick<Entry, 'pointer' | 'tenant' | 'owner' | 'index'>

/** A resource with the children it carries, parents first. */
export function entriesOfBody(definition: ResourceDefinition, body: JsonObject, site: Site): Entry[] {
  const children = childrenOf(definition.kind).filter((child) => body[child.plural] !== undefined)
  const carried = new Set(children.map((child) => child.plural))
  const spec = Object.fromEntries(Object.entries(body).filter(([key]) => !carried.has(key)))
  const entry: Entry = { definition, spec, ...site, listed: children }
  return [entry, ...children.flatMap((child) => entriesOfList(child, body, { ...site, owner: entry }))]
}

function entriesOfList(definition: ResourceDefinition, holder: JsonObject, site: Omit<Site, 'index'>): Entry[] {
  const base = `${site.pointer}/${pointerToken(definition.plural)}`
  return objectsUnder(holder, definition.plural).flatMap((body, index) =>
    entriesOfBody(definition, body, { ...site, pointer: `${base}/${index}`, index }),
  )
}

/** Everything in a declarative document, in the order in which it can be created. `tenant` owns the first level. */
export function entriesOfDocument(document: JsonObject, tenant: string): Entry[] {
  const site = { pointer: '', tenant, owner: undefined }
  const tenants = objectsUnder(document, 'tenants').flatMap((body, index) => entriesOfTenant(body, index, tenant))
  const own = TENANT_ROOTS.flatMap((definition) => entriesOfList(definition, document, site))
  const policies = entriesOfList(definitionOf('policy'), document, site)
  // The sort is stable: siblings stay in the order of the document.
  return [...tenants, ...policies, ...own].sort((a, b) => rankOf(a.definition.kind) - rankOf(b.definition.kind))
}

function entriesOfTenant(body: JsonObject, index: number, keeper: string): Entry[] {
  const pointer = `/tenants/${index}`
  const inside = new Set(TENANT_ROOTS.map((definition) => definition.plural))
  const spec = Object.fromEntries(Object.entries(body).filter(([key]) => !inside.has(key)))
  const site = { pointer, tenant: String(body.name), owner: undefined }
  const entry = { definition: definitionOf('tenant'), spec, ...site, tenant: keeper, index, listed: [] }
  return [entry, ...TENANT_ROOTS.flatMap((definition) => entriesOfList(definition, body, site))]
}
