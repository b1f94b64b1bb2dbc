import type { AiTranslator } from '@konnect/ai'
import { bodyOf, collectBody } from '@konnect/contract'
import type { Principal } from '@konnect/sdk'
import { admitToModel, credentialMissing } from '../admit/admit.ts'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import type { ModelPlan } from '../plan/ai-plan.ts'
import type { AiRoute } from '../plan/plan.ts'
import { AiRelay } from './ai-relay.ts'
import { namedModel } from './named-model.ts'

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
  const dialect = translator.dialectAt(route.dialect, exchange.request.path)
  exchange.ai = new AiRelay(exchange, { bytes, source: exchange.request.body, translator, dialect })
  const facts = translator.readFacts(dialect, bytes, exchange.request.path)
  const model = namedModel(exchange, principal, facts.model, bytes)
  exchange.ai.target(model, facts)
  await admitToModel(exchange, principal, model)
}

/** The models that the caller may use, by name. */
export function usableModels(exchange: ActiveExchange): ModelPlan[] {
  return usableNames(exchange).flatMap(([name, model]) => (name === model.name ? [model] : []))
}

/** The names and aliases of the models that the caller may use, in order. */
export function usableNames(exchange: ActiveExchange): [name: string, model: ModelPlan][] {
  const principal = callerOf(exchange)
  exchange.place = { ...exchange.place, tenantId: principal.tenantId }
  const granted = exchange.plan?.access.get(principal.applicationId)?.models
  const named = [...(exchange.plan?.models.get(principal.tenantId) ?? [])]
  return named
    .filter(([, model]) => !model.needsSubscription || granted?.has(model.id))
    .filter(([, model]) => !model.isPinned && model.lifecycle?.refusal() === undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
}
