import { DEFAULT_TENANT, type FieldFault, type JsonObject } from '@konnect/contract'
import { structureFaults } from '../resources/acts.ts'
import { type Authored, type Configuration, type Draft, validationFailed } from '../resources/configuration.ts'
import { type Entry, entriesOfDocument } from '../resources/entries.ts'
import { takeIn } from '../resources/intake.ts'
import { documentSchema, ROOTS } from '../resources/kinds.ts'
import type { ResourceTree, StoredResource } from '../resources/tree.ts'

/** A document and how it is to be taken. */
export interface DocumentInput {
  readonly document: JsonObject
  /** Also removes what the document does not list. */
  readonly prune?: boolean
  /** Name of the tenant that the first level of the document belongs to. Default: the default tenant. */
  readonly tenant?: string
}

/** Makes the configuration what a document says. Throws `validation_failed` for what its schema forbids. */
export function applyDocument(configuration: Configuration, input: DocumentInput) {
  const faults = structureFaults(configuration, documentSchema, input.document)
  if (faults.length > 0) throw validationFailed(faults)
  const tenant = input.tenant ?? DEFAULT_TENANT
  demandOwnPart(input.document, tenant)
  const entries = entriesOfDocument(input.document, tenant)
  return (draft: Draft): Authored<undefined> => {
    const report = takeIn(draft.after, entries, { ...configuration, origin: 'file' })
    const listed = report.placed.map((one) => one.resource)
    if (input.prune) prune(draft.after, listed, tenant)
    return {
      result: undefined,
      faults: [...report.faults, ...defaultTenantFaults(entries)],
      warnings: [...report.warnings, ...budgetWarnings(entries)],
      listed,
      pointers: new Map(report.placed.map((one) => [one.resource.id, one.entry.pointer])),
    }
  }
}

/** A document for one tenant cannot speak of the whole gateway. */
function demandOwnPart(document: JsonObject, tenant: string): void {
  if (tenant === DEFAULT_TENANT) return
  const foreign = ROOTS.filter(({ scope, plural }) => scope === 'system' && document[plural] !== undefined)
  const message = `This concerns the whole gateway; a document for tenant "${tenant}" cannot change it.`
  if (foreign.length > 0) throw validationFailed(foreign.map(({ plural }) => ({ path: `/${plural}`, message })))
}

// The default tenant's resources stand on the first level; a second place for them would make the file ambiguous.
function defaultTenantFaults(entries: readonly Entry[]): FieldFault[] {
  const inside = entries.find(
    (one) => /^\/tenants\/\d+\/(?!policies)/.test(one.pointer) && one.tenant === DEFAULT_TENANT,
  )
  if (!inside || inside.definition.kind === 'tenant') return []
  return [{ path: inside.pointer, message: 'Expected resources of the default tenant on the first level of the file.' }]
}

function budgetWarnings(entries: readonly Entry[]): string[] {
  const count = entries.filter((one) => one.definition.kind === 'budget').length
  if (count === 0) return []
  return [`${count === 1 ? 'The budget is' : `The ${count} budgets are`} kept, but not enforced yet.`]
}

/** Removes what is not listed: everywhere for a document of the whole gateway, else within its tenant. */
function prune(tree: ResourceTree, listed: readonly StoredResource[], tenant: string): void {
  const kept = new Set(listed.map((one) => one.id))
  const tenantId = tree.find(DEFAULT_TENANT, 'tenant', null, tenant)?.id
  const isWhole = tenant === DEFAULT_TENANT
  const isOurs = (one: StoredResource) => isWhole || (one.tenantId === tenantId && one.kind !== 'tenant')
  for (const one of tree.all())
    if (isOurs(one) && !kept.has(one.id) && one.id !== DEFAULT_TENANT && tree.get(one.id)) tree.remove(one.id)
}
