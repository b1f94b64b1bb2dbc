import type { AiTranslator, SessionSetup } from '@konnect/ai'
import { GatewayError, type MaybePromise } from '@konnect/contract'
import { admitToModel } from '../admit/admit.ts'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import type { AiRoute } from '../plan/plan.ts'
import { finalHeaders } from '../return/answer.ts'
import { callerOf } from '../translate/model-station.ts'
import { namedModel } from '../translate/named-model.ts'
import { ClientOpening } from './client-opening.ts'
import { acceptClient, readHandshake } from './handshake.ts'
import type { LiveSessions } from './live-sessions.ts'
import { RealtimeRelay, type RealtimeRelayOptions, type SessionTarget } from './realtime-relay.ts'

export interface SessionStationOptions {
  readonly translator: AiTranslator
  readonly sessions: LiveSessions
}

/** Reads the handshake, finds the model that the query or the first message names, and lets the caller in. */
export function admitToSession(
  exchange: ActiveExchange,
  route: AiRoute,
  options: SessionStationOptions,
): MaybePromise<void> {
  const { tenantId } = callerOf(exchange)
  const { request, incoming } = exchange
  exchange.place = { ...route.place, tenantId }
  const handshake = readHandshake(incoming.upgrade, request.headers)
  const setup = options.translator.sessionSetup(route.dialect)
  const relayOptions = { ...options, handshake, dialect: route.dialect }
  if (setup !== undefined) return admitAfterSetup(exchange, relayOptions, setup)
  return admitTo(exchange, new RealtimeRelay(exchange, relayOptions), { name: modelIn(request.query) })
}

/** Opens the WebSocket first: the client says only then what it wants. */
async function admitAfterSetup(
  exchange: ActiveExchange,
  options: RealtimeRelayOptions,
  setup: SessionSetup,
): Promise<void> {
  const headers = finalHeaders(exchange, acceptClient(options.handshake))
  const opening = new ClientOpening(exchange.responder.upgrade(headers))
  exchange.status = 101
  const relay = new RealtimeRelay(exchange, { ...options, opening })
  exchange.session = relay
  const message = await opening.message()
  const firstMessage = (upstreamModel: string) => setup.withModel(message, upstreamModel)
  await admitTo(exchange, relay, { name: setup.modelIn(message), firstMessage })
}

function admitTo(
  exchange: ActiveExchange,
  relay: RealtimeRelay,
  target: Omit<SessionTarget, 'model'>,
): MaybePromise<void> {
  const principal = callerOf(exchange)
  exchange.session = relay
  const model = namedModel(exchange, principal, target.name)
  // What is said in a session cannot be asked twice.
  exchange.shadow = undefined
  relay.target({ ...target, model })
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
