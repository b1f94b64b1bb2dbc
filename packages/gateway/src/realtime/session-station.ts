import type { AiTranslator } from '@konnect/ai'
import { GatewayError, type MaybePromise } from '@konnect/contract'
import { admitToModel } from '../admit/admit.ts'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import type { AiRoute } from '../plan/plan.ts'
import { callerOf } from '../translate/model-station.ts'
import { namedModel } from '../translate/named-model.ts'
import { readHandshake } from './handshake.ts'
import type { LiveSessions } from './live-sessions.ts'
import { RealtimeRelay } from './realtime-relay.ts'

/** Reads the handshake, finds the model that the query names, and lets the caller in. */
export function admitToSession(
  exchange: ActiveExchange,
  route: AiRoute,
  options: { readonly translator: AiTranslator; readonly sessions: LiveSessions },
): MaybePromise<void> {
  const principal = callerOf(exchange)
  const { request, incoming } = exchange
  exchange.place = { ...route.place, tenantId: principal.tenantId }
  const handshake = readHandshake(incoming.upgrade, request.headers)
  const name = modelIn(request.query)
  const relay = new RealtimeRelay(exchange, { ...options, handshake, name, dialect: route.dialect })
  exchange.session = relay
  const model = namedModel(exchange, principal, name)
  // What is said in a session cannot be asked twice.
  exchange.shadow = undefined
  relay.target(model)
  return admitToModel(exchange, principal, model)
}

/** The kind of session that a model holds; others transcribe, or join a call that is somewhere else. */
const INTENT = 'realtime'

function modelIn(query: string): string {
  const fields = new URLSearchParams(query)
  if (fields.has('call_id') || (fields.get('intent') ?? INTENT) !== INTENT) {
    throw new GatewayError('unsupported_feature', { detail: 'Only sessions with a model can be opened here.' })
  }
  const model = fields.get('model') ?? ''
  if (model === '') {
    throw new GatewayError('invalid_request', { detail: 'The query needs "model" with the name of a model.' })
  }
  return model
}
