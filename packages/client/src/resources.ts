import type {
  ApiSpec,
  ApplicationSpec,
  ApplyResult,
  BudgetSpec,
  KeySpec,
  ModelSpec,
  Page,
  PolicySpec,
  ProductSpec,
  ProviderSpec,
  Resource,
  ResourceKind,
  ResourceQuery,
  RouteSpec,
  SubscriptionSpec,
  TenantSpec,
  UpstreamSpec,
} from '@konnect/contract'
import type { ControlRequest, Query, Transport } from './transport.ts'

/** What each kind's `spec` looks like. On creation a parent may carry its children. */
export interface SpecOf {
  tenant: TenantSpec
  policy: PolicySpec
  upstream: UpstreamSpec & { name: string; description?: string }
  api: ApiSpec & { routes?: RouteSpec[] }
  route: RouteSpec
  provider: ProviderSpec
  model: ModelSpec
  product: ProductSpec
  application: ApplicationSpec & { keys?: KeySpec[]; subscriptions?: SubscriptionSpec[] }
  key: KeySpec
  subscription: SubscriptionSpec
  budget: BudgetSpec
}

/** A resource whose `spec` is typed by its kind. */
export type TypedResource<K extends ResourceKind> = Omit<Resource, 'spec' | 'kind'> & {
  readonly kind: K
  readonly spec: SpecOf[K]
}

/** Path of each kind in the control API, and the kind that owns it. Equal to the contract's list of resources. */
export const RESOURCE_PATHS: Readonly<
  Record<ResourceKind, { readonly plural: string; readonly parent?: ResourceKind }>
> = {
  tenant: { plural: 'tenants' },
  policy: { plural: 'policies' },
  upstream: { plural: 'upstreams' },
  api: { plural: 'apis' },
  route: { plural: 'routes', parent: 'api' },
  provider: { plural: 'providers' },
  model: { plural: 'models' },
  product: { plural: 'products' },
  application: { plural: 'applications' },
  key: { plural: 'keys', parent: 'application' },
  subscription: { plural: 'subscriptions', parent: 'application' },
  budget: { plural: 'budgets' },
}

/** Which resources a {@link ResourceClient} speaks of. */
export interface ResourcePlace {
  /** Name of the tenant; default: the client's. */
  readonly tenant?: string | undefined
  /** Name or id of the owner; required for kinds that have one. */
  readonly parent?: string | undefined
}

export type ListQuery = Pick<ResourceQuery, 'search' | 'limit' | 'cursor' | 'sort'>

/** How a write behaves. */
export interface WriteOptions {
  /** Only write when this is still the stored revision; otherwise `revision_conflict`. */
  readonly revision?: number
  /** `false` stages the change instead of publishing it at once. */
  readonly publish?: boolean
  readonly signal?: AbortSignal
}

interface ReadOptions {
  readonly signal?: AbortSignal
}

/** Every act on resources of one kind. Names and ids are interchangeable in `name`. */
export interface ResourceClient<K extends ResourceKind> {
  list(query?: ListQuery, options?: ReadOptions): Promise<Page<TypedResource<K>>>
  get(name: string, options?: ReadOptions): Promise<TypedResource<K>>
  /** A new key's `spec.value` is in this answer and never again. */
  create(spec: SpecOf[K], options?: WriteOptions): Promise<TypedResource<K>>
  replace(name: string, spec: SpecOf[K], options?: WriteOptions): Promise<TypedResource<K>>
  /** JSON merge patch (RFC 7396): null removes a field. */
  patch(name: string, change: MergePatch<SpecOf[K]>, options?: WriteOptions): Promise<TypedResource<K>>
  remove(name: string, options?: WriteOptions): Promise<void>
  usedBy(name: string, options?: ReadOptions): Promise<{ readonly items: readonly Resource[] }>
  /** The same acts as dry runs: what would change, and nothing does. */
  readonly preview: {
    create(spec: SpecOf[K]): Promise<DryRun>
    replace(name: string, spec: SpecOf[K]): Promise<DryRun>
    patch(name: string, change: MergePatch<SpecOf[K]>): Promise<DryRun>
    remove(name: string): Promise<DryRun>
  }
}

export type DryRun = Pick<ApplyResult, 'changes'>

/** A partial object; null removes a field. */
export type MergePatch<T> = { readonly [P in keyof T]?: T[P] extends object ? MergePatch<T[P]> | null : T[P] | null }

/** Creates the client of one kind. Throws `TypeError` when a kind that has an owner is asked for without one. */
export function createResourceClient<K extends ResourceKind>(
  transport: Transport,
  kind: K,
  place: ResourcePlace,
): ResourceClient<K> {
  const base = pathOf(kind, place.parent)
  const one = (name: string) => `${base}/${encodeURIComponent(name)}`
  const tenant: Query = { tenant: place.tenant }
  const read = (query: Query = {}, options: ReadOptions = {}): ControlRequest => ({
    query: { ...tenant, ...query },
    signal: options.signal,
  })
  const write = (method: ControlRequest['method'], body: unknown, options?: WriteOptions) =>
    writeRequest(tenant, method, body, options)
  const dry = (method: ControlRequest['method'], body?: unknown): ControlRequest => ({
    method,
    body,
    query: { ...tenant, dryRun: true },
  })
  return {
    list: (query = {}, options) => transport.json(base, read({ ...query }, options)),
    get: (name, options) => transport.json(one(name), read({}, options)),
    create: (spec, options) => transport.json(base, write('POST', spec, options)),
    replace: (name, spec, options) => transport.json(one(name), write('PUT', spec, options)),
    patch: (name, change, options) => transport.json(one(name), write('PATCH', change, options)),
    remove: (name, options) => transport.json(one(name), write('DELETE', undefined, options)),
    usedBy: (name, options) => transport.json(`${one(name)}/used-by`, read({}, options)),
    preview: {
      create: (spec) => transport.json(base, dry('POST', spec)),
      replace: (name, spec) => transport.json(one(name), dry('PUT', spec)),
      patch: (name, change) => transport.json(one(name), dry('PATCH', change)),
      remove: (name) => transport.json(one(name), dry('DELETE')),
    },
  }
}

/** A request that changes a resource as its options say. */
export const writeRequest = (
  tenant: Query,
  method: ControlRequest['method'],
  body: unknown,
  options: WriteOptions = {},
): ControlRequest => ({
  method,
  body,
  query: { ...tenant, publish: options.publish },
  headers: options.revision === undefined ? {} : { 'if-match': `"${options.revision}"` },
  signal: options.signal,
})

function pathOf(kind: ResourceKind, parent: string | undefined): string {
  const { plural, parent: owner } = RESOURCE_PATHS[kind]
  if (owner === undefined) return `/${plural}`
  if (parent === undefined) throw new TypeError(`A ${kind} belongs to an ${owner}; name it as parent`)
  return `/${RESOURCE_PATHS[owner].plural}/${encodeURIComponent(parent)}/${plural}`
}
