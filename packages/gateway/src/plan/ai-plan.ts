import { type AiTranslator, createPricer, type DialectId, type Pricer } from '@konnect/ai'
import {
  type FieldRules,
  type HeaderList,
  headerOf,
  parseDurationMs,
  type Residency,
  type SecretBox,
  type SnapshotDeployment,
  type SnapshotModel,
  type SnapshotModelVersion,
  type SnapshotProvider,
} from '@konnect/contract'
import type { UpstreamPool, UpstreamTimeouts } from '@konnect/http'
import type { PolicyHandlers, VendorTarget } from '@konnect/sdk'
import type { Capacity } from '../select/capacity.ts'
import { type Conditions, compileConditions } from '../select/conditions.ts'
import type { DeploymentLoad } from '../select/deployment-load.ts'
import type { StrategyMode } from '../select/deployment-order.ts'
import { FallbackRules } from '../select/fallback-rules.ts'
import type { CapacityRegistry, ModelAdmission } from './capacities.ts'
import type { CatalogIndex } from './catalog.ts'
import type { DeploymentHealth, DeploymentHealthRegistry } from './deployment-health.ts'
import { type DeploymentKeyOf, deploymentKey } from './deployment-key.ts'
import { inputPriceOf } from './input-price.ts'
import type { KeptStates } from './kept-states.ts'
import { type KeyRegistry, openKeys } from './key-pool.ts'
import { LayeredPipelines } from './layers.ts'
import { compileLifecycle, type LifecycleContext, type ModelLifecycle } from './model-lifecycle.ts'
import { namedPlans, type TrafficPlan } from './model-names.ts'
import type { PolicyCompiler } from './policy-compiler.ts'
import type { PoolRegistry } from './pools.ts'
import type { ResidencyContext } from './residency.ts'
import type { RenewedKeys } from './temporary-key.ts'

/** Where and how a deployment is asked in one dialect. */
export interface DeploymentAddress {
  readonly dialect: DialectId
  readonly pool: UpstreamPool
  /** Path and query. */
  readonly target: string
  /** The same for requests that want a stream. */
  readonly streamTarget: string
  /** Host, credentials, the vendor's and the operator's fields. */
  readonly headers: HeaderList
  /** For vendors whose credential covers the content. */
  readonly sign: VendorTarget['sign']
}

/** One key of a deployment's provider, and how the deployment is asked with it. */
export type DeploymentKey = DeploymentKeyOf<ReadonlyMap<DialectId, DeploymentAddress>>

/** One place where a model runs, ready for use. */
export interface Deployment {
  readonly providerId: string
  readonly provider: string
  readonly vendor: string
  readonly model: string
  readonly weight: number
  /** Empty when every key of the provider is disabled. */
  readonly keys: readonly DeploymentKey[]
  /** Requests may name what the vendor keeps by its own ids. */
  readonly acceptsVendorIds: boolean
  /** Client fields that are passed on whatever the dialects. */
  readonly forwards: ReadonlySet<string>
  /** Client fields that are passed on when both sides speak the same dialect. */
  readonly forwardsSameDialect: ReadonlySet<string>
  /** Fields that the vendor refuses or calls differently. */
  readonly fields: FieldRules | undefined
  readonly timeouts: UpstreamTimeouts
  /** Longest times of one attempt; `undefined`: none. */
  readonly limits: { readonly firstTokenMs: number | undefined; readonly totalMs: number | undefined }
  readonly pricer: Pricer
  /** Prices another model of the same vendor, at the catalog's price. */
  pricerOf(model: string): Pricer
  readonly health: DeploymentHealth
  readonly load: DeploymentLoad
  /** USD per token of input; `undefined` when nobody knows. */
  inputPrice(): number | undefined
  /** Where it processes content, as far as that is stated. */
  readonly region: string | undefined
  /** Which requests it takes; `undefined`: all. */
  readonly conditions: Conditions | undefined
  /** `undefined`: it is never full. */
  readonly capacity: Capacity | undefined
}

/** One state of a model over time. */
export interface VersionPlan {
  /** '' for the only version of a model that has none. */
  readonly name: string
  /** By the dialect of the client: those that can serve it, as it is or translated. A dialect that none serves is missing. */
  readonly deployments: ReadonlyMap<DialectId, readonly Deployment[]>
  /** Which deployments are missing because residency rules keep content from them, and why. For the operator. */
  readonly objections: readonly string[]
}

/** A public model name, ready for use. */
export interface ModelPlan {
  readonly id: string
  readonly name: string
  readonly tenantId: string
  readonly needsSubscription: boolean
  readonly mode: StrategyMode
  readonly fallbacks: FallbackRules
  readonly isStrict: boolean
  /** `undefined` where every deployment takes every request at any time. */
  readonly admission: ModelAdmission | undefined
  /** At least one. */
  readonly versions: readonly VersionPlan[]
  /** `undefined` where there is nothing to choose: the model has no versions, or the request names one. */
  readonly traffic: TrafficPlan | undefined
  /** Asked for as `name@version`. */
  readonly isPinned: boolean
  /** What callers of a deprecated or retired model are told; `undefined` for active ones. */
  readonly lifecycle: ModelLifecycle | undefined
  /** The rules on where content may go that every deployment here is held to; `undefined` where there are none. */
  readonly residency: Residency | undefined
  /** Answers may be kept so that people can compare them. */
  readonly keepsAnswers: boolean
  readonly pipelines: LayeredPipelines
}

export interface AiPlanContext {
  readonly catalog: CatalogIndex
  readonly translator: AiTranslator
  readonly compiler: PolicyCompiler
  readonly pools: PoolRegistry
  readonly secrets: SecretBox
  readonly health: DeploymentHealthRegistry
  readonly load: Pick<KeptStates<DeploymentLoad>, 'of'>
  readonly capacities: CapacityRegistry
  readonly keys: KeyRegistry
  readonly renewedKeys: Pick<RenewedKeys, 'of'>
  readonly gatewayPolicies: readonly PolicyHandlers[]
  readonly tenantPolicies: ReadonlyMap<string, readonly PolicyHandlers[]>
  readonly residency: ResidencyContext
  readonly lifecycle: LifecycleContext
}

/** Models by tenant id, then by every name that applications may send. A model's own name goes before what others derive. */
export function compileModels(
  models: readonly SnapshotModel[],
  providers: readonly SnapshotProvider[],
  context: AiPlanContext,
): ReadonlyMap<string, ReadonlyMap<string, ModelPlan>> {
  const providersById = new Map(providers.map((provider) => [provider.id, provider]))
  const byTenant = new Map<string, Map<string, ModelPlan>>()
  for (const model of models) {
    const names = byTenant.get(model.tenantId) ?? new Map<string, ModelPlan>()
    const plan = compileModel(model, providersById, context)
    for (const [name, named] of namedPlans(plan, model)) {
      if (name === model.name || !names.has(name)) names.set(name, named)
    }
    byTenant.set(model.tenantId, names)
  }
  return byTenant
}

function compileModel(
  model: SnapshotModel,
  providers: ReadonlyMap<string, SnapshotProvider>,
  context: AiPlanContext,
): ModelPlan {
  const residency = context.residency.of(model)
  return {
    id: model.id,
    name: model.name,
    tenantId: model.tenantId,
    needsSubscription: model.access === 'subscription',
    mode: model.strategy.mode,
    fallbacks: new FallbackRules(model.strategy),
    isStrict: model.strategy.strict ?? false,
    admission: context.capacities.admissionTo(model),
    versions: versionsOf(model).map((version) => compileVersion(version, residency, providers, context)),
    traffic: undefined,
    isPinned: false,
    lifecycle: compileLifecycle(model, context.lifecycle),
    residency,
    keepsAnswers: context.residency.isKeptHere(residency),
    pipelines: new LayeredPipelines(
      {
        gateway: context.gatewayPolicies,
        tenant: context.tenantPolicies.get(model.tenantId) ?? [],
        target: context.compiler.compileAll(model.policies, { kind: 'model', id: model.id }),
      },
      true,
    ),
  }
}

const versionsOf = ({ versions, deployments = [] }: SnapshotModel): readonly SnapshotModelVersion[] =>
  versions ?? [{ name: '', deployments }]

function compileVersion(
  { name, deployments }: SnapshotModelVersion,
  residency: Residency | undefined,
  providers: ReadonlyMap<string, SnapshotProvider>,
  context: AiPlanContext,
): VersionPlan {
  const objections: string[] = []
  const allowed = deployments.flatMap((deployment) => {
    const provider = providers.get(deployment.providerId)
    if (provider === undefined) return []
    const compiled = compileDeployment(deployment, provider, context)
    const objection = residency?.objection({ region: compiled.region, terms: provider.terms })
    if (objection === undefined) return [compiled]
    objections.push(`${provider.name} with ${deployment.model}: ${objection}`)
    return []
  })
  return { name, deployments: deploymentsByClient(allowed, context.translator), objections }
}

function deploymentsByClient(
  deployments: readonly Deployment[],
  translator: AiTranslator,
): ReadonlyMap<DialectId, readonly Deployment[]> {
  const served = new Map<DialectId, readonly Deployment[]>()
  for (const { dialect } of translator.endpoints) {
    const offering = deployments.filter(({ keys }) => keys.every(({ addresses }) => addresses.has(dialect)))
    if (offering.length > 0) served.set(dialect, offering)
  }
  return served
}

function compileDeployment(
  deployment: SnapshotDeployment,
  provider: SnapshotProvider,
  context: AiPlanContext,
): Deployment {
  const vendor = context.catalog.vendor(provider.vendor)
  const connection = {
    baseUrl: (provider.baseUrl ?? vendor.defaultBaseUrl ?? '').replace(/\/+$/, ''),
    headers: Object.entries(provider.headers ?? {}).flatMap(([name, value]) => [name.toLowerCase(), value]),
    settings: provider.settings ?? {},
  }
  const { model } = deployment
  const dialects = vendor.dialectsOf?.(model, connection.settings) ?? vendor.dialects
  const spokenWith = (apiKey: string | undefined) =>
    dialects.map((dialect) => {
      const target = vendor.target({ ...connection, apiKey }, { dialect, model })
      return addressOf(dialect, target, context.pools)
    })
  const forwards = (provider.forwardHeaders ?? []).map((name) => name.toLowerCase())
  const pricer = createPricer(vendor.pricedAs ?? vendor.id, model, deployment.price)
  return {
    providerId: provider.id,
    provider: provider.name,
    vendor: vendor.id,
    model,
    weight: deployment.weight ?? 1,
    keys: openKeys(provider, context.secrets).map((key) => {
      const source = vendor.temporaryKeys?.({ ...connection, apiKey: key.value })
      return deploymentKey({
        key,
        state: context.keys.of(provider.id, key, model),
        renewed: source && context.renewedKeys.of(provider, source),
        addresses: (apiKey) => addressesByClient(spokenWith(apiKey), context.translator),
      })
    }),
    acceptsVendorIds: provider.acceptVendorIds ?? false,
    forwards: new Set(forwards),
    forwardsSameDialect: new Set([...forwards, ...(vendor.forwardHeaders ?? [])]),
    fields: vendor.fields,
    timeouts: {
      connectMs: parseDurationMs(provider.connectTimeout ?? '5s'),
      headMs: parseDurationMs(provider.timeout ?? '120s'),
      idleMs: parseDurationMs(provider.idleTimeout ?? '120s'),
    },
    limits: {
      firstTokenMs: limitOf(deployment.firstTokenTimeout),
      totalMs: limitOf(deployment.totalTimeout),
    },
    pricer,
    pricerOf: (other) => createPricer(vendor.pricedAs ?? vendor.id, other),
    inputPrice: () => inputPriceOf(pricer),
    health: context.health.of(`${provider.id}\n${model}`),
    load: context.load.of(`${provider.id}\n${model}`),
    conditions: compileConditions(deployment.when),
    capacity: context.capacities.of(provider.id, model, deployment.capacity),
    region: deployment.region ?? provider.region ?? vendor.regionOf?.(connection.settings, model),
  }
}

function addressOf(dialect: DialectId, target: VendorTarget, pools: PoolRegistry): DeploymentAddress {
  const url = new URL(target.url)
  const streamUrl = new URL(target.streamUrl ?? target.url)
  return {
    dialect,
    pool: pools.pool(url.origin),
    target: url.pathname + url.search,
    streamTarget: streamUrl.pathname + streamUrl.search,
    headers: ['host', url.host, ...withDefault(target.headers, 'accept-encoding', 'identity')],
    sign: target.sign,
  }
}

/** For each dialect of clients the address where it is spoken and bytes pass, or else the first one to translate to. */
function addressesByClient(
  spoken: readonly DeploymentAddress[],
  translator: AiTranslator,
): ReadonlyMap<DialectId, DeploymentAddress> {
  const addresses = new Map<DialectId, DeploymentAddress>()
  for (const { dialect: client } of translator.endpoints) {
    const own = spoken.find(({ dialect }) => dialect === client)
    const address = own ?? spoken.find(({ dialect }) => translator.canTranslate(client, dialect))
    if (address !== undefined) addresses.set(client, address)
  }
  return addresses
}

const limitOf = (duration: string | undefined): number | undefined =>
  duration === undefined ? undefined : parseDurationMs(duration)

const withDefault = (headers: HeaderList, name: string, value: string): HeaderList =>
  headerOf(headers, name) === undefined ? [...headers, name, value] : headers
