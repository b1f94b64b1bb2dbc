import type { ApiSpec, RouteSpec, UpstreamSpec } from './resources/api.ts'
import type { ApplicationSpec } from './resources/consumer.ts'
import type { DeploymentConditions, DeploymentSpec } from './resources/deployment.ts'
import type { ModelSpec, ModelTrafficSpec } from './resources/model.ts'
import type { ProviderSpec } from './resources/provider.ts'
import type { ResidencyRules } from './resources/residency.ts'

/** A policy as a gateway gets it: enabled, settings validated, secrets inside `with` sealed. */
export interface SnapshotPolicy {
  readonly use: string
  readonly with: Readonly<Record<string, unknown>>
}

type Placed = { readonly id: string; readonly tenantId: string; readonly name: string }

export interface SnapshotTenant {
  readonly id: string
  readonly name: string
  readonly residency?: ResidencyRules
  readonly policies: readonly SnapshotPolicy[]
}

export type SnapshotRoute = Omit<RouteSpec, 'policies' | 'name' | 'upstream'> & {
  readonly id: string
  readonly name: string
  readonly policies: readonly SnapshotPolicy[]
  /** Present when the route names an upstream of its own. */
  readonly upstream?: SnapshotUpstream
}

/** `id` is stable across publishes (the resource's id, or the API's id for an inline upstream), so that health survives. */
export type SnapshotUpstream = UpstreamSpec & { readonly id: string }

export type SnapshotApi = Placed & {
  readonly state: 'published' | 'deprecated'
  readonly access: NonNullable<ApiSpec['access']>
  readonly upstream: SnapshotUpstream
  readonly routes: readonly SnapshotRoute[]
  readonly policies: readonly SnapshotPolicy[]
}

/** `apiKey` and the values of `apiKeys`, of which only the enabled ones are here, are sealed; see `SecretBox`. */
export type SnapshotProvider = Placed & Omit<ProviderSpec, 'name' | 'description'>

export type SnapshotDeployment = Omit<DeploymentSpec, 'provider' | 'when'> & {
  readonly providerId: string
  readonly when?: SnapshotConditions
}

export type SnapshotConditions = Omit<DeploymentConditions, 'applications'> & {
  readonly applicationIds?: readonly string[]
}

export interface SnapshotModelVersion {
  readonly name: string
  readonly deployments: readonly SnapshotDeployment[]
}

export type SnapshotModel = Placed & {
  /** Retired models are here so that their callers can be told. */
  readonly state: 'active' | 'deprecated' | 'retired'
  readonly access: NonNullable<ModelSpec['access']>
  readonly aliases?: readonly string[]
  readonly deprecation?: NonNullable<ModelSpec['deprecation']>
  readonly strategy: NonNullable<ModelSpec['strategy']>
  /** Exactly one of these is there, and not empty. */
  readonly deployments?: readonly SnapshotDeployment[]
  readonly versions?: readonly SnapshotModelVersion[]
  readonly traffic?: ModelTrafficSpec
  readonly residency?: ResidencyRules
  readonly policies: readonly SnapshotPolicy[]
}

export interface SnapshotKey {
  readonly id: string
  /** Lower-case hex SHA-256 of the key's value. */
  readonly hash: string
  /** ISO 8601; absent when it never expires. */
  readonly expiresAt?: string
}

/** An active subscription, resolved to what it gives access to. */
export interface SnapshotSubscription {
  readonly id: string
  readonly apiIds: readonly string[]
  readonly modelIds: readonly string[]
  /** Policies of the plan; empty for a direct subscription. */
  readonly policies: readonly SnapshotPolicy[]
}

export type SnapshotApplication = Placed & {
  readonly claims?: Readonly<Record<string, string>>
  readonly priority?: NonNullable<ApplicationSpec['priority']>
  readonly keys: readonly SnapshotKey[]
  readonly subscriptions: readonly SnapshotSubscription[]
  readonly policies: readonly SnapshotPolicy[]
}

/**
 * Published configuration: immutable, versioned, self-contained. Holds only what a gateway serves: enabled
 * applications, active subscriptions, published APIs. References are resolved to ids.
 */
export interface Snapshot {
  readonly format: 1
  /** Grows by one with each publish. */
  readonly version: number
  /** ISO 8601. */
  readonly publishedAt: string
  readonly policies: readonly SnapshotPolicy[]
  readonly tenants: readonly SnapshotTenant[]
  readonly apis: readonly SnapshotApi[]
  readonly providers: readonly SnapshotProvider[]
  readonly models: readonly SnapshotModel[]
  readonly applications: readonly SnapshotApplication[]
}

/** A Snapshot as it travels and rests: exact bytes and an Ed25519 signature (RFC 8032) over them. */
export interface SignedSnapshot {
  readonly version: number
  /** JSON text of the {@link Snapshot}. */
  readonly payload: string
  /** Base64. */
  readonly signature: string
}
