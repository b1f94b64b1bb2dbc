import { DEFAULT_TENANT, type JsonObject } from '@konnect/contract'
import { shownSpec } from '../resources/changes.ts'
import { childrenOf, definitionOf, TENANT_ROOTS } from '../resources/kinds.ts'
import type { Secrets } from '../resources/secrets.ts'
import { ResourceTree, type StoredResource } from '../resources/tree.ts'

/** What a Snapshot keeps of the configuration it was made from: every resource with its id, secrets sealed. */
export function documentOf(tree: ResourceTree): JsonObject {
  return {
    resources: tree
      .all()
      .map(({ id, tenantId, kind, parentId, name, spec }) => ({ id, tenantId, kind, parentId, name, spec })),
  }
}

/** The configuration that {@link documentOf} kept. */
export function treeOf(document: JsonObject): ResourceTree {
  return new ResourceTree((document.resources ?? []) as unknown as StoredResource[])
}

/**
 * The declarative document of a configuration, as people write it: secrets masked, keys as hashes. With `tenantId` only
 * what belongs to that tenant.
 */
export function declarativeDocument(tree: ResourceTree, secrets: Secrets, tenantId?: string): JsonObject {
  const write = (one: StoredResource) => withChildren(tree, secrets, one)
  const isWanted = (id: string) => tenantId === undefined || tenantId === id
  const policies = tree.ofKind('policy').map(write)
  const tenants = tree
    .ofKind('tenant')
    .filter((one) => isWanted(one.id))
    .flatMap((one) => {
      const isDefault = one.id === DEFAULT_TENANT
      const body = { ...write(one), ...(isDefault ? {} : rootsOf(tree, one.id, write)) }
      return isDefault && Object.keys(body).length === 1 ? [] : [body]
    })
  return {
    ...(tenants.length > 0 ? { tenants } : {}),
    ...(isWanted(DEFAULT_TENANT) ? rootsOf(tree, DEFAULT_TENANT, write) : {}),
    ...(isWanted(DEFAULT_TENANT) && policies.length > 0 ? { policies } : {}),
  }
}

function rootsOf(tree: ResourceTree, tenantId: string, write: (one: StoredResource) => JsonObject): JsonObject {
  const lists = TENANT_ROOTS.map((definition) => [definition.plural, tree.ofKind(definition.kind, tenantId).map(write)])
  return Object.fromEntries(lists.filter(([, list]) => list !== undefined && list.length > 0))
}

function withChildren(tree: ResourceTree, secrets: Secrets, one: StoredResource): JsonObject {
  const { name, ...spec } = shownSpec(secrets, one)
  const lists = childrenOf(definitionOf(one.kind).kind).map((child) => [
    child.plural,
    tree.children(one.id, child.kind).map((each) => withChildren(tree, secrets, each)),
  ])
  return { name: name ?? one.name, ...spec, ...Object.fromEntries(lists.filter(([, list]) => list?.length)) }
}
