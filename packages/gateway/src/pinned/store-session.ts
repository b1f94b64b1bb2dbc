import { GatewayError, type HeaderList, isJsonObject, type JsonObject } from '@konnect/contract'
import type { Principal } from '@konnect/sdk'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import type { ResponseCollector } from '../translate/response-collector.ts'
import type { StoredEndpoint } from './endpoints.ts'
import type { PinnedPlan } from './pinned-plan.ts'
import type { StoreTarget } from './provider-choice.ts'
import { type Pin, type PinKind, tagOf } from './public-id.ts'
import type { ObjectNames } from './stored-objects.ts'
import type { StoreKey } from './stores.ts'
import { askVendor, jsonOf, type StreamFor, type VendorAsk } from './vendor-call.ts'

/** The vendor answered with an error, which is the client's answer too. */
export class VendorRefusal extends Error {
  override readonly name = 'VendorRefusal'
  readonly answer: ResponseCollector

  constructor(answer: ResponseCollector) {
    super(`The vendor answered ${answer.status}`)
    this.answer = answer
  }
}

/** What an action answers. */
export interface StoreAnswer {
  readonly status: number
  /** The vendor's, of which some are kept. */
  readonly headers: HeaderList
  readonly body: Buffer | JsonObject
}

/** The vendor's answer with another content. */
export const answerWith = ({ status, headers }: ResponseCollector, body: Buffer | JsonObject): StoreAnswer => ({
  status,
  headers,
  body,
})

/** What one request is about, once it is known where that is kept. */
export interface StoreSubject {
  readonly endpoint: StoredEndpoint
  readonly target: StoreTarget
  /** What the id in the path names, or the cursor of a list. */
  readonly pin: Pin | undefined
  /** The id in the path as the client wrote it. */
  readonly id: string | undefined
}

/** One request for stored objects, with everything that an action needs. */
export class StoreSession {
  readonly exchange: ActiveExchange
  readonly principal: Principal
  readonly pinned: PinnedPlan
  readonly endpoint: StoredEndpoint
  readonly target: StoreTarget
  readonly pin: Pin | undefined
  readonly id: string | undefined
  readonly names: ObjectNames

  constructor(exchange: ActiveExchange, { endpoint, target, pin, id }: StoreSubject) {
    if (exchange.principal === undefined || exchange.plan === undefined) throw new GatewayError('not_ready')
    this.exchange = exchange
    this.principal = exchange.principal
    this.pinned = exchange.plan.pinned
    this.endpoint = endpoint
    this.target = target
    this.pin = pin
    this.id = id
    this.names = this.namesAt(target.key)
  }

  /** How ids and marks of objects of this key are written. */
  namesAt(key: StoreKey): ObjectNames {
    const { pinned, principal, target, pin } = this
    const place = { provider: target.store.tag, key: key.tag, model: pin?.model ?? tagOf(target.model.id) }
    return {
      mint: (kind: PinKind, id, batch = '') => pinned.ids.mint(principal, { ...place, kind, id, batch }),
      mark: pinned.ids.ownerMark(principal, place.provider, place.key),
    }
  }

  /** Asks for what the request is about, or for what `part` says instead. Throws {@link VendorRefusal}. */
  async ask(part: Partial<VendorAsk> & { readonly key?: StoreKey } = {}): Promise<ResponseCollector> {
    const answer = await this.#send(part)
    if (answer === undefined) throw new GatewayError('upstream_invalid')
    return answer
  }

  /** As `ask`, for an answer that goes out as it comes where `streamFor` says so; it is undefined then. */
  askStream(streamFor: StreamFor, part: Partial<VendorAsk> = {}): Promise<ResponseCollector | undefined> {
    return this.#send({ ...part, streamFor })
  }

  /** The object that an answer is. Throws `upstream_invalid`. */
  objectIn(answer: ResponseCollector): JsonObject {
    const value = jsonOf(answer)
    if (isJsonObject(value)) return value
    throw new GatewayError('upstream_invalid', { reason: 'The answer is no JSON object' })
  }

  async #send(part: Partial<VendorAsk> & { readonly key?: StoreKey; readonly streamFor?: StreamFor }) {
    const { endpoint, exchange, target, pin } = this
    const { key = target.key, ...asked } = part
    const below = pin === undefined || this.id === undefined ? '' : pathOf(pin.id, endpoint.suffix)
    const ask = {
      method: endpoint.method,
      kind: endpoint.kind,
      below,
      query: ownQuery(exchange.request.query),
      ...asked,
    }
    const answer = await askVendor(exchange, { store: target.store, key }, ask)
    if (answer !== undefined && answer.status >= 400) throw new VendorRefusal(answer)
    return answer
  }
}

/** Where an object is below its collection. */
export const pathOf = (id: string, suffix = ''): string => `/${encodeURIComponent(id)}${suffix}`

/** The query without what only the gateway understands. */
function ownQuery(query: string): string {
  if (query === '') return ''
  return query
    .split('&')
    .filter((part) => part !== 'model' && !part.startsWith('model='))
    .join('&')
}
