import { type Static, Type } from 'typebox'
import type { CatalogDescription } from './catalog.ts'
import { DeploymentStatusSchema, DeploymentTotalsSchema, MAX_TOLD_DEPLOYMENTS } from './deployment-status.ts'
import type { JsonObject } from './json.ts'
import type { ResourceKind } from './resources/definition.ts'

const JsonObjectSchema = (options: Record<string, unknown> = {}) =>
  Type.Unsafe<JsonObject>({ type: 'object', additionalProperties: true, ...options })
const NullableText = (options: Record<string, unknown> = {}) => Type.Union([Type.String(options), Type.Null()])
const Version = Type.Integer({ minimum: 0 })

/** A resource as the control API shows it: secrets inside `spec` read as `***`. */
export const ResourceSchema = Type.Object({
  id: Type.String(),
  kind: Type.Unsafe<ResourceKind>({ type: 'string' }),
  name: Type.String(),
  tenantId: Type.String(),
  parentId: NullableText({ description: 'Id of the resource that owns this one.' }),
  revision: Type.Integer({ minimum: 1, description: 'Grows by one with each change; see If-Match.' }),
  createdAt: Type.String({ description: 'ISO 8601.' }),
  updatedAt: Type.String({ description: 'ISO 8601.' }),
  spec: JsonObjectSchema({ description: 'The same form as in the declarative file.' }),
})
export type Resource = Static<typeof ResourceSchema>

/** One difference between two configurations. `before` and `after` are specs with secrets masked. */
export const ChangeSchema = Type.Object({
  action: Type.Unsafe<'create' | 'update' | 'delete' | 'unchanged'>({
    type: 'string',
    enum: ['create', 'update', 'delete', 'unchanged'],
  }),
  kind: Type.Unsafe<ResourceKind>({ type: 'string' }),
  tenant: Type.String({ description: 'Name of the tenant.' }),
  parent: NullableText({ description: 'Name of the resource that owns this one.' }),
  name: Type.String(),
  before: Type.Union([JsonObjectSchema(), Type.Null()]),
  after: Type.Union([JsonObjectSchema(), Type.Null()]),
})
export type Change = Static<typeof ChangeSchema>

/** What a declarative document did, or would do. `snapshotVersion` is the version that gateways serve afterwards. */
export const ApplyResultSchema = Type.Object({
  changes: Type.Array(ChangeSchema),
  warnings: Type.Array(Type.String()),
  snapshotVersion: Version,
})
export type ApplyResult = Static<typeof ApplyResultSchema>

/** A person who may sign in. */
export const UserSchema = Type.Object({
  id: Type.String(),
  email: Type.String(),
  name: Type.String(),
  role: Type.Unsafe<'admin'>({ type: 'string', enum: ['admin'] }),
})
export type User = Static<typeof UserSchema>

/** Who is signed in, and the tenants they may work in. `user` is null for an API token without an owner. */
export const SessionInfoSchema = Type.Object({
  user: Type.Union([UserSchema, Type.Null()]),
  tenants: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), title: NullableText() })),
})
export type SessionInfo = Static<typeof SessionInfoSchema>

/** An API token without its value. */
export const ApiTokenSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  hint: Type.String({ description: 'Last four characters.' }),
  createdAt: Type.String(),
  expiresAt: NullableText(),
  lastUsedAt: NullableText(),
})
export type ApiToken = Static<typeof ApiTokenSchema>

/** A publish, without what it published. */
export const SnapshotSummarySchema = Type.Object({
  version: Version,
  publishedAt: Type.String(),
  actor: Type.String(),
  note: Type.String(),
  digest: Type.String(),
})
export type SnapshotSummary = Static<typeof SnapshotSummarySchema>

/** A publish with the declarative document it was made from, secrets masked. */
export const SnapshotDetailSchema = Type.Object({ ...SnapshotSummarySchema.properties, document: JsonObjectSchema() })
export type SnapshotDetail = Static<typeof SnapshotDetailSchema>

/** What a gateway tells of itself every few seconds. */
export const GatewayStatusSchema = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 256 }),
  startedAt: Type.String(),
  snapshotVersion: Version,
  workers: Type.Integer({ minimum: 0 }),
  spool: Type.Object({
    pending: Type.Integer({ minimum: 0, description: 'Calls not shipped yet.' }),
    dropped: Type.Integer({ minimum: 0, description: 'Calls that found no room, since the start.' }),
    isFull: Type.Boolean(),
  }),
  targets: Type.Array(
    Type.Object({
      upstreamId: Type.String(),
      url: Type.String(),
      isHealthy: Type.Boolean(),
      active: Type.Integer({ minimum: 0, description: 'Requests in flight.' }),
    }),
  ),
  deployments: Type.Optional(Type.Array(DeploymentStatusSchema, { maxItems: MAX_TOLD_DEPLOYMENTS })),
})
export type GatewayStatus = Static<typeof GatewayStatusSchema>

/** A gateway as the control plane last heard of it; its deployments are a list of their own. */
export const GatewayInfoSchema = Type.Object({
  ...Type.Omit(GatewayStatusSchema, ['deployments']).properties,
  ai: DeploymentTotalsSchema,
  lastSeenAt: Type.String(),
})
export type GatewayInfo = Static<typeof GatewayInfoSchema>

/** A kind of resource, as the console and generated docs see it. */
export interface ResourceDescription {
  readonly kind: ResourceKind
  readonly plural: string
  readonly title: string
  readonly description: string
  readonly parent: ResourceKind | null
  readonly scope: 'tenant' | 'system'
  readonly schema: JsonObject
}

/** Answer of `GET /catalog`: everything forms and docs are generated from. */
export interface Catalog extends CatalogDescription {
  readonly resources: readonly ResourceDescription[]
  /** Where applications reach the gateway. */
  readonly gatewayUrl: string
}
