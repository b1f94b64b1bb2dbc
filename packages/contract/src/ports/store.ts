import type { Call, CallFilter, CallStats, Comparison, Rating, VersionFigures } from '../call.ts'
import type { JsonObject } from '../json.ts'
import type { ResourceKind } from '../resources/definition.ts'
import type { SignedSnapshot } from '../snapshot.ts'

/** A resource at rest. Secrets inside `spec` are sealed; names of referred resources stand in `spec` as written. */
export interface ResourceRow {
  readonly id: string
  readonly tenantId: string
  readonly kind: ResourceKind
  readonly parentId: string | null
  readonly name: string
  readonly spec: JsonObject
  /** Starts at 1, grows by one with each update. */
  readonly revision: number
  /** ISO 8601. */
  readonly createdAt: string
  readonly updatedAt: string
}

/** A page of a longer list. */
export interface Page<T> {
  readonly items: readonly T[]
  /** Pass as `cursor` for the next page; null at the end. */
  readonly nextCursor: string | null
}

export interface ResourceQuery {
  readonly kind: ResourceKind
  readonly parentId?: string
  /** Part of the name, case-insensitive. */
  readonly search?: string
  /** Default 50, at most 1,000. */
  readonly limit?: number
  readonly cursor?: string
  /** Default: by name, ascending. */
  readonly sort?: 'name' | '-name' | 'updatedAt' | '-updatedAt'
}

export interface NewResource {
  readonly id: string
  readonly kind: ResourceKind
  readonly parentId: string | null
  readonly name: string
  readonly spec: JsonObject
  /** Ids of the resources that `spec` refers to. */
  readonly references: readonly string[]
}

/** Resources of the transaction's tenant; in a system transaction, of `tenantId` where given. */
export interface ResourceRepository {
  get(id: string): Promise<ResourceRow | undefined>
  findByName(kind: ResourceKind, name: string, parentId?: string | null): Promise<ResourceRow | undefined>
  list(query: ResourceQuery): Promise<Page<ResourceRow>>
  count(kind: ResourceKind): Promise<number>
  /** Every resource the transaction can see, ordered by kind, parent and name. For publish, diff and export. */
  all(): Promise<readonly ResourceRow[]>
  /** Throws GatewayError `name_taken`. */
  insert(resource: NewResource): Promise<ResourceRow>
  /** Throws GatewayError `revision_conflict` when `expectedRevision` is not the stored one, `resource_not_found`. */
  update(
    id: string,
    change: { readonly spec: JsonObject; readonly references: readonly string[]; readonly expectedRevision?: number },
  ): Promise<ResourceRow>
  /** Removes it and its children. Throws GatewayError `in_use` while others refer to it, `resource_not_found`. */
  remove(id: string): Promise<void>
  /** Resources that refer to `id`. */
  usedBy(id: string): Promise<readonly ResourceRow[]>
}

export interface UserRow {
  readonly id: string
  readonly email: string
  readonly name: string
  /** PHC string (argon2id). */
  readonly passwordHash: string
  readonly role: 'admin'
  readonly createdAt: string
}

export interface SessionRow {
  /** SHA-256 of the cookie's value. */
  readonly hash: string
  readonly userId: string
  readonly createdAt: string
  readonly expiresAt: string
}

export interface ApiTokenRow {
  readonly id: string
  readonly name: string
  /** SHA-256 of the token. */
  readonly hash: string
  readonly hint: string
  readonly userId: string | null
  readonly createdAt: string
  readonly expiresAt: string | null
  readonly lastUsedAt: string | null
}

/** People and machines that may use the control API. All belong to the default tenant in this version. */
export interface IdentityRepository {
  countUsers(): Promise<number>
  insertUser(user: UserRow): Promise<void>
  findUserByEmail(email: string): Promise<UserRow | undefined>
  findUser(id: string): Promise<UserRow | undefined>
  insertSession(session: SessionRow): Promise<void>
  /** Expired sessions are not found. */
  findSession(hash: string): Promise<SessionRow | undefined>
  deleteSession(hash: string): Promise<void>
  /** Replaces a token of the same hash. */
  saveToken(token: ApiTokenRow): Promise<void>
  /** Expired tokens are not found. */
  findToken(hash: string): Promise<ApiTokenRow | undefined>
  listTokens(): Promise<readonly ApiTokenRow[]>
  deleteToken(id: string): Promise<boolean>
}

/** The record an administrator's act leaves. */
export interface AuditEvent {
  readonly id: string
  readonly tenantId: string
  /** ISO 8601. */
  readonly at: string
  /** `user:<email>`, `token:<name>` or `system`. */
  readonly actor: string
  /** Noun and verb, e.g. `api.created`, `snapshot.published`, `user.signed-in`. */
  readonly action: string
  readonly kind: string
  readonly resourceId: string | null
  readonly resourceName: string | null
  /** Before and after, secrets masked. */
  readonly change: JsonObject
  readonly clientIp: string | null
}

export interface AuditRepository {
  append(event: AuditEvent): Promise<void>
  /** Newest first. */
  list(query: {
    readonly limit?: number
    readonly cursor?: string
    readonly kind?: string
    readonly resourceId?: string
  }): Promise<Page<AuditEvent>>
}

/** A publish, with what it published. */
export interface SnapshotRow extends SignedSnapshot {
  readonly publishedAt: string
  readonly actor: string
  readonly note: string
  /** SHA-256 of the configuration without version and time; equal when nothing changed. */
  readonly digest: string
  /** The declarative document (secrets sealed) that this Snapshot was made from; what a rollback restores. */
  readonly document: JsonObject
}

export interface SnapshotRepository {
  latest(): Promise<SnapshotRow | undefined>
  get(version: number): Promise<SnapshotRow | undefined>
  /** Newest first, without payload and document. */
  list(query: {
    readonly limit?: number
    readonly cursor?: string
  }): Promise<Page<Omit<SnapshotRow, 'payload' | 'document' | 'signature'>>>
  /** Version of the next publish. Held until the transaction ends, so that two publishes never share one. */
  nextVersion(): Promise<number>
  insert(row: SnapshotRow): Promise<void>
  /** Keeps the newest `keep` and removes the rest. */
  prune(keep: number): Promise<void>
}

/** Calls of one model over a time. */
export interface ModelRange {
  /** Public name. */
  readonly model: string
  /** ISO 8601, inclusive. */
  readonly from: string
  /** ISO 8601, exclusive. */
  readonly to: string
}

export interface CallRepository {
  /** Stores a batch; a call that is stored already is left alone, so that shipping may repeat. Returns how many were new. */
  insert(calls: readonly Call[]): Promise<number>
  get(id: string): Promise<Call | undefined>
  /** Newest first. */
  search(filter: CallFilter, page: { readonly limit?: number; readonly cursor?: string }): Promise<Page<Call>>
  /** Figures over the matching calls, in `buckets` equal steps between `from` and `to`. */
  stats(filter: CallFilter & { readonly from: string; readonly to: string }, buckets: number): Promise<CallStats>
  /** Figures of each version of a model, those of clients and those of comparisons apart, by name of the version. */
  versions(range: ModelRange): Promise<readonly VersionFigures[]>
  /** Comparisons of versions of a model, newest first. One whose main call is not stored is left out. */
  comparisons(range: ModelRange, page: { readonly limit?: number; readonly cursor?: string }): Promise<Page<Comparison>>
  /** Keeps a rating, in place of an earlier one of the same rater. Throws GatewayError `resource_not_found`. */
  rate(rating: Rating): Promise<void>
  /** Ratings of a call, newest first. */
  ratings(callId: string): Promise<readonly Rating[]>
  /** Drops partitions that lie wholly before `before` (ISO 8601), and the ratings of their calls; returns how many. */
  expire(before: string): Promise<number>
}

/** Small facts of the installation, e.g. the setup token's hash. */
export interface SettingRepository {
  get(name: string): Promise<string | undefined>
  set(name: string, value: string): Promise<void>
  delete(name: string): Promise<void>
}

/** Everything inside one database transaction. */
export interface StoreTransaction {
  readonly resources: ResourceRepository
  readonly identity: IdentityRepository
  readonly audit: AuditRepository
  readonly snapshots: SnapshotRepository
  readonly calls: CallRepository
  readonly settings: SettingRepository
}

/**
 * The database of the control plane. `work` runs inside one transaction, committed when it resolves and rolled back when
 * it throws. Database faults surface as GatewayError `database_unavailable`.
 */
export interface Store {
  readonly kind: 'embedded' | 'server'
  /** Row-level security lets the transaction see and write rows of `tenantId` only. */
  asTenant<T>(tenantId: string, work: (tx: StoreTransaction) => Promise<T>): Promise<T>
  /** Sees every tenant. Writes of resources go to `tenantId`. For sign-in, publish, apply and shipping calls. */
  asSystem<T>(
    work: (tx: StoreTransaction & { forTenant(tenantId: string): ResourceRepository }) => Promise<T>,
  ): Promise<T>
  /** Resolves when the database answers. */
  ping(): Promise<void>
  close(): Promise<void>
}
