import { endUserOf } from '@konnect/ai'
import { GatewayError } from '@konnect/contract'
import type { Principal } from '@konnect/sdk'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import type { ModelPlan } from '../plan/ai-plan.ts'
import type { TrafficPlan } from '../plan/model-names.ts'
import { drawnVersion, stickyVersion } from '../select/version-choice.ts'

/**
 * The model that a request names, narrowed to the one version that answers it. Its state and version are told in the
 * response whatever comes, and the exchange learns which version is to be asked as well. `bytes` are the request's body, if
 * it has one. Throws `model_not_found` and `model_retired`.
 */
export function namedModel(exchange: ActiveExchange, principal: Principal, name: string, bytes?: Buffer): ModelPlan {
  const model = exchange.plan?.models.get(principal.tenantId)?.get(name)
  if (model === undefined) {
    throw new GatewayError('model_not_found', { detail: `The model "${name.slice(0, 256)}" does not exist.` })
  }
  const refusal = model.lifecycle?.refusal()
  if (refusal !== undefined) throw refusal
  tellLifecycle(exchange, model)
  const chosen = model.traffic === undefined ? model : chosenVersion(model.traffic, principal, bytes)
  const version = chosen?.versions[0]
  if (chosen === undefined || version === undefined) {
    throw new GatewayError('no_healthy_target', { reason: `No version of the model "${model.name}" has a share` })
  }
  if (version.name !== '') exchange.addResponseHeader('x-konnect-model-version', version.name)
  exchange.shadow = shadowBeside(model.traffic, chosen)
  return chosen
}

function tellLifecycle(exchange: ActiveExchange, { lifecycle }: ModelPlan): void {
  const headers = lifecycle?.headers ?? []
  for (let i = 0; i < headers.length; i += 2) exchange.addResponseHeader(headers[i] ?? '', headers[i + 1] ?? '')
}

function chosenVersion({ shares, stickyBy }: TrafficPlan, principal: Principal, bytes?: Buffer): ModelPlan | undefined {
  if (stickyBy === 'request') return drawnVersion(shares, Math.random)
  const user = stickyBy === 'user' && bytes !== undefined ? endUserOf(bytes) : undefined
  return stickyVersion(shares, user === undefined ? `application:${principal.applicationId}` : `user:${user}`)
}

function shadowBeside(traffic: TrafficPlan | undefined, chosen: ModelPlan): ModelPlan | undefined {
  const shadow = traffic?.shadow
  if (shadow === undefined || shadow.model.versions[0] === chosen.versions[0]) return undefined
  return Math.random() * 100 < shadow.percent ? shadow.model : undefined
}
