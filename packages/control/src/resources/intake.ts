import {
  type CatalogDescription,
  DEFAULT_TENANT,
  type FieldFault,
  type JsonObject,
  type ResourceDefinition,
} from '@konnect/contract'
import { catalogFaults, catalogWarnings } from './checks.ts'
import type { Entry } from './entries.ts'
import { createId } from './ids.ts'
import { bodySchemaOf, isOrdered } from './kinds.ts'
import type { Secrets } from './secrets.ts'
import { applyTrait, keyHash, type Origin } from './traits.ts'
import { ORDER, orderOf, type ResourceTree, type StoredResource } from './tree.ts'

/** What an intake needs besides the entries. */
export interface IntakeOptions {
  readonly catalog: CatalogDescription
  readonly secrets: Secrets
  readonly origin: Origin
  /** Owner of entries that came without theirs: the parent in the address of a request. */
  readonly parent?: StoredResource | undefined
  /** The one stored resource that a request names; the entry replaces it. */
  readonly target?: StoredResource | undefined
}

/** What an intake put into the tree. */
export interface IntakeReport {
  readonly faults: readonly FieldFault[]
  readonly warnings: readonly string[]
  /** In the order of the entries. */
  readonly placed: readonly Placement[]
}

/** One entry and what became of it. */
export interface Placement {
  readonly entry: Entry
  readonly resource: StoredResource
  readonly once: JsonObject | undefined
}

/** Puts entries into `tree`: names derived, secrets sealed, traits applied, child lists that were given made complete. */
export function takeIn(tree: ResourceTree, entries: readonly Entry[], options: IntakeOptions): IntakeReport {
  const intake = new Intake(tree, options)
  for (const entry of entries) intake.take(entry)
  for (const entry of entries) intake.completeLists(entry)
  return { faults: intake.faults, warnings: intake.warnings, placed: [...intake.placed.values()] }
}

class Intake {
  readonly faults: FieldFault[] = []
  readonly warnings: string[] = []
  readonly placed = new Map<Entry, Placement>()
  readonly #taken = new Set<string>()
  readonly #tree: ResourceTree
  readonly #options: IntakeOptions

  constructor(tree: ResourceTree, options: IntakeOptions) {
    this.#tree = tree
    this.#options = options
  }

  take(entry: Entry): void {
    const tenantId = this.#tenantOf(entry)
    const owner = entry.owner ? this.placed.get(entry.owner)?.resource : this.#options.parent
    if (tenantId === undefined || (entry.definition.parent !== undefined && !owner)) return
    const parentId = entry.definition.parent === undefined ? null : (owner?.id ?? null)
    const site = { tenantId, parentId }
    const name = this.#nameOf(entry, site)
    const stored = this.#options.target ?? this.#tree.find(tenantId, entry.definition.kind, parentId, name)
    if (stored && this.#taken.has(stored.id)) {
      this.#fault(entry, {
        path: '/name',
        message: `Another ${entry.definition.title} here is named "${name}" already.`,
      })
      return
    }
    this.#place(entry, { ...site, name, stored })
  }

  /** A list of children that was given is the whole list. */
  completeLists(entry: Entry): void {
    const owner = this.placed.get(entry)?.resource
    for (const child of owner ? entry.listed : [])
      for (const one of this.#tree.children(owner?.id ?? '', child.kind))
        if (!this.#taken.has(one.id)) this.#tree.remove(one.id)
  }

  #place(entry: Entry, site: Site): void {
    const { kind, idPrefix } = entry.definition
    const { spec, once } = this.#specOf(entry, site)
    const ordered = isOrdered(entry.definition) ? { [ORDER]: this.#orderOf(entry, site) } : {}
    const resource: StoredResource = {
      id: site.stored?.id ?? createId(idPrefix),
      tenantId: site.tenantId,
      kind,
      parentId: site.parentId,
      name: site.name,
      spec: { ...spec, name: site.name, ...ordered },
    }
    this.#tree.put(resource)
    this.#taken.add(resource.id)
    this.placed.set(entry, { entry, resource, once })
    this.warnings.push(...catalogWarnings(this.#options.catalog, kind, resource.spec))
  }

  #specOf(entry: Entry, { tenantId, stored }: Site): { spec: JsonObject; once: JsonObject | undefined } {
    const { catalog, secrets, origin } = this.#options
    const schema = bodySchemaOf(entry.definition)
    const { plain, faults } = secrets.unmask(schema, entry.spec, stored?.spec)
    const prepared = applyTrait(entry.definition.kind, plain, { origin, tree: this.#tree, tenantId, stored })
    const found = [...faults, ...catalogFaults(catalog, schema, plain), ...prepared.faults]
    for (const fault of secrets.redact(schema, plain, found)) this.#fault(entry, fault)
    return { spec: secrets.seal(schema, prepared.spec, stored?.spec), once: prepared.once }
  }

  #tenantOf(entry: Entry): string | undefined {
    if (entry.tenant === DEFAULT_TENANT || entry.definition.scope === 'system') return DEFAULT_TENANT
    const tenant = this.#tree.find(DEFAULT_TENANT, 'tenant', null, entry.tenant)
    if (!tenant) this.#fault(entry, { path: '', message: `There is no tenant "${entry.tenant}".` })
    return tenant?.id
  }

  #nameOf(entry: Entry, site: Pick<Site, 'tenantId' | 'parentId'>): string {
    if (this.#options.target && entry.owner === undefined) return this.#options.target.name
    if (typeof entry.spec.name === 'string') return entry.spec.name
    return this.#sameKey(entry, site) ?? this.#freeName(entry.definition, entry, site)
  }

  // A key without a name is known by its value, wherever it stands in the list.
  #sameKey({ definition, spec }: Entry, { parentId }: Pick<Site, 'parentId'>): string | undefined {
    const hash = typeof spec.value === 'string' ? keyHash(spec.value) : spec.hash
    if (definition.kind !== 'key' || hash === undefined || parentId === null) return undefined
    const same = this.#tree.children(parentId, 'key').find((one) => one.spec.hash === hash)
    return same && !this.#taken.has(same.id) ? same.name : undefined
  }

  #freeName(definition: ResourceDefinition, entry: Entry, site: Pick<Site, 'tenantId' | 'parentId'>): string {
    const isFree = (name: string) => {
      const existing = this.#tree.find(site.tenantId, definition.kind, site.parentId, name)
      return existing === undefined || (this.#options.origin === 'file' && !this.#taken.has(existing.id))
    }
    const derive = (index: number) => definition.nameOf?.(entry.spec, index).slice(0, 120) ?? ''
    const first = derive(entry.index)
    if (isFree(first)) return first
    for (let count = 1; ; count += 1) {
      const counted = derive(entry.index + count)
      const name = counted === first ? `${first}-${count + 1}` : counted
      if (isFree(name)) return name
    }
  }

  #orderOf(entry: Entry, { stored, parentId, tenantId }: Site): number {
    if (this.#options.origin === 'file') return entry.index
    if (stored) return orderOf(stored)
    const { kind } = entry.definition
    const siblings = parentId === null ? this.#tree.ofKind(kind, tenantId) : this.#tree.children(parentId, kind)
    return siblings.reduce((last, one) => Math.max(last, orderOf(one)), -1) + 1
  }

  #fault(entry: Entry, fault: FieldFault): void {
    this.faults.push({ ...fault, path: entry.pointer + fault.path })
  }
}

interface Site {
  readonly tenantId: string
  readonly parentId: string | null
  readonly name: string
  readonly stored: StoredResource | undefined
}
