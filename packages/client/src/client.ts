import type {
  ApiToken,
  ApplyResult,
  AuditEvent,
  Call,
  CallFilter,
  CallStats,
  Catalog,
  CatalogModel,
  CatalogModelQuery,
  Change,
  Comparison,
  GatewayInfo,
  GatewayStatus,
  JsonObject,
  LiveDeployment,
  Page,
  ProviderCheck,
  ProviderModels,
  Rating,
  ResourceKind,
  SessionInfo,
  SignedSnapshot,
  SnapshotDetail,
  SnapshotSummary,
  User,
  VersionFigures,
} from '@konnect/contract'
import {
  createResourceClient,
  type DryRun,
  type ResourceClient,
  type ResourcePlace,
  type TypedResource,
  type WriteOptions,
  writeRequest,
} from './resources.ts'
import { createTransport, type Transport, type TransportOptions } from './transport.ts'

/** Settings of {@link createClient}. */
export interface ClientOptions extends TransportOptions {
  /** Name of the tenant that resources, calls and exports belong to where none is named. Default: `default`. */
  readonly tenant?: string
}

/** A declarative configuration: as text of a file, or already parsed. */
export type ConfigInput = (
  | { readonly text: string; readonly file?: string; readonly format?: 'yaml' | 'json' }
  | { readonly document: JsonObject }
) & {
  /** Also deletes what the document does not list. */
  readonly prune?: boolean
}

interface Paging {
  readonly limit?: number
  readonly cursor?: string
}
interface Abortable {
  readonly signal?: AbortSignal
}
/** ISO 8601; `to` is exclusive. */
interface Range {
  readonly from: string
  readonly to: string
}
interface Promotion {
  readonly version: string
  readonly percent?: number
}
type Items<T> = { readonly items: readonly T[] }

/** Chosen by the operator on the first start. */
export interface SetupInput {
  readonly token: string
  readonly email: string
  readonly name: string
  readonly password: string
}

/** Everything the control API offers, grouped by noun. Every method throws {@link ControlApiError}. */
export interface ControlClient {
  readonly setup: {
    get(): Promise<{ readonly needed: boolean }>
    complete(input: SetupInput): Promise<{ readonly user: User }>
  }
  readonly session: {
    get(options?: Abortable): Promise<SessionInfo>
    signIn(input: { readonly email: string; readonly password: string }): Promise<{ readonly user: User }>
    signOut(): Promise<void>
  }
  readonly tokens: {
    list(): Promise<Items<ApiToken>>
    /** `value` is shown this once. `expiresAt` is ISO 8601. */
    create(input: { readonly name: string; readonly expiresAt?: string }): Promise<{
      readonly token: ApiToken
      readonly value: string
    }>
    remove(id: string): Promise<void>
  }
  /** Any kind of resource; kinds with an owner need `parent`. */
  resources<K extends ResourceKind>(kind: K, place?: ResourcePlace): ResourceClient<K>
  readonly tenants: ResourceClient<'tenant'>
  readonly policies: ResourceClient<'policy'>
  readonly upstreams: ResourceClient<'upstream'>
  readonly apis: ResourceClient<'api'>
  readonly providers: ResourceClient<'provider'>
  readonly models: ResourceClient<'model'>
  readonly products: ResourceClient<'product'>
  readonly applications: ResourceClient<'application'>
  readonly budgets: ResourceClient<'budget'>
  routes(api: string): ResourceClient<'route'>
  keys(application: string): ResourceClient<'key'>
  subscriptions(application: string): ResourceClient<'subscription'>
  readonly config: {
    apply(input: ConfigInput): Promise<ApplyResult>
    diff(input: ConfigInput): Promise<ApplyResult>
    validate(input: ConfigInput): Promise<ApplyResult>
    /** Declarative text; secrets read `***`, keys are given as hashes. */
    export(options?: { readonly tenant?: string; readonly format?: 'yaml' | 'json' }): Promise<string>
  }
  readonly snapshots: {
    list(page?: Paging): Promise<Page<SnapshotSummary>>
    get(version: number): Promise<SnapshotDetail>
    /** From `against` (default: the version before) to `version`. */
    diff(version: number, against?: number): Promise<{ readonly changes: readonly Change[] }>
    /** Staged, not yet published. */
    pending(): Promise<{ readonly changes: readonly Change[] }>
    publish(input?: { readonly note?: string }): Promise<SnapshotSummary>
    rollback(version: number): Promise<SnapshotSummary>
  }
  readonly calls: {
    list(filter?: CallFilter & Paging, options?: Abortable): Promise<Page<Call>>
    get(id: string): Promise<Call>
    stats(
      query: CallFilter & { readonly from: string; readonly to: string; readonly buckets?: number },
      options?: Abortable,
    ): Promise<CallStats>
    /** In place of an earlier rating of the same person. */
    rate(id: string, rating: { readonly score: number; readonly comment?: string }): Promise<Rating>
    /** Newest first. */
    ratings(id: string, options?: Abortable): Promise<Items<Rating>>
  }
  /** The versions of a model: who gets which, and how they do. */
  readonly modelVersions: {
    /** `percent` of the requests, default all; the other versions share the rest as they do now. */
    promote(model: string, promotion: Promotion, options?: WriteOptions): Promise<TypedResource<'model'>>
    /** Restores the shares that the last promotion replaced. */
    rollback(model: string, options?: WriteOptions): Promise<TypedResource<'model'>>
    /** The same acts as dry runs. */
    readonly preview: {
      promote(model: string, promotion: Promotion): Promise<DryRun>
      rollback(model: string): Promise<DryRun>
    }
    figures(model: string, range: Range, options?: Abortable): Promise<Items<VersionFigures>>
    /** Calls with what the shadow made of them, newest first. */
    comparisons(model: string, query: Range & Paging, options?: Abortable): Promise<Page<Comparison>>
  }
  readonly catalog: {
    get(): Promise<Catalog>
    /** Models that the price catalog knows, vendor by vendor. */
    models(query?: CatalogModelQuery, options?: Abortable): Promise<Page<CatalogModel>>
  }
  readonly audit: {
    list(query?: Paging & { readonly kind?: string; readonly resourceId?: string }): Promise<Page<AuditEvent>>
  }
  readonly gateways: {
    list(): Promise<Items<GatewayInfo>>
    /** How gateways find the deployments of a provider right now. */
    deployments(provider: string, options?: Abortable): Promise<Items<LiveDeployment>>
  }
  /** What vendors say to the providers of the tenant. */
  readonly vendorLink: {
    /** Whether a saved provider can be used. */
    check(provider: string): Promise<ProviderCheck>
    /** The same of one that is not saved; `stored` names the provider whose keys `***` stands for. */
    checkSpec(spec: JsonObject, stored?: string): Promise<ProviderCheck>
    /** When its models were last fetched. */
    models(provider: string, options?: Abortable): Promise<ProviderModels>
    fetchModels(provider: string): Promise<ProviderModels>
  }
  /**
   * Sends `body` to `path` of the gateway as `application` (name or id). The answer streams; its own status is the
   * gateway's, so read `response.ok`. Throws only when the control plane itself refuses.
   */
  playground(
    input: { readonly application: string; readonly path: string; readonly body: unknown },
    options?: Abortable,
  ): Promise<Response>
  /** For gateways, which authenticate with the gateway token. */
  readonly gateway: {
    /** The newest Snapshot when it is newer than `after`; undefined once `waitMs` passed without one. */
    snapshot(after: number, waitMs: number, options?: Abortable): Promise<SignedSnapshot | undefined>
    ship(calls: readonly Call[], options?: Abortable): Promise<{ readonly stored: number }>
    report(status: GatewayStatus, options?: Abortable): Promise<void>
  }
}

/** Creates a client of the control API. Nothing is sent before a method is called. Works in browsers and in Node. */
export function createClient(options: ClientOptions): ControlClient {
  const transport = createTransport(options)
  const tenant = options.tenant
  const resources = <K extends ResourceKind>(kind: K, place: ResourcePlace = {}) =>
    createResourceClient(transport, kind, { tenant: place.tenant ?? tenant, parent: place.parent })
  return {
    ...identityMethods(transport),
    resources,
    tenants: resources('tenant'),
    policies: resources('policy'),
    upstreams: resources('upstream'),
    apis: resources('api'),
    providers: resources('provider'),
    models: resources('model'),
    products: resources('product'),
    applications: resources('application'),
    budgets: resources('budget'),
    routes: (api) => resources('route', { parent: api }),
    keys: (application) => resources('key', { parent: application }),
    subscriptions: (application) => resources('subscription', { parent: application }),
    ...publishMethods(transport, tenant),
    ...insightMethods(transport, tenant),
    modelVersions: modelVersionMethods(transport, tenant),
    vendorLink: vendorLinkMethods(transport, tenant),
    ...gatewayMethods(transport),
  }
}

function identityMethods(transport: Transport): Pick<ControlClient, 'setup' | 'session' | 'tokens'> {
  return {
    setup: {
      get: () => transport.json('/setup'),
      complete: (body) => transport.json('/setup', { method: 'POST', body }),
    },
    session: {
      get: (options = {}) => transport.json('/session', options),
      signIn: (body) => transport.json('/session', { method: 'POST', body }),
      signOut: () => transport.json('/session', { method: 'DELETE' }),
    },
    tokens: {
      list: () => transport.json('/tokens'),
      create: (body) => transport.json('/tokens', { method: 'POST', body }),
      remove: (id) => transport.json(`/tokens/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    },
  }
}

function publishMethods(
  transport: Transport,
  tenant: string | undefined,
): Pick<ControlClient, 'config' | 'snapshots' | 'catalog'> {
  const config = (verb: string) => (body: ConfigInput) =>
    transport.json<ApplyResult>(`/config/${verb}`, { method: 'POST', body })
  return {
    config: {
      apply: config('apply'),
      diff: config('diff'),
      validate: config('validate'),
      export: (query = {}) => transport.text('/config/export', { query: { tenant, ...query } }),
    },
    snapshots: {
      list: (query = {}) => transport.json('/snapshots', { query: { ...query } }),
      get: (version) => transport.json(`/snapshots/${version}`),
      diff: (version, against) => transport.json(`/snapshots/${version}/diff`, { query: { against } }),
      pending: () => transport.json('/snapshots/pending'),
      publish: (body = {}) => transport.json('/snapshots', { method: 'POST', body }),
      rollback: (version) => transport.json(`/snapshots/${version}/rollback`, { method: 'POST' }),
    },
    catalog: {
      get: () => transport.json('/catalog'),
      models: (query = {}, options = {}) =>
        transport.json('/catalog/models', { query: { tenant, ...query }, ...options }),
    },
  }
}

function insightMethods(
  transport: Transport,
  tenant: string | undefined,
): Pick<ControlClient, 'calls' | 'audit' | 'gateways' | 'playground'> {
  return {
    calls: {
      list: (filter = {}, options = {}) => transport.json('/calls', { query: { tenant, ...filter }, ...options }),
      get: (id) => transport.json(`/calls/${encodeURIComponent(id)}`, { query: { tenant } }),
      stats: (query, options = {}) => transport.json('/calls/stats', { query: { tenant, ...query }, ...options }),
      rate: (id, body) =>
        transport.json(`/calls/${encodeURIComponent(id)}/rating`, { method: 'POST', body, query: { tenant } }),
      ratings: (id, options = {}) =>
        transport.json(`/calls/${encodeURIComponent(id)}/ratings`, { query: { tenant }, ...options }),
    },
    audit: { list: (query = {}) => transport.json('/audit', { query: { tenant, ...query } }) },
    gateways: {
      list: () => transport.json('/gateways'),
      deployments: (provider, options = {}) =>
        transport.json('/gateways/deployments', { query: { tenant, provider }, ...options }),
    },
    playground: (body, options = {}) =>
      transport.relayed('/playground', { method: 'POST', body, query: { tenant }, ...options }),
  }
}

function modelVersionMethods(transport: Transport, tenant: string | undefined): ControlClient['modelVersions'] {
  const path = (model: string, what: string) => `/models/${encodeURIComponent(model)}/${what}`
  const act = (model: string, verb: string, body?: Promotion, options?: WriteOptions) =>
    transport.json<TypedResource<'model'>>(path(model, verb), writeRequest({ tenant }, 'POST', body, options))
  const dry = (model: string, verb: string, body?: Promotion) =>
    transport.json<DryRun>(path(model, verb), { method: 'POST', body, query: { tenant, dryRun: true } })
  return {
    promote: (model, promotion, options) => act(model, 'promote', promotion, options),
    rollback: (model, options) => act(model, 'rollback', undefined, options),
    preview: {
      promote: (model, promotion) => dry(model, 'promote', promotion),
      rollback: (model) => dry(model, 'rollback'),
    },
    figures: (model, range, options = {}) =>
      transport.json(path(model, 'versions'), { query: { tenant, ...range }, ...options }),
    comparisons: (model, query, options = {}) =>
      transport.json(path(model, 'comparisons'), { query: { tenant, ...query }, ...options }),
  }
}

function vendorLinkMethods(transport: Transport, tenant: string | undefined): ControlClient['vendorLink'] {
  const path = (provider: string, what: string) => `/providers/${encodeURIComponent(provider)}/${what}`
  const query = { tenant }
  return {
    check: (provider) => transport.json(path(provider, 'check'), { method: 'POST', query }),
    checkSpec: (spec, stored) =>
      transport.json('/providers/check', { method: 'POST', query, body: { spec, ...(stored ? { stored } : {}) } }),
    models: (provider, options = {}) => transport.json(path(provider, 'models'), { query, ...options }),
    fetchModels: (provider) => transport.json(path(provider, 'models'), { method: 'POST', query }),
  }
}

function gatewayMethods(transport: Transport): Pick<ControlClient, 'gateway'> {
  return {
    gateway: {
      snapshot: (after, waitMs, options = {}) =>
        transport.json('/gateway/snapshot', { query: { after, wait: waitMs }, ...options }),
      ship: (calls, options = {}) => transport.json('/gateway/calls', { method: 'POST', body: { calls }, ...options }),
      report: (body, options = {}) => transport.json('/gateway/status', { method: 'POST', body, ...options }),
    },
  }
}
