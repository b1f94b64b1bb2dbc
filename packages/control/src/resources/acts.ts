import {
  DEFAULT_TENANT,
  type FieldFault,
  GatewayError,
  isJsonObject,
  type Json,
  type JsonObject,
  type ResourceDefinition,
  validate,
} from '@konnect/contract'
import { type Authored, type Configuration, type Draft, validationFailed } from './configuration.ts'
import { entriesOfBody } from './entries.ts'
import { type IntakeReport, takeIn } from './intake.ts'
import { bodySchemaOf, type SchemaNode } from './kinds.ts'
import { storageFaults } from './storable.ts'
import { publicSpec, type ResourceTree, type StoredResource } from './tree.ts'

/** Which resource, or which list, a request is about. */
export interface Address {
  readonly definition: ResourceDefinition
  readonly tenantId: string
  /** Name or id of the owner, for kinds that have one. */
  readonly parent?: string | undefined
  /** Name or id. */
  readonly name?: string | undefined
  /** Revision that the client has seen. */
  readonly revision?: number | undefined
}

/** The resource an act left, with what is shown this once, and the children it came with. */
export interface ActResult {
  readonly resource: StoredResource
  readonly once: JsonObject
}

/** Reads or throws `resource_not_found`: the owner that an address names, or undefined for kinds without one. */
export function findParent(tree: ResourceTree, { definition, tenantId, parent }: Address): StoredResource | undefined {
  if (definition.parent === undefined) return undefined
  const name = parent ?? ''
  const found = tree.find(tenantId, definition.parent, null, name) ?? tree.get(name)
  if (found?.kind === definition.parent && found.tenantId === tenantId) return found
  throw new GatewayError('resource_not_found', { detail: `There is no ${definition.parent} "${name}" here.` })
}

function findTarget(tree: ResourceTree, address: Address, parent: StoredResource | undefined): StoredResource {
  const { definition, tenantId, name = '' } = address
  const byName = tree.find(tenantId, definition.kind, parent?.id ?? null, name)
  const found = byName ?? tree.get(name)
  const isHere =
    found?.kind === definition.kind && found.tenantId === tenantId && found.parentId === (parent?.id ?? null)
  if (!found || !isHere)
    throw new GatewayError('resource_not_found', { detail: `There is no ${definition.kind} "${name}" here.` })
  return found
}

/** Adds a resource with the children its body carries. */
export function create(configuration: Configuration, address: Address, body: Json) {
  return (draft: Draft): Authored<ActResult | undefined> => {
    const { definition, tenantId } = address
    const parent = findParent(draft.before, address)
    const spec = checkedBody(configuration, definition, body)
    if (typeof spec.name === 'string' && draft.before.find(tenantId, definition.kind, parent?.id ?? null, spec.name))
      throw new GatewayError('name_taken', { detail: `There is a ${definition.kind} named "${spec.name}" already.` })
    const entries = entriesOfBody(definition, spec, siteIn(draft, address, parent))
    return authored(takeIn(draft.after, entries, { ...configuration, origin: 'api', parent }))
  }
}

/** Puts another spec in place of the stored one. */
export function replace(configuration: Configuration, address: Address, body: Json) {
  return (draft: Draft): Authored<ActResult | undefined> => {
    const { target, parent } = locate(draft, address)
    return put(configuration, draft, { address, target, parent, body })
  }
}

/** Merges a patch (RFC 7396) into the stored spec. */
export function patch(configuration: Configuration, address: Address, change: Json) {
  return (draft: Draft): Authored<ActResult | undefined> => {
    const { target, parent } = locate(draft, address)
    if (!isJsonObject(change)) throw new GatewayError('invalid_request', { detail: 'Send a JSON object.' })
    const masked = configuration.secrets.mask(bodySchemaOf(address.definition), publicSpec(target))
    return put(configuration, draft, { address, target, parent, body: mergePatch(masked, change) })
  }
}

/** Removes a resource and what it owns. */
export function remove(address: Address) {
  return (draft: Draft): Authored<undefined> => {
    const { target } = locate(draft, address)
    if (target.kind === 'tenant') demandEmptyTenant(draft.before, target)
    draft.after.remove(target.id)
    return { result: undefined }
  }
}

/** The resource that an address names, at the revision it names. Throws `resource_not_found` and `revision_conflict`. */
export function locate(draft: Draft, address: Address) {
  const parent = findParent(draft.before, address)
  const target = findTarget(draft.before, address, parent)
  if (address.revision !== undefined && address.revision !== draft.revisions.get(target.id))
    throw new GatewayError('revision_conflict')
  return { parent, target }
}

interface Putting {
  readonly address: Address
  readonly target: StoredResource
  readonly parent: StoredResource | undefined
  readonly body: Json
}

function put(configuration: Configuration, draft: Draft, { address, target, parent, body }: Putting) {
  const given = isJsonObject(body) && body.name === undefined ? { ...body, name: target.name } : body
  const spec = checkedBody(configuration, address.definition, given)
  if (spec.name !== target.name)
    throw validationFailed([{ path: '/name', message: `Expected "${target.name}"; a name cannot be changed.` }])
  const entries = entriesOfBody(address.definition, spec, siteIn(draft, address, parent))
  return authored(takeIn(draft.after, entries, { ...configuration, origin: 'api', parent, target }))
}

function siteIn(draft: Draft, { tenantId, definition }: Address, parent: StoredResource | undefined) {
  const tenant = tenantId === DEFAULT_TENANT ? DEFAULT_TENANT : (draft.before.get(tenantId)?.name ?? tenantId)
  const index = parent ? draft.before.children(parent.id, definition.kind).length : 0
  return { pointer: '', tenant, owner: undefined, index }
}

/** The body, fit for intake. Throws `validation_failed`; secrets are not repeated in the faults. */
export function checkedBody(configuration: Configuration, definition: ResourceDefinition, body: Json): JsonObject {
  const schema = bodySchemaOf(definition)
  const faults = structureFaults(configuration, schema, body)
  if (faults.length > 0 || !isJsonObject(body)) throw validationFailed(faults)
  return body
}

/** What a schema says against a value, secrets not repeated. */
export function structureFaults(configuration: Configuration, schema: SchemaNode, value: Json): FieldFault[] {
  const unfit = storageFaults(value ?? null)
  if (unfit.length > 0) return unfit
  const faults = validate(schema, value ?? null)
  return configuration.secrets.redact(schema, value ?? null, faults)
}

function authored(report: IntakeReport): Authored<ActResult | undefined> {
  const [first, ...rest] = report.placed
  const pointers = new Map(report.placed.map((one) => [one.resource.id, one.entry.pointer]))
  const base = { faults: report.faults, warnings: report.warnings, pointers }
  if (!first) return { ...base, result: undefined }
  const children = first.entry.listed.map((child) => [
    child.plural,
    rest.filter((one) => one.resource.kind === child.kind).map((one) => ({ ...publicSpec(one.resource), ...one.once })),
  ])
  return { ...base, result: { resource: first.resource, once: { ...first.once, ...Object.fromEntries(children) } } }
}

function demandEmptyTenant(tree: ResourceTree, tenant: StoredResource): void {
  if (tenant.id === DEFAULT_TENANT) throw new GatewayError('in_use', { detail: 'The default tenant always exists.' })
  const inside = tree.all().filter((one) => one.tenantId === tenant.id)
  if (inside.length === 0) return
  const errors = inside.slice(0, 20).map((one) => ({ path: '', message: `${one.kind} ${one.name} belongs to it.` }))
  throw new GatewayError('in_use', { detail: 'The tenant still has resources.', errors })
}

/** JSON merge patch, RFC 7396. */
export function mergePatch(target: Json, change: Json): Json {
  if (!isJsonObject(change)) return change
  const merged: JsonObject = isJsonObject(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete merged[key]
    else merged[key] = mergePatch(merged[key] ?? null, value)
  }
  return merged
}
