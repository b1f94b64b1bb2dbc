import {
  type ApplyResult,
  type CatalogDescription,
  type Change,
  DEFAULT_TENANT,
  type FieldFault,
  GatewayError,
  type JsonObject,
  type Logger,
  type ResourceKind,
  type SecretBox,
  type SignedSnapshot,
  type SnapshotSigner,
  type Store,
} from '@konnect/contract'
import { type Actor, auditEvent } from '../audit/event.ts'
import { publish } from '../publish/publisher.ts'
import { type RegionOf, residencyWarnings } from '../publish/residency-warnings.ts'
import { changesOf, type Difference, differencesBetween, shownSpec } from './changes.ts'
import { execute, type SystemTransaction } from './execute.ts'
import { crossFaults, type ResourceFault, suspectsOf } from './references.ts'
import { createSecrets, type Secrets } from './secrets.ts'
import { ResourceTree, type StoredResource } from './tree.ts'

/** What the configuration is kept with. */
export interface ConfigurationOptions {
  readonly store: Store
  readonly catalog: CatalogDescription
  readonly secrets: SecretBox
  readonly signer: SnapshotSigner
  readonly logger: Logger
  now(): number
  readonly regionOf?: RegionOf
  /** Told after the transaction of a publish has ended well. */
  onPublish(snapshot: SignedSnapshot): void
}

/** What an author does to the configuration, and what it should be told as. */
export interface Draft {
  readonly before: ResourceTree
  /** Changed in place. */
  readonly after: ResourceTree
  /** Stored revisions, by id. */
  readonly revisions: ReadonlyMap<string, number>
}

/** What an author reports back. */
export interface Authored<T> {
  readonly result: T
  readonly faults?: readonly FieldFault[]
  readonly warnings?: readonly string[]
  /** Also told where nothing changed. */
  readonly listed?: readonly StoredResource[]
  /** JSON Pointer of each resource that came with the request, by id. */
  readonly pointers?: ReadonlyMap<string, string>
}

/** How a change is made. */
export interface ChangeOptions<T> {
  readonly actor: Actor
  readonly author: (draft: Draft) => Authored<T>
  /** `publish` at once (default), `stage` for the next publish, `preview` changes nothing. */
  readonly mode?: 'publish' | 'stage' | 'preview'
  readonly note?: string
  /** What the audit trail says was done; default: `created`, `updated` or `deleted`. */
  readonly verb?: string
  /** Publishes even when nothing changed. */
  readonly isForced?: boolean
}

/** A change that was made, or previewed. */
export interface ChangeReport<T> extends ApplyResult {
  readonly result: T
}

/** Kinds of resources that decide where content goes. */
const CONTENT_GOES_BY: ReadonlySet<ResourceKind> = new Set(['tenant', 'provider', 'model'])

/** The one way to change resources: every change is a transaction that holds validation, writes, audit and publish. */
export class Configuration {
  readonly secrets: Secrets
  readonly catalog: CatalogDescription
  readonly #options: ConfigurationOptions

  constructor(options: ConfigurationOptions) {
    this.#options = options
    this.catalog = options.catalog
    this.secrets = createSecrets(options.catalog, options.secrets)
  }

  /** Throws `validation_failed` or `in_use` with every fault; nothing is changed then. */
  async change<T>(options: ChangeOptions<T>): Promise<ChangeReport<T>> {
    const isPreview = options.mode === 'preview'
    const done = await this.#options.store.asSystem(async (tx) => {
      // The version is a lock as well: whoever writes next reads what this transaction has written.
      const version = isPreview ? 0 : await tx.snapshots.nextVersion()
      const rows = await tx.resources.all()
      const before = new ResourceTree(rows)
      const draft = { before, after: before.copy(), revisions: new Map(rows.map((row) => [row.id, row.revision])) }
      const authored = options.author(draft)
      const differences = differencesBetween(before, draft.after)
      this.#check(draft, authored, differences)
      const changes = changesOf(differences, { ...draft, secrets: this.secrets }, authored.listed)
      const warnings = [...(authored.warnings ?? []), ...this.#warnings(draft.after, differences)]
      const report = { result: authored.result, changes, warnings }
      if (isPreview) return { ...report, snapshotVersion: await latestVersion(tx), snapshot: undefined }
      await execute(tx, { catalog: this.catalog, ...draft, differences })
      await this.#audit(tx, options, differences)
      return { ...report, ...(await this.#publish(tx, draft.after, version, options)) }
    })
    const { snapshot, ...report } = done
    if (snapshot) this.#options.onPublish(snapshot)
    return report
  }

  /** Every resource as it stands. */
  async tree(): Promise<ResourceTree> {
    return this.#options.store.asSystem(async (tx) => new ResourceTree(await tx.resources.all()))
  }

  #warnings(tree: ResourceTree, differences: readonly Difference[]): readonly string[] {
    const concerns = differences.some(({ before, after }) => CONTENT_GOES_BY.has((after ?? before)?.kind ?? 'key'))
    return concerns ? residencyWarnings(tree, this.#options.regionOf ?? (() => undefined)) : []
  }

  async #publish<T>(tx: SystemTransaction, tree: ResourceTree, version: number, options: ChangeOptions<T>) {
    if (options.mode === 'stage') return { snapshotVersion: await latestVersion(tx), snapshot: undefined }
    const { signer, now } = this.#options
    const publishedAt = new Date(now()).toISOString()
    const { actor, note = '', isForced = false } = options
    const done = await publish(tx, { tree, version, actor: actor.label, note, publishedAt, signer, isForced })
    if (done.snapshot) {
      const change = { version: done.version, note }
      await tx.audit.append(auditEvent(actor, 'snapshot.published', { kind: 'snapshot', change }, now()))
    }
    return { snapshotVersion: done.version, snapshot: done.snapshot }
  }

  async #audit<T>(tx: SystemTransaction, options: ChangeOptions<T>, differences: readonly Difference[]): Promise<void> {
    for (const { before, after } of differences) {
      const one = (after ?? before) as StoredResource
      const verb = options.verb ?? outcomeOf({ before, after })
      const change = { before: this.#shown(before), after: this.#shown(after) }
      const subject = { kind: one.kind, resource: one, change, tenantId: one.tenantId }
      await tx.audit.append(auditEvent(options.actor, `${one.kind}.${verb}`, subject, this.#options.now()))
    }
  }

  #shown(resource: StoredResource | undefined): JsonObject | null {
    return resource ? shownSpec(this.secrets, resource) : null
  }

  #check<T>(draft: Draft, authored: Authored<T>, differences: readonly Difference[]): void {
    const found = crossFaults(this.catalog, draft.after, suspectsOf(draft.after, differences))
    // What was broken before, e.g. by a plugin that is gone, must not stand in the way of every other change.
    const known = new Set(
      found.length === 0 ? [] : crossFaults(this.catalog, draft.before, draft.before.all()).map(faultKey),
    )
    const fresh = found.filter((one) => !known.has(faultKey(one)))
    const pointerOf = ({ resource }: ResourceFault) => authored.pointers?.get(resource.id)
    const own = fresh.flatMap((one) => {
      const pointer = pointerOf(one)
      return pointer === undefined ? [] : [{ ...one.fault, path: pointer + one.fault.path }]
    })
    const faults = [...(authored.faults ?? []), ...own]
    if (faults.length > 0) throw validationFailed(faults)
    const others = fresh.filter((one) => pointerOf(one) === undefined)
    if (others.length > 0) throw inUse(draft, others)
  }
}

const outcomeOf = ({ before, after }: Difference): string => (before ? (after ? 'updated' : 'deleted') : 'created')

const faultKey = ({ resource, fault }: ResourceFault): string => `${resource.id} ${fault.path} ${fault.message}`

/** Refusal with its reasons; the first one is the detail when it is the only one. */
export function validationFailed(faults: readonly FieldFault[]): GatewayError {
  const only = faults.length === 1 ? faults[0] : undefined
  const place = only?.path ? `${only.path}: ` : ''
  return new GatewayError('validation_failed', { errors: faults, ...(only ? { detail: place + only.message } : {}) })
}

// Resources that nobody touched would lose what they refer to.
function inUse({ after, before }: Draft, faults: readonly ResourceFault[]): GatewayError {
  const errors = faults.map(({ resource, fault }) => {
    const parent =
      resource.parentId === null ? '' : `${(after.get(resource.parentId) ?? before.get(resource.parentId))?.name}/`
    return { path: '', message: `Used by ${resource.kind} ${parent}${resource.name}${fault.path}: ${fault.message}` }
  })
  return new GatewayError('in_use', { errors })
}

/** Version of the latest publish; 0 when there is none. */
export async function latestVersion(tx: SystemTransaction): Promise<number> {
  return (await tx.snapshots.list({ limit: 1 })).items[0]?.version ?? 0
}

/** The resource that stands for the default tenant exists from the first start on. */
export function ensureDefaultTenant({ before, after }: Draft): Authored<undefined> {
  if (!before.get(DEFAULT_TENANT))
    after.put({
      id: DEFAULT_TENANT,
      tenantId: DEFAULT_TENANT,
      kind: 'tenant',
      parentId: null,
      name: DEFAULT_TENANT,
      spec: { name: DEFAULT_TENANT },
    })
  return { result: undefined }
}

/** Changes that are worth telling: everything but what stayed. */
export const realChanges = (changes: readonly Change[]): Change[] =>
  changes.filter((change) => change.action !== 'unchanged')
