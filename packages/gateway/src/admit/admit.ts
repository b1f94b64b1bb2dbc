import { GatewayError, type MaybePromise } from '@konnect/contract'
import type { Principal } from '@konnect/sdk'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import type { ModelPlan } from '../plan/ai-plan.ts'
import type { ApiRoute } from '../plan/api-plan.ts'
import { runHandlers } from '../plan/pipeline.ts'

/** The admit station of an API: the right to call it, then the admitting policies. */
export function admitToApi(exchange: ActiveExchange, route: ApiRoute): MaybePromise<void> {
  const { principal, plan } = exchange
  if (principal === undefined) {
    if (route.access !== 'open') throw credentialMissing()
    return runHandlers(exchange.pipeline.admit, exchange)
  }
  const access = plan?.access.get(principal.applicationId)
  const grant = access?.apis.get(route.apiId)
  if (route.access === 'subscription' && grant === undefined) {
    throw new GatewayError('subscription_required', {
      detail: `The application "${principal.application}" has no active subscription to the API "${route.place.api}".`,
    })
  }
  exchange.pipeline = route.pipelines.for(
    `${grant?.subscriptionId}|${principal.applicationId}`,
    grant?.policies ?? [],
    access?.policies ?? [],
  )
  return runHandlers(exchange.pipeline.admit, exchange)
}

/** The admit station of a model. */
export function admitToModel(exchange: ActiveExchange, principal: Principal, model: ModelPlan): MaybePromise<void> {
  const access = exchange.plan?.access.get(principal.applicationId)
  const grant = access?.models.get(model.id)
  if (model.needsSubscription && grant === undefined) {
    throw new GatewayError('subscription_required', {
      detail: `The application "${principal.application}" has no active subscription to the model "${model.name}".`,
    })
  }
  exchange.pipeline = model.pipelines.for(
    `${grant?.subscriptionId}|${principal.applicationId}`,
    grant?.policies ?? [],
    access?.policies ?? [],
  )
  return runHandlers(exchange.pipeline.admit, exchange)
}

/** A 401 that says how to authenticate (RFC 9110 §11.6.1). */
export function credentialMissing(): GatewayError {
  return new GatewayError('credential_missing', { headers: ['www-authenticate', 'Bearer realm="konnect"'] })
}
