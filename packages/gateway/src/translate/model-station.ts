import type { AiTranslator } from '@konnect/ai'
import { bodyOf, collectBody, GatewayError } from '@konnect/contract'
import type { Principal } from '@konnect/sdk'
import { admitToModel, credentialMissing } from '../admit/admit.ts'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import type { ModelPlan } from '../plan/ai-plan.ts'
import type { AiRoute } from '../plan/plan.ts'
import { AiRelay } from './ai-relay.ts'

/** Largest AI request: images and documents travel inline. */
const MAX_BODY_BYTES = 32 * 1024 * 1024

/** The caller of an AI endpoint, who must be known. */
export function callerOf(exchange: ActiveExchange): Principal {
  if (exchange.principal === undefined) throw credentialMissing()
  return exchange.principal
}

/** Reads the body, finds the model that it names, and lets the caller in. */
export async function admitToNamedModel(
  exchange: ActiveExchange,
  route: AiRoute,
  translator: AiTranslator,
): Promise<void> {
  const principal = callerOf(exchange)
  exchange.place = { ...route.place, tenantId: principal.tenantId }
  const bytes = await collectBody(exchange.request.body, MAX_BODY_BYTES)
  exchange.requestBytes = bytes.byteLength
  exchange.request.body = bodyOf(bytes)
  exchange.ai = new AiRelay(exchange, { bytes, source: exchange.request.body, translator, dialect: route.dialect })
  const facts = translator.readFacts(route.dialect, bytes, exchange.request.path)
  const model = exchange.plan?.models.get(principal.tenantId)?.get(facts.model)
  if (model === undefined) {
    throw new GatewayError('model_not_found', { detail: `The model "${facts.model.slice(0, 256)}" does not exist.` })
  }
  exchange.ai.target(model, facts)
  await admitToModel(exchange, principal, model)
}

/** The models that the caller may use, by name. */
export function usableModels(exchange: ActiveExchange): ModelPlan[] {
  const principal = callerOf(exchange)
  exchange.place = { ...exchange.place, tenantId: principal.tenantId }
  const granted = exchange.plan?.access.get(principal.applicationId)?.models
  const models = [...(exchange.plan?.models.get(principal.tenantId)?.values() ?? [])]
  return models
    .filter((model) => !model.needsSubscription || granted?.has(model.id))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}
