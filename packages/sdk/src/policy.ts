import type {
  JsonFetcher,
  JsonObject,
  Logger,
  MaybePromise,
  Phase,
  PolicyDescription,
  StateStore,
} from '@konnect/contract'
import type { Static, TObject } from 'typebox'
import type { Exchange, Principal } from './exchange.ts'

/** Finds out whose a credential is. Belongs to one Snapshot; never waits for anything. */
export interface CredentialDirectory {
  /** The application that owns this API key; undefined when it is unknown, expired or revoked. */
  findKey(value: string): Principal | undefined
  /** The application of `tenantId` (empty: of any tenant) whose configured claims all equal these verified ones. */
  findByClaims(tenantId: string, claims: JsonObject): Principal | undefined
}

/** Where a policy is attached. */
export interface PolicyScope {
  readonly kind: 'gateway' | 'tenant' | 'plan' | 'api' | 'route' | 'model' | 'application'
  readonly id: string
}

/** What a policy may use. Everything is an argument; a policy imports nothing that does I/O on its own. */
export interface PolicyContext {
  readonly scope: PolicyScope
  /** Unique to this attachment and stable over publishes; prefix of its keys in the shared state. */
  readonly stateKey: string
  readonly state: StateStore
  readonly directory: CredentialDirectory
  readonly fetchJson: JsonFetcher
  readonly logger: Logger
  /** Milliseconds since the epoch. */
  now(): number
  /** A value shared by all compilations with the same key, so that caches outlive a publish. `create` runs once. */
  shared<T>(key: string, create: () => T): T
}

/** What a policy does, by phase. Synchronous unless it has to wait. */
export interface PolicyHandlers {
  /** The route is known, the caller is not. For preflights and address rules. */
  match?(exchange: Exchange): MaybePromise<void>
  /** Sets `exchange.principal` from a credential. Without a credential it leaves the exchange alone. */
  identify?(exchange: Exchange): MaybePromise<void>
  /** Lets the caller in or throws. */
  admit?(exchange: Exchange): MaybePromise<void>
  /** Changes the request, or answers it. */
  shape?(exchange: Exchange): MaybePromise<void>
  /** Changes the response head. Runs in reverse order of configuration. */
  return?(exchange: Exchange): MaybePromise<void>
  /** The exchange is over, however it ended. Must not throw and must not wait. */
  account?(exchange: Exchange): void
}

/** A policy: one unit of behaviour with its settings. */
export interface Policy<S extends TObject = TObject> {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly settings: S
  readonly phases: readonly Phase[]
  readonly failure: PolicyDescription['failure']
  /** Identifies callers where no identifying policy was configured. Exactly one policy of a catalog says true. */
  readonly isDefaultIdentity?: boolean
  /**
   * Turns settings (valid, defaults not filled in) into handlers, once per publish. Does all work that does not need a
   * request. Throws GatewayError `snapshot_invalid` for what a schema cannot express.
   */
  compile(settings: Static<S>, context: PolicyContext): PolicyHandlers
}

/** The only way to declare a policy. Returns it unchanged, typed by its own settings schema. */
export function definePolicy<S extends TObject>(policy: Policy<S>): Policy<S> {
  return policy
}

/** What the control plane may know of a policy. */
export function describePolicy(policy: Policy): PolicyDescription {
  return {
    id: policy.id,
    title: policy.title,
    description: policy.description,
    schema: JSON.parse(JSON.stringify(policy.settings)),
    phases: policy.phases,
    failure: policy.failure,
    isDefaultIdentity: policy.isDefaultIdentity ?? false,
  }
}
