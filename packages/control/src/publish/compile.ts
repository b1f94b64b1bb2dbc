import type {
  JsonObject,
  Snapshot,
  SnapshotApi,
  SnapshotApplication,
  SnapshotConditions,
  SnapshotDeployment,
  SnapshotKey,
  SnapshotModel,
  SnapshotPolicy,
  SnapshotProvider,
  SnapshotRoute,
  SnapshotSubscription,
  SnapshotTenant,
  SnapshotUpstream,
} from '@konnect/contract'
import { objectsUnder } from '../resources/kinds.ts'
import { publicSpec, type ResourceTree, type StoredResource } from '../resources/tree.ts'

/** A Snapshot without what tells one publish from the next. */
export type SnapshotBody = Omit<Snapshot, 'format' | 'version' | 'publishedAt'>

/**
 * Resolves a valid configuration into what a gateway serves: references become ids, plans are expanded, and drafts,
 * retired, disabled and inactive things are left out.
 */
export function compileSnapshot(tree: ResourceTree): SnapshotBody {
  const served = servedIds(tree)
  return {
    policies: tree.ofKind('policy').flatMap((one) => policiesOf([one.spec])),
    tenants: tree.ofKind('tenant').map((one) => ({
      id: one.id,
      name: one.name,
      ...kept<SnapshotTenant>(one.spec, ['residency']),
      policies: policiesIn(one.spec),
    })),
    apis: tree.ofKind('api').flatMap((one) => (served.has(one.id) ? [compileApi(tree, one)] : [])),
    providers: tree.ofKind('provider').map(compileProvider),
    models: tree.ofKind('model').flatMap((one) => (served.has(one.id) ? [compileModel(tree, one)] : [])),
    applications: tree
      .ofKind('application')
      .filter((one) => one.spec.enabled !== false)
      .map((one) => compileApplication(tree, one, served)),
  }
}

const SERVED_STATES: readonly unknown[] = ['published', 'active', 'deprecated']
// Gateways tell the callers of a retired model so.
const MODEL_STATES: readonly unknown[] = [...SERVED_STATES, 'retired']

function servedIds(tree: ResourceTree): ReadonlySet<string> {
  const idsIn = (kind: 'api' | 'model', states: readonly unknown[]) =>
    tree.ofKind(kind).flatMap((one) => (states.includes(one.spec.state ?? 'active') ? [one.id] : []))
  return new Set([...idsIn('api', SERVED_STATES), ...idsIn('model', MODEL_STATES)])
}

const policiesIn = (spec: JsonObject): SnapshotPolicy[] => policiesOf(objectsUnder(spec, 'policies'))

const policiesOf = (uses: readonly JsonObject[]): SnapshotPolicy[] =>
  uses
    .filter((one) => one.enabled !== false)
    .map((one) => ({ use: String(one.use), with: (one.with ?? {}) as JsonObject }))

const placed = (one: StoredResource) => ({ id: one.id, tenantId: one.tenantId, name: one.name })

function compileApi(tree: ResourceTree, one: StoredResource): SnapshotApi {
  const { upstream } = one.spec
  return {
    ...placed(one),
    state: one.spec.state === 'deprecated' ? 'deprecated' : 'published',
    access: one.spec.access === 'public' ? 'public' : 'subscription',
    upstream:
      typeof upstream === 'string'
        ? namedUpstream(tree, one.tenantId, upstream)
        : ({ id: one.id, ...(upstream as JsonObject) } as unknown as SnapshotUpstream),
    routes: tree.children(one.id, 'route').map((route) => compileRoute(tree, route)),
    policies: policiesIn(one.spec),
  }
}

function namedUpstream(tree: ResourceTree, tenantId: string, name: string): SnapshotUpstream {
  const upstream = existing(tree.find(tenantId, 'upstream', null, name))
  const { name: _name, description: _description, ...spec } = publicSpec(upstream)
  return { id: upstream.id, ...spec } as unknown as SnapshotUpstream
}

function compileRoute(tree: ResourceTree, one: StoredResource): SnapshotRoute {
  const { upstream, policies: _policies, ...spec } = publicSpec(one)
  return {
    ...(spec as unknown as Omit<SnapshotRoute, 'id' | 'policies' | 'upstream'>),
    id: one.id,
    name: one.name,
    policies: policiesIn(one.spec),
    ...(typeof upstream === 'string' ? { upstream: namedUpstream(tree, one.tenantId, upstream) } : {}),
  }
}

function compileProvider(one: StoredResource): SnapshotProvider {
  const { description: _description, apiKeys, ...spec } = publicSpec(one)
  const keys = objectsUnder({ apiKeys: apiKeys ?? [] }, 'apiKeys').filter(({ enabled }) => enabled !== false)
  const pool = apiKeys === undefined ? {} : { apiKeys: keys }
  return { ...spec, ...pool, ...placed(one) } as unknown as SnapshotProvider
}

function compileModel(tree: ResourceTree, one: StoredResource): SnapshotModel {
  return {
    ...placed(one),
    state: (one.spec.state ?? 'active') as SnapshotModel['state'],
    access: one.spec.access === 'public' ? 'public' : 'subscription',
    strategy: (one.spec.strategy ?? { mode: 'fallback' }) as unknown as SnapshotModel['strategy'],
    ...kept<SnapshotModel>(one.spec, ['aliases', 'deprecation', 'traffic', 'residency']),
    ...(one.spec.versions === undefined
      ? { deployments: deploymentsIn(tree, one.tenantId, one.spec) }
      : {
          versions: objectsUnder(one.spec, 'versions').map((version) => ({
            name: String(version.name),
            deployments: deploymentsIn(tree, one.tenantId, version),
          })),
        }),
    policies: policiesIn(one.spec),
  }
}

function deploymentsIn(tree: ResourceTree, tenantId: string, holder: JsonObject): SnapshotDeployment[] {
  return objectsUnder(holder, 'deployments').map(({ provider, when, ...deployment }) => ({
    ...(deployment as unknown as Omit<SnapshotDeployment, 'providerId' | 'when'>),
    providerId: existing(tree.find(tenantId, 'provider', null, String(provider))).id,
    ...(when === undefined ? {} : { when: conditionsOf(tree, tenantId, when as JsonObject) }),
  }))
}

function conditionsOf(
  tree: ResourceTree,
  tenantId: string,
  { applications, ...others }: JsonObject,
): SnapshotConditions {
  if (!Array.isArray(applications)) return others as SnapshotConditions
  const ids = applications.map((name) => existing(tree.find(tenantId, 'application', null, String(name))).id)
  return { ...(others as SnapshotConditions), applicationIds: ids }
}

/** Those of these fields that are there, as they are. */
const kept = <T>(spec: JsonObject, names: readonly (keyof T & string)[]): Partial<T> =>
  Object.fromEntries(names.flatMap((name) => (spec[name] === undefined ? [] : [[name, spec[name]]]))) as Partial<T>

function compileApplication(tree: ResourceTree, one: StoredResource, served: ReadonlySet<string>): SnapshotApplication {
  return {
    ...placed(one),
    ...kept<SnapshotApplication>(one.spec, ['claims', 'priority']),
    keys: tree.children(one.id, 'key').flatMap(compileKey),
    subscriptions: tree
      .children(one.id, 'subscription')
      .filter((subscription) => (subscription.spec.state ?? 'active') === 'active')
      .map((subscription) => compileSubscription(tree, subscription, served)),
    policies: policiesIn(one.spec),
  }
}

function compileKey(one: StoredResource): SnapshotKey[] {
  if (one.spec.enabled === false) return []
  const hash = String(one.spec.hash).replace(/^sha256:/, '')
  const { expiresAt } = one.spec
  return [{ id: one.id, hash, ...(typeof expiresAt === 'string' ? { expiresAt } : {}) }]
}

function compileSubscription(
  tree: ResourceTree,
  one: StoredResource,
  served: ReadonlySet<string>,
): SnapshotSubscription {
  const product =
    one.spec.product === undefined ? undefined : tree.find(one.tenantId, 'product', null, String(one.spec.product))
  const holder = product?.spec ?? { apis: listOf(one.spec.api), models: listOf(one.spec.model) }
  const plan = product && objectsUnder(product.spec, 'plans').find((each) => each.name === one.spec.plan)
  const idsOf = (kind: 'api' | 'model', names: unknown) =>
    (Array.isArray(names) ? names : [])
      .map((name) => existing(tree.find(one.tenantId, kind, null, String(name))).id)
      .filter((id) => served.has(id))
  return {
    id: one.id,
    apiIds: idsOf('api', holder.apis),
    modelIds: idsOf('model', holder.models),
    policies: plan ? policiesIn(plan) : [],
  }
}

const listOf = (name: JsonObject[string] | undefined) => (name === undefined ? [] : [name])

// References were checked before anything is compiled; a missing one is a fault of this program.
function existing(resource: StoredResource | undefined): StoredResource {
  if (!resource) throw new Error(`A checked reference cannot be resolved`)
  return resource
}
