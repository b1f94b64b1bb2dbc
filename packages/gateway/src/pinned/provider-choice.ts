import { GatewayError } from '@konnect/contract'
import type { Principal, StoredKind } from '@konnect/sdk'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import type { Deployment, ModelPlan } from '../plan/ai-plan.ts'
import type { Plan } from '../plan/plan.ts'
import { usableModels } from '../translate/model-station.ts'
import { namedModel } from '../translate/named-model.ts'
import type { DeploymentFinder } from './batch-ledger.ts'
import type { StorePlace } from './pinned-plan.ts'
import { type Pin, tagOf } from './public-id.ts'
import { type ProviderStore, type StoreKey, tagOfKey } from './stores.ts'

/** Where a request goes, and the model whose rules it is held to. */
export interface StoreTarget extends StorePlace {
  readonly model: ModelPlan
}

/** The request field that names a model where the request itself has no place for one. */
export const MODEL_HEADER = 'x-konnect-model'

const NOUNS: Readonly<Record<StoredKind, string>> = {
  files: 'files',
  batches: 'batches',
  responses: 'responses',
  'message-batches': 'message batches',
}

const deploymentsOf = (model: ModelPlan): Deployment[] =>
  model.versions.flatMap(({ deployments }) => [...new Set([...deployments.values()].flat())])

const planOf = (exchange: ActiveExchange): Plan => {
  if (exchange.plan === undefined) throw new GatewayError('not_ready')
  return exchange.plan
}

/** The providers of a model that keep such objects, in the order of its deployments. */
function storesOf(model: ModelPlan, kind: StoredKind, { pinned }: Plan): ProviderStore[] {
  const stores = deploymentsOf(model).flatMap(({ providerId }) => pinned.stores.get(tagOf(providerId)) ?? [])
  return [...new Set(stores)].filter(({ kinds }) => kinds.has(kind))
}

/**
 * Where a new object or a list is: at the provider of the model that the request names or, without one, at the only provider
 * of all models that the caller may use. Throws when there is none or more than one.
 */
export function chosenTarget(
  exchange: ActiveExchange,
  principal: Principal,
  { kind, name }: { readonly kind: StoredKind; readonly name: string | undefined },
): StoreTarget {
  const plan = planOf(exchange)
  if (name !== undefined) {
    const model = namedModel(exchange, principal, name)
    const [store] = storesOf(model, kind, plan)
    if (store !== undefined) return { store, model, key: drawnKey(store, model) }
    throw notKept(`The model "${model.name}" runs nowhere that keeps ${NOUNS[kind]}.`)
  }
  const models = usableModels(exchange)
  if (models.length === 0) throw noModel(principal, 'any model')
  const stores = new Set(models.flatMap((model) => storesOf(model, kind, plan)))
  const [store, other] = stores
  if (store === undefined) throw notKept(`None of the models of this application runs where ${NOUNS[kind]} are kept.`)
  if (other !== undefined) {
    throw new GatewayError('invalid_request', {
      detail: `Several providers keep ${NOUNS[kind]}. Name a model of the one that is meant in the request field ${MODEL_HEADER}.`,
    })
  }
  const model = models.find((each) => storesOf(each, kind, plan).includes(store)) ?? (models[0] as ModelPlan)
  return { store, model, key: drawnKey(store, model) }
}

const notKept = (detail: string) => new GatewayError('unsupported_feature', { detail })

const noModel = ({ application }: Principal, what: string) =>
  new GatewayError('subscription_required', {
    detail: `The application "${application}" has no active subscription to ${what}.`,
  })

/** A key for something new, by weight; one that rests is passed over while there is another. */
function drawnKey(store: ProviderStore, model: ModelPlan): StoreKey {
  const resting = new Set(
    deploymentsOf(model)
      .filter(({ providerId }) => providerId === store.providerId)
      .flatMap(({ keys }) => keys.filter(({ state }) => state.leftMs > 0).map(({ name }) => tagOfKey(name))),
  )
  const ready = store.keys.filter(({ tag }) => !resting.has(tag))
  const keys = ready.length > 0 ? ready : store.keys
  let left = Math.random() * keys.reduce((sum, { weight }) => sum + weight, 0)
  const drawn = keys.find(({ weight }) => {
    left -= weight
    return left < 0
  })
  const key = drawn ?? keys.at(-1)
  if (key === undefined) {
    throw new GatewayError('no_healthy_target', { reason: `The provider ${store.provider} has no key that is enabled` })
  }
  return key
}

/**
 * The model whose rules hold for an object: the one it was made under while the caller may use it there, else another one of
 * the same provider. Throws `subscription_required` when the caller may use none there any longer.
 */
export function modelOfPin(exchange: ActiveExchange, principal: Principal, store: ProviderStore, pin: Pin): ModelPlan {
  const there = usableModels(exchange).filter((model) =>
    deploymentsOf(model).some(({ providerId }) => providerId === store.providerId),
  )
  const model = there.find(({ id }) => tagOf(id) === pin.model) ?? there[0]
  if (model === undefined) throw noModel(principal, 'a model of the provider that keeps this')
  return model
}

/** What the vendor calls a model that the caller names inside of a batch. Throws when it may not be used or runs elsewhere. */
export function upstreamModelAt(exchange: ActiveExchange, store: ProviderStore, name: string): string {
  const { models, access } = planOf(exchange)
  const { tenantId = '', applicationId = '' } = exchange.principal ?? {}
  const model = models.get(tenantId)?.get(name)
  const shown = name.slice(0, 256)
  if (model === undefined) {
    throw new GatewayError('model_not_found', { detail: `The model "${shown}" does not exist.`, status: 400 })
  }
  if (model.needsSubscription && access.get(applicationId)?.models.get(model.id) === undefined) {
    const detail = `The application has no active subscription to the model "${shown}".`
    throw new GatewayError('subscription_required', { detail })
  }
  const refusal = model.lifecycle?.refusal()
  if (refusal !== undefined) throw refusal
  const deployment = deploymentsOf(model).find(({ providerId }) => providerId === store.providerId)
  if (deployment === undefined) {
    const detail = `The model "${shown}" does not run at the provider that this goes to.`
    throw new GatewayError('invalid_request', { detail })
  }
  return deployment.model
}

/** Finds the deployment that a vendor means by the name of a model, which may have a date at its end; else that of `model`. */
export function deploymentFinder(exchange: ActiveExchange, { store, model }: StoreTarget): DeploymentFinder {
  const named = [model, ...usableModels(exchange)].flatMap((each) =>
    deploymentsOf(each)
      .filter(({ providerId }) => providerId === store.providerId)
      .map((deployment) => ({ model: each, deployment })),
  )
  return (upstreamModel = '') => {
    const found =
      named.find(({ deployment }) => deployment.model === upstreamModel) ??
      named.find(({ deployment }) => upstreamModel.startsWith(`${deployment.model}-`)) ??
      named[0]
    if (found === undefined) throw new GatewayError('provider_removed')
    return found
  }
}
