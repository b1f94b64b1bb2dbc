import { isDeepStrictEqual } from 'node:util'
import { type Change, DEFAULT_TENANT, type JsonObject } from '@konnect/contract'
import { bodySchemaOf, definitionOf, rankOf } from './kinds.ts'
import type { Secrets } from './secrets.ts'
import { publicSpec, type ResourceTree, type StoredResource } from './tree.ts'

/** One resource before and after; at least one of the two is there. */
export interface Difference {
  readonly before: StoredResource | undefined
  readonly after: StoredResource | undefined
}

/** Every resource that differs between two configurations, by id. */
export function differencesBetween(before: ResourceTree, after: ResourceTree): Difference[] {
  const changed = after
    .all()
    .map((one) => ({ before: before.get(one.id), after: one }))
    .filter((pair) => !isDeepStrictEqual(pair.before?.spec, pair.after.spec))
  const gone = before
    .all()
    .filter((one) => after.get(one.id) === undefined)
    .map((one) => ({ before: one, after: undefined }))
  return [...changed, ...gone]
}

/** Where names come from when changes are told. */
export interface ChangeContext {
  readonly before: ResourceTree
  readonly after: ResourceTree
  readonly secrets: Secrets
}

/**
 * Tells differences in the words of the declarative file. A resource that was removed and created anew under its name
 * counts as updated. `listed` resources without a difference are told as unchanged.
 */
export function changesOf(
  differences: readonly Difference[],
  context: ChangeContext,
  listed: readonly StoredResource[] = [],
): Change[] {
  const differing = new Set(differences.map((one) => one.after?.id))
  const same = listed.filter((one) => !differing.has(one.id)).map((one) => ({ before: one, after: one }))
  const changes = merged(differences, context).map((one) => changeOf(one, context))
  return [...changes, ...same.map((one) => changeOf(one, context))].sort((a, b) => rankOf(a.kind) - rankOf(b.kind))
}

function merged(differences: readonly Difference[], context: ChangeContext): Difference[] {
  const key = (one: StoredResource, tree: ResourceTree) =>
    [one.tenantId, one.kind, one.parentId && tree.get(one.parentId)?.name, one.name].join('\n')
  const removed = new Map<string, StoredResource>()
  for (const { before, after } of differences) if (before && !after) removed.set(key(before, context.before), before)
  const told = differences.flatMap((one) => {
    if (!one.after || one.before) return one.after ? [one] : []
    const twin = removed.get(key(one.after, context.after))
    if (twin) removed.delete(key(twin, context.before))
    return [{ before: twin, after: one.after }]
  })
  return [...told, ...[...removed.values()].map((before) => ({ before, after: undefined }))]
}

function changeOf({ before, after }: Difference, context: ChangeContext): Change {
  const tree = after ? context.after : context.before
  const one = (after ?? before) as StoredResource
  const shown = (resource: StoredResource | undefined) => (resource ? shownSpec(context.secrets, resource) : null)
  return {
    action: actionOf(before, after),
    kind: one.kind,
    tenant: one.tenantId === DEFAULT_TENANT ? DEFAULT_TENANT : (tree.get(one.tenantId)?.name ?? one.tenantId),
    parent: one.parentId === null ? null : (tree.get(one.parentId)?.name ?? null),
    name: one.name,
    before: shown(before),
    after: shown(after),
  }
}

function actionOf(before: StoredResource | undefined, after: StoredResource | undefined): Change['action'] {
  if (!before) return 'create'
  if (!after) return 'delete'
  return isDeepStrictEqual(publicSpec(before), publicSpec(after)) ? 'unchanged' : 'update'
}

/** A stored spec as it may be shown: secrets masked, what only the store needs left out. */
export const shownSpec = (secrets: Secrets, resource: Pick<StoredResource, 'kind' | 'spec'>): JsonObject =>
  secrets.mask(bodySchemaOf(definitionOf(resource.kind)), publicSpec(resource))
