import {
  type Attempt,
  type BodySource,
  bodyOf,
  GatewayError,
  type HeaderList,
  headerOf,
  setHeader,
} from '@konnect/contract'
import type { UpstreamCall, UpstreamFailure, UpstreamHandler, UpstreamRequest } from '@konnect/http'
import type { StoredKind } from '@konnect/sdk'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import { ResponseCollector } from '../translate/response-collector.ts'
import type { StorePlace } from './pinned-plan.ts'
import type { ProviderStore, StoreAddress } from './stores.ts'

/** One request for stored objects, as it goes to a vendor. */
export interface VendorAsk {
  readonly method: string
  readonly kind: StoredKind
  /** What follows the address of the collection, ids escaped. */
  readonly below: string
  /** Without the question mark. */
  readonly query?: string
  readonly body?: BodySource | Buffer
  /** Of the body. */
  readonly contentType?: string
}

/** Takes the answer of a vendor that is not held in memory. */
export interface AnswerStream {
  head(status: number, headers: HeaderList, length: number | undefined): void
  /** `false` pauses the vendor until the client has caught up. */
  data(chunk: Uint8Array): boolean
  end(): void
}

const NO_KIND = (kind: StoredKind, provider: string) =>
  new GatewayError('unsupported_feature', {
    detail: `The provider that this is kept at does not serve ${kind} any longer.`,
    reason: `The vendor of ${provider} keeps no ${kind}`,
  })

/** Says where an answer below 400 of this content type goes; nowhere: it is held in memory. */
export type StreamFor = (contentType: string) => AnswerStream | undefined

/**
 * Asks a vendor and resolves with its whole answer; an answer that has a stream goes there as it comes instead, and it
 * resolves with undefined when that is over. Rejects with what went wrong on the way, the request's own body included, and
 * when the client goes away.
 */
export function askVendor(
  exchange: ActiveExchange,
  place: StorePlace,
  ask: VendorAsk & { readonly streamFor?: StreamFor },
): Promise<ResponseCollector | undefined> {
  const address = place.key.addresses.get(ask.kind)
  if (address === undefined) return Promise.reject(NO_KIND(ask.kind, place.store.provider))
  return new Promise((resolve, reject) => {
    const answer = new VendorAnswer(exchange, place, { streamFor: ask.streamFor, resolve, reject })
    answer.start(address.pool.send(requestOf(exchange, place.store, address, ask), answer, place.store.timeouts))
  })
}

function requestOf(
  exchange: ActiveExchange,
  store: ProviderStore,
  address: StoreAddress,
  { method, below, query = '', body, contentType }: VendorAsk,
): UpstreamRequest {
  const headers = [...address.headers]
  const given = exchange.request.headers
  for (let i = 0; i < given.length; i += 2) {
    if (store.forwards.has(given[i] ?? '')) setHeader(headers, given[i] ?? '', given[i + 1] ?? '')
  }
  if (contentType !== undefined) headers.push('content-type', contentType)
  headers.push('x-request-id', exchange.id)
  const queries = [address.query, query].filter((part) => part !== '').join('&')
  return {
    method,
    target: address.path + below + (queries === '' ? '' : `?${queries}`),
    headers,
    ...(body === undefined ? {} : { body: Buffer.isBuffer(body) ? bodyOf(body) : body }),
  }
}

interface Outcome {
  readonly streamFor: StreamFor | undefined
  resolve(collector: ResponseCollector | undefined): void
  reject(error: unknown): void
}

/** One attempt, as the Call keeps it, and what comes of it. */
class VendorAnswer implements UpstreamHandler {
  readonly #exchange: ActiveExchange
  readonly #outcome: Outcome
  readonly #attempt: Attempt
  readonly #sentAt = performance.now()
  #call: UpstreamCall | undefined
  #collector: ResponseCollector | undefined
  #stream: AnswerStream | undefined

  constructor(exchange: ActiveExchange, { store, key }: StorePlace, outcome: Outcome) {
    this.#exchange = exchange
    this.#outcome = outcome
    this.#attempt = { target: store.provider, status: null, durationMs: 0, error: null }
    if (key.name !== undefined) this.#attempt.key = key.name
    exchange.attempts.push(this.#attempt)
    exchange.sentAt ||= this.#sentAt
  }

  start(call: UpstreamCall): void {
    this.#call = call
    this.#exchange.cancel = (error) => {
      this.#settle(this.#attempt.status, error.code)
      call.abort()
      this.#outcome.reject(error)
    }
    this.#exchange.responder.onDrain = () => call.resume()
  }

  onHead(status: number, headers: HeaderList, length: number | undefined): void {
    this.#exchange.headAt = performance.now()
    this.#settle(status, status >= 400 ? 'upstream_error' : null)
    this.#stream = status < 400 ? this.#outcome.streamFor?.(typeOf(headers)) : undefined
    if (this.#stream === undefined) this.#collector = new ResponseCollector(status, headers)
    else this.#stream.head(status, headers, length)
  }

  onData(chunk: Uint8Array): boolean {
    if (this.#collector === undefined) return this.#stream?.data(chunk) ?? true
    if (this.#collector.add(chunk)) return true
    this.#call?.abort()
    this.#fail(new GatewayError('upstream_invalid', { reason: 'The answer is larger than the gateway holds' }))
    return false
  }

  onEnd(): void {
    this.#settle(this.#attempt.status, this.#attempt.error)
    this.#stream?.end()
    this.#outcome.resolve(this.#collector)
  }

  onError(failure: UpstreamFailure): void {
    if (failure.cause instanceof GatewayError) this.#fail(failure.cause)
    else this.#fail(new GatewayError(failure.code, { reason: failure.message, cause: failure }))
  }

  #fail(error: GatewayError): void {
    this.#settle(this.#attempt.status, error.code)
    if (error.reason !== undefined) this.#attempt.reason = error.reason
    this.#outcome.reject(error)
  }

  #settle(status: number | null, error: string | null): void {
    this.#attempt.status = status
    this.#attempt.error = error
    this.#attempt.durationMs = Math.round((performance.now() - this.#sentAt) * 1000) / 1000
  }
}

/** The content of an answer that must be JSON. Throws `upstream_invalid`. */
export function jsonOf(collector: ResponseCollector): unknown {
  try {
    return JSON.parse(collector.body().toString('utf8'))
  } catch (cause) {
    throw new GatewayError('upstream_invalid', { reason: 'The answer is not JSON', cause })
  }
}

/** The media type of an answer. */
export const typeOf = (headers: HeaderList): string => headerOf(headers, 'content-type') ?? 'application/octet-stream'
