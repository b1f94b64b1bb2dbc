import type { CatalogDescription, FieldFault, ResourceKind } from '@konnect/contract'
import type { Difference } from './changes.ts'
import { definitionOf, objectsUnder, type SchemaNode } from './kinds.ts'
import { modelFaults } from './model-faults.ts'
import type { ResourceTree, StoredResource } from './tree.ts'
import { walk } from './walk.ts'

/** A resource and one fault inside its spec. */
export interface ResourceFault {
  readonly resource: StoredResource
  readonly fault: FieldFault
}

/** What a resource refers to, and what it refers to in vain. */
interface ReferenceReport {
  /** Ids, each once. */
  readonly ids: readonly string[]
  readonly faults: readonly FieldFault[]
}

/** Resolves every reference of a resource within its tenant. */
export function referencesOf(
  catalog: CatalogDescription,
  tree: ResourceTree,
  resource: StoredResource,
): ReferenceReport {
  const ids = new Set<string>()
  const faults: FieldFault[] = []
  walk(catalog, definitionOf(resource.kind).schema as unknown as SchemaNode, resource.spec, (place) => {
    const kind = place.schema['x-ref']
    if (kind === undefined || typeof place.value !== 'string') return undefined
    const target = tree.find(resource.tenantId, kind, null, place.value)
    if (target) ids.add(target.id)
    else faults.push({ path: place.pointer, message: missing(kind, place.value) })
    return undefined
  })
  return { ids: [...ids], faults }
}

const missing = (kind: ResourceKind, name: string): string =>
  `There is no ${definitionOf(kind).title.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())} named "${name}" in this tenant.`

/**
 * Checks what resources say of one another: references, plans, versions of models, and names and keys that must differ. References are looked at in
 * `suspects` only; see {@link suspectsOf}.
 */
export function crossFaults(
  catalog: CatalogDescription,
  tree: ResourceTree,
  suspects: readonly StoredResource[],
): ResourceFault[] {
  const dangling = suspects.flatMap((resource) =>
    referencesOf(catalog, tree, resource).faults.map((fault) => ({ resource, fault })),
  )
  return [...dangling, ...planFaults(tree), ...keyFaults(tree), ...modelFaults(tree)]
}

/** Resources whose references a change may have broken: the changed ones, or all once something is gone. */
export function suspectsOf(tree: ResourceTree, differences: readonly Difference[]): readonly StoredResource[] {
  const changed = differences.flatMap((one) => one.after ?? [])
  return changed.length < differences.length ? tree.all() : changed
}

function planFaults(tree: ResourceTree): ResourceFault[] {
  return tree.ofKind('subscription').flatMap((resource) => {
    const { product: name, plan } = resource.spec
    if (typeof name !== 'string') return []
    const product = tree.find(resource.tenantId, 'product', null, name)
    if (!product) return []
    const plans = objectsUnder(product.spec, 'plans').map((one) => String(one.name))
    if (plans.includes(String(plan))) return []
    const message = `Product "${name}" has no plan "${plan}"; expected one of: ${plans.join(', ')}.`
    return [{ resource, fault: { path: '/plan', message } }]
  })
}

// Whose key it is stays untold: the other application may belong to another tenant.
function keyFaults(tree: ResourceTree): ResourceFault[] {
  const seen = new Set<unknown>()
  return tree.ofKind('key').flatMap((resource) => {
    const { hash } = resource.spec
    if (!seen.has(hash)) {
      seen.add(hash)
      return []
    }
    return [{ resource, fault: { path: '/value', message: 'This key is in use already; choose another value.' } }]
  })
}
