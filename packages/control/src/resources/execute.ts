import type { CatalogDescription, ResourceRepository, Store } from '@konnect/contract'
import type { Difference } from './changes.ts'
import { rankOf } from './kinds.ts'
import { referencesOf } from './references.ts'
import type { ResourceTree, StoredResource } from './tree.ts'

/** A transaction that sees every tenant. */
export type SystemTransaction = Parameters<Parameters<Store['asSystem']>[0]>[0]

/** What the database is told to do. */
export interface Execution {
  readonly catalog: CatalogDescription
  readonly before: ResourceTree
  readonly after: ResourceTree
  readonly differences: readonly Difference[]
}

/**
 * Writes differences so that no step meets a rule of the database that the end result would satisfy: what refers to
 * something that goes lets go of it first, then resources go, come and change.
 */
export async function execute(tx: SystemTransaction, execution: Execution): Promise<void> {
  const { differences, after, catalog } = execution
  const pairs = [...differences].sort((a, b) => rankOf(kindOf(a)) - rankOf(kindOf(b)))
  const at = (one: StoredResource): ResourceRepository => tx.forTenant(one.tenantId)
  const gone = pairs.flatMap((pair) => (pair.before && !pair.after ? [pair.before] : []))
  await detach(tx, execution, new Set(gone.map((one) => one.id)))
  for (const one of gone.reverse()) await at(one).remove(one.id)
  for (const { before, after: one } of pairs) {
    if (!one || before) continue
    const { ids } = referencesOf(catalog, after, one)
    await at(one).insert({
      id: one.id,
      kind: one.kind,
      parentId: one.parentId,
      name: one.name,
      spec: one.spec,
      references: ids,
    })
  }
  for (const { before, after: one } of pairs) {
    if (!one || !before) continue
    const { ids } = referencesOf(catalog, after, one)
    await at(one).update(one.id, { spec: one.spec, references: ids })
  }
}

async function detach(tx: SystemTransaction, execution: Execution, gone: ReadonlySet<string>): Promise<void> {
  for (const { before } of execution.differences) {
    if (!before || gone.size === 0) continue
    const { ids } = referencesOf(execution.catalog, execution.before, before)
    if (ids.some((id) => gone.has(id)))
      await tx.forTenant(before.tenantId).update(before.id, { spec: before.spec, references: [] })
  }
}

const kindOf = ({ before, after }: Difference): StoredResource['kind'] => ((after ?? before) as StoredResource).kind
