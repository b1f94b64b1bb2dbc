import type { AiTranslator } from '@konnect/ai'
import { bodyOf, collectBody, headerOf, type JsonObject } from '@konnect/contract'
import type { Principal } from '@konnect/sdk'
import { admitToModel } from '../admit/admit.ts'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import { callerOf } from '../translate/model-station.ts'
import { inputPinOf, jsonBodyOf, MAX_BATCH_BYTES } from './batch-actions.ts'
import { idIn, PINS_OF, type StoredEndpoint, type StoredRoute } from './endpoints.ts'
import { firstModelIn, MAX_MESSAGE_BATCH_BYTES, refuseList } from './message-batch-actions.ts'
import { noSuch, type PinnedPlan, placeOf } from './pinned-plan.ts'
import { chosenTarget, MODEL_HEADER, modelOfPin, type StoreTarget } from './provider-choice.ts'
import type { Pin, PinKind } from './public-id.ts'
import { StoreRelay } from './store-relay.ts'
import { StoreSession, type StoreSubject } from './store-session.ts'
import { peekUpload } from './upload-peek.ts'

/** Finds out where a request for stored objects goes and under which model's rules, and lets the caller in. */
export async function admitToStore(
  exchange: ActiveExchange,
  route: StoredRoute,
  translator: AiTranslator,
): Promise<void> {
  const principal = callerOf(exchange)
  exchange.place = { ...route.place, tenantId: principal.tenantId }
  const relay = new StoreRelay(exchange, { translator, dialect: route.dialect })
  exchange.stored = relay
  const subject = await subjectOf(exchange, principal, route.endpoint)
  relay.session = new StoreSession(exchange, subject)
  await admitToModel(exchange, principal, subject.target.model)
}

async function subjectOf(
  exchange: ActiveExchange,
  principal: Principal,
  endpoint: StoredEndpoint,
): Promise<StoreSubject> {
  const pinned = pinnedOf(exchange)
  if (endpoint.suffix !== undefined) {
    const id = idIn(exchange.incoming.path, endpoint)
    const pin = readPin(pinned, principal, { id, kinds: PINS_OF[endpoint.kind] })
    return { endpoint, pin, id, target: targetOf(exchange, principal, pin) }
  }
  if (endpoint.action === 'list') return listSubject(exchange, principal, endpoint)
  const target = await newObjectTarget(exchange, principal, endpoint)
  return { endpoint, target, pin: undefined, id: undefined }
}

function pinnedOf({ plan }: ActiveExchange): PinnedPlan {
  if (plan === undefined) throw new RangeError('A request is admitted before there is a plan')
  return plan.pinned
}

function readPin(
  { ids }: PinnedPlan,
  principal: Principal,
  { id, kinds }: { readonly id: string; readonly kinds: readonly PinKind[] },
): Pin {
  const pin = ids.read(principal, id, kinds)
  if (pin === undefined) throw noSuch(kinds[0] ?? 'file', id)
  return pin
}

function targetOf(exchange: ActiveExchange, principal: Principal, pin: Pin): StoreTarget {
  const place = placeOf(pinnedOf(exchange), pin)
  return { ...place, model: modelOfPin(exchange, principal, place.store, pin) }
}

function listSubject(exchange: ActiveExchange, principal: Principal, endpoint: StoredEndpoint): StoreSubject {
  if (endpoint.kind === 'message-batches') refuseList()
  const id = new URLSearchParams(exchange.request.query).get('after')
  if (id === null) {
    const target = chosenTarget(exchange, principal, { kind: endpoint.kind, name: namedIn(exchange) })
    return { endpoint, target, pin: undefined, id: undefined }
  }
  const pin = readPin(pinnedOf(exchange), principal, { id, kinds: [...PINS_OF[endpoint.kind], 'cursor'] })
  return { endpoint, pin, id: undefined, target: targetOf(exchange, principal, pin) }
}

/** The model that the request names outside of its body. */
const namedIn = ({ request }: ActiveExchange): string | undefined =>
  headerOf(request.headers, MODEL_HEADER) ?? new URLSearchParams(request.query).get('model') ?? undefined

async function newObjectTarget(
  exchange: ActiveExchange,
  principal: Principal,
  { kind }: StoredEndpoint,
): Promise<StoreTarget> {
  const named = namedIn(exchange)
  if (kind === 'files') {
    const { fields, body } = await peekUpload(exchange.request.body, exchange.request.headers)
    exchange.request.body = body
    return chosenTarget(exchange, principal, { kind, name: named ?? fields.get('model') })
  }
  const isBatch = kind === 'batches'
  const bytes = await collectBody(exchange.request.body, isBatch ? MAX_BATCH_BYTES : MAX_MESSAGE_BATCH_BYTES)
  exchange.requestBytes = bytes.byteLength
  exchange.request.body = bodyOf(bytes)
  if (isBatch) return targetOf(exchange, principal, inputPinIn(jsonBodyOf(bytes), exchange, principal))
  return chosenTarget(exchange, principal, { kind, name: named ?? firstModelIn(bytes) })
}

const inputPinIn = (body: JsonObject, exchange: ActiveExchange, principal: Principal): Pin =>
  inputPinOf(body, pinnedOf(exchange), principal)
