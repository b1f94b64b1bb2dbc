import type { JsonObject, ResourceKind, ResourceRow } from '@konnect/contract'
import { rankOf } from './kinds.ts'

/** A resource without what the database adds to it. */
export type StoredResource = Pick<ResourceRow, 'id' | 'tenantId' | 'kind' | 'parentId' | 'name' | 'spec'>

/** Member of a stored spec that holds the place among siblings; never shown. */
export const ORDER = '$order'

/** Place of a resource among its siblings; later ones have greater numbers. */
export const orderOf = (resource: StoredResource): number => Number(resource.spec[ORDER] ?? 0)

/** The spec without what only the store needs. */
export function publicSpec(resource: Pick<StoredResource, 'spec'>): JsonObject {
  const { [ORDER]: _, ...spec } = resource.spec
  return spec
}

/** A configuration in memory: every resource of every tenant, found by id or by name. Changes stay in memory. */
export class ResourceTree {
  readonly #byId = new Map<string, StoredResource>()
  readonly #idByName = new Map<string, string>()
  readonly #owned = new Map<string, Set<string>>()

  constructor(resources: Iterable<StoredResource>) {
    for (const resource of resources) this.put(resource)
  }

  get(id: string): StoredResource | undefined {
    return this.#byId.get(id)
  }

  find(tenantId: string, kind: ResourceKind, parentId: string | null, name: string): StoredResource | undefined {
    const id = this.#idByName.get(nameKey({ tenantId, kind, parentId, name }))
    return id === undefined ? undefined : this.#byId.get(id)
  }

  /** Everything, in the order of creation, order and name. */
  all(): StoredResource[] {
    return [...this.#byId.values()].sort(compare)
  }

  ofKind(kind: ResourceKind, tenantId?: string): StoredResource[] {
    return this.#select((one) => one.kind === kind && (tenantId === undefined || one.tenantId === tenantId))
  }

  /** What `parentId` owns, of one kind or of all. */
  children(parentId: string, kind?: ResourceKind): StoredResource[] {
    const owned = [...(this.#owned.get(parentId) ?? [])].flatMap((id) => this.#byId.get(id) ?? [])
    return owned.filter((one) => kind === undefined || one.kind === kind).sort(compare)
  }

  copy(): ResourceTree {
    return new ResourceTree(this.#byId.values())
  }

  put(resource: StoredResource): void {
    this.#byId.set(resource.id, resource)
    this.#idByName.set(nameKey(resource), resource.id)
    if (resource.parentId === null) return
    const siblings = this.#owned.get(resource.parentId) ?? new Set()
    this.#owned.set(resource.parentId, siblings.add(resource.id))
  }

  /** Removes a resource, what it owns, and, for a tenant, everything inside. */
  remove(id: string): void {
    const resource = this.#byId.get(id)
    if (!resource) return
    this.#byId.delete(id)
    this.#idByName.delete(nameKey(resource))
    if (resource.parentId !== null) this.#owned.get(resource.parentId)?.delete(id)
    const inside = resource.kind === 'tenant' ? this.#select((one) => one.tenantId === id) : this.children(id)
    for (const child of inside) this.remove(child.id)
  }

  #select(condition: (resource: StoredResource) => boolean): StoredResource[] {
    return [...this.#byId.values()].filter(condition).sort(compare)
  }
}

const nameKey = ({ tenantId, kind, parentId, name }: Omit<StoredResource, 'id' | 'spec'>): string =>
  `${tenantId}\n${kind}\n${parentId ?? ''}\n${name}`

// Names compare by code point, not by locale, so that every process publishes the same order.
function compare(a: StoredResource, b: StoredResource): number {
  return (
    rankOf(a.kind) - rankOf(b.kind) ||
    orderText(a.tenantId, b.tenantId) ||
    orderText(a.parentId ?? '', b.parentId ?? '') ||
    orderOf(a) - orderOf(b) ||
    orderText(a.name, b.name)
  )
}

const orderText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
