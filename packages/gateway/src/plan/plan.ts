import type { AiTranslator, DialectId, KeyInQuery, ModelList } from '@konnect/ai'
import type { Logger, Snapshot } from '@konnect/contract'
import type { CredentialDirectory, Place, PolicyHandlers } from '@konnect/sdk'
import { findConflicts } from '../match/conflicts.ts'
import { createRouter, type Router, type RouterEntry } from '../match/router.ts'
import { type StoredRoute, storedRoutes } from '../pinned/endpoints.ts'
import type { PinnedPlan, PinnedServices } from '../pinned/pinned-plan.ts'
import { compileStores } from '../pinned/stores.ts'
import type { DeploymentLoad } from '../select/deployment-load.ts'
import type { UpstreamRegistry } from '../select/upstream-state.ts'
import { type ApplicationAccess, compileAccess } from './access.ts'
import { compileModels, type ModelPlan } from './ai-plan.ts'
import { type ApiRoute, compileApiRoute } from './api-plan.ts'
import type { CapacityRegistry } from './capacities.ts'
import type { CatalogIndex } from './catalog.ts'
import type { DeploymentHealthRegistry } from './deployment-health.ts'
import { createDirectory, type PlaygroundVerifier } from './directory.ts'
import type { KeptStates } from './kept-states.ts'
import type { KeyRegistry } from './key-pool.ts'
import { buildPipeline, type Pipeline } from './pipeline.ts'
import { PolicyCompiler, type PolicyServices, type SharedValues } from './policy-compiler.ts'
import type { PoolRegistry } from './pools.ts'
import { ResidencyContext } from './residency.ts'
import type { RenewedKeys } from './temporary-key.ts'

/** A built-in AI endpoint: the model decides the rest. */
export interface AiRoute {
  readonly kind: 'ai'
  readonly place: Place
  readonly dialect: DialectId
  readonly early: Pipeline
  readonly keyInQuery: KeyInQuery | undefined
  /** Clients open a session in place of sending a request. */
  readonly isSession: boolean
}

/** The built-in list of models, or one of them. */
export interface ModelListRoute {
  readonly kind: 'models'
  readonly place: Place
  readonly dialect: DialectId
  readonly early: Pipeline
  readonly keyInQuery: KeyInQuery | undefined
  /** What follows in the path is the name of a model. */
  readonly isOne: boolean
}

export type RoutePlan = ApiRoute | AiRoute | ModelListRoute | StoredRoute

/** A Snapshot compiled for serving. Frozen: a new Snapshot makes a new Plan, and requests in flight keep theirs. */
export interface Plan {
  readonly version: number
  readonly router: Router<RoutePlan>
  readonly directory: CredentialDirectory
  readonly access: ReadonlyMap<string, ApplicationAccess>
  readonly models: ReadonlyMap<string, ReadonlyMap<string, ModelPlan>>
  /** For requests that match no route. */
  readonly unmatched: Pipeline
  readonly publishedAt: string
  readonly pinned: PinnedPlan
  /** Tenants whose content may not be recorded here. */
  readonly unrecorded: ReadonlySet<string>
}

/** What outlives one Plan. */
export interface PlanEnvironment {
  readonly catalog: CatalogIndex
  readonly translator: AiTranslator
  readonly services: PolicyServices
  readonly shared: SharedValues
  readonly pools: PoolRegistry
  readonly registry: UpstreamRegistry
  readonly deploymentHealth: DeploymentHealthRegistry
  readonly deploymentLoad: KeptStates<DeploymentLoad>
  readonly capacities: CapacityRegistry
  readonly providerKeys: KeyRegistry
  readonly renewedKeys: RenewedKeys
  readonly pinned: PinnedServices
  /** Where this installation keeps what it records. */
  readonly region: string | undefined
  readonly verifyPlayground?: PlaygroundVerifier
}

/**
 * Compiles a Snapshot: regular expressions, durations, URLs, credentials, handlers, everything that no request should
 * have to work out. Throws GatewayError `snapshot_invalid`; the environment then still serves the former Plan.
 */
export function compilePlan(snapshot: Snapshot, environment: PlanEnvironment): Plan {
  const { catalog, services, shared, pools, deploymentHealth, deploymentLoad, providerKeys } = environment
  pools.startPublish()
  shared.startPublish()
  const directory = createDirectory({
    applications: snapshot.applications,
    now: services.now,
    ...(environment.verifyPlayground === undefined ? {} : { verifyPlayground: environment.verifyPlayground }),
  })
  const compiler = new PolicyCompiler(catalog, services, directory, shared)
  const gateway = compiler.compileAll(snapshot.policies, { kind: 'gateway', id: 'all' })
  const tenants = new Map(
    snapshot.tenants.map((tenant) => [
      tenant.id,
      compiler.compileAll(tenant.policies, { kind: 'tenant', id: tenant.id }),
    ]),
  )
  const identity = compiler.compileDefaultIdentity()
  const apiRoutes = compileApis(snapshot, { gateway, tenants, identity, compiler, environment })
  const aiEarly = buildPipeline(gateway.some(identifies) ? gateway : [...gateway, identity])
  const residency = new ResidencyContext(snapshot.tenants, environment.region)
  const plan: Plan = {
    version: snapshot.version,
    unrecorded: new Set(snapshot.tenants.flatMap(({ id }) => (residency.keepsContentOf(id) ? [] : [id]))),
    publishedAt: snapshot.publishedAt,
    router: createRouter<RoutePlan>([
      ...apiRoutes,
      ...builtInRoutes(environment.translator, aiEarly),
      ...storedRoutes(aiEarly),
    ]),
    directory,
    access: compileAccess(snapshot.applications, compiler),
    models: compileModels(snapshot.models, snapshot.providers, {
      catalog,
      translator: environment.translator,
      compiler,
      pools,
      secrets: services.secrets,
      health: deploymentHealth,
      load: deploymentLoad,
      capacities: environment.capacities,
      keys: providerKeys,
      renewedKeys: environment.renewedKeys,
      gatewayPolicies: gateway,
      tenantPolicies: tenants,
      residency,
      lifecycle: { publishedAt: snapshot.publishedAt, now: services.now },
    }),
    pinned: {
      ...environment.pinned,
      stores: compileStores(snapshot.providers, {
        catalog,
        pools,
        secrets: services.secrets,
        renewedKeys: environment.renewedKeys,
      }),
    },
    unmatched: buildPipeline(gateway),
  }
  // Last, because from here on the new Snapshot shows: what throws must have thrown before.
  environment.registry.reconcile(upstreamsOf(snapshot))
  warnOfConflicts(apiRoutes, services.logger)
  pools.endPublish()
  shared.endPublish()
  deploymentHealth.sweep()
  deploymentLoad.sweep()
  environment.capacities.sweep()
  providerKeys.sweep()
  environment.renewedKeys.sweep()
  return plan
}

function warnOfConflicts(routes: readonly RouterEntry<RoutePlan>[], logger: Logger): void {
  for (const { winner, loser, host, path, methods } of findConflicts(routes)) {
    const [served, shadowed] = [winner, loser].map(({ value }) => `${value.place.api}/${value.place.route}`)
    logger.warn(
      { host, path, methods, served, shadowed },
      'Two routes claim the same requests; the first one gets them',
    )
  }
}

const identifies = (policy: PolicyHandlers): boolean => policy.identify !== undefined

interface ApiCompilation {
  readonly gateway: readonly PolicyHandlers[]
  readonly tenants: ReadonlyMap<string, readonly PolicyHandlers[]>
  readonly identity: PolicyHandlers
  readonly compiler: PolicyCompiler
  readonly environment: PlanEnvironment
}

function compileApis(snapshot: Snapshot, compilation: ApiCompilation): RouterEntry<RoutePlan>[] {
  const { gateway, tenants, identity, compiler, environment } = compilation
  return snapshot.apis.flatMap((api) => {
    const tenant = tenants.get(api.tenantId) ?? []
    const ofApi = compiler.compileAll(api.policies, { kind: 'api', id: api.id })
    return api.routes.map((route) => {
      const target = [...ofApi, ...compiler.compileAll(route.policies, { kind: 'route', id: route.id })]
      const hasIdentity = [...gateway, ...tenant, ...target].some(identifies)
      const needsDefault = !hasIdentity && api.access === 'subscription'
      const layers = { gateway, tenant, target: needsDefault ? [identity, ...target] : target }
      return compileApiRoute(api, route, layers, hasIdentity, environment)
    })
  })
}

function builtInRoutes(translator: AiTranslator, early: Pipeline): RouterEntry<RoutePlan>[] {
  const place = (route: string): Place => ({ tenantId: '', apiId: null, api: null, routeId: `ai:${route}`, route })
  // Those with an action share their path with one that has none, where they are found.
  const places = translator.endpoints.filter(({ action }) => action === undefined)
  const endpoints = places.map(
    ({ dialect, method, path, match = 'exact', keyInQuery, isSession = false }): RouterEntry<RoutePlan> => ({
      paths: [path],
      match,
      methods: [method],
      value: { kind: 'ai', dialect, early, place: place(path), keyInQuery, isSession },
    }),
  )
  const lists = ({ dialect, path = '/v1/models', header, keyInQuery }: ModelList): RouterEntry<RoutePlan>[] =>
    (['exact', 'prefix'] as const).map((match) => ({
      paths: [path],
      match,
      methods: ['GET'],
      value: { kind: 'models', dialect, early, place: place(path), keyInQuery, isOne: match === 'prefix' },
      ...(header === undefined ? {} : { headers: header }),
    }))
  return [...endpoints, ...translator.modelLists.flatMap(lists)]
}

function upstreamsOf(snapshot: Snapshot) {
  const byId = new Map(
    snapshot.apis
      .flatMap((api) => [api.upstream, ...api.routes.flatMap((route) => route.upstream ?? [])])
      .map((upstream) => [upstream.id, upstream]),
  )
  return [...byId.values()]
}
