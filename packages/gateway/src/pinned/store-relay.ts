import { type AiTranslator, type DialectId, maskSecrets } from '@konnect/ai'
import { type AiCall, asGatewayError, GatewayError, type HeaderList, isJsonObject } from '@konnect/contract'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import { sendAnswer } from '../return/answer.ts'
import type { Ending } from '../send/http-relay.ts'
import { addedHeaders } from '../translate/ai-headers.ts'
import type { ResponseCollector } from '../translate/response-collector.ts'
import { ACTIONS } from './actions.ts'
import { type StoreAnswer, type StoreSession, VendorRefusal } from './store-session.ts'
import { jsonOf, typeOf } from './vendor-call.ts'

export interface StoreRelayOptions {
  readonly translator: AiTranslator
  /** In which errors are told. */
  readonly dialect: DialectId
}

/** Stations select, send and return of a request for stored objects. One for each exchange. */
export class StoreRelay {
  readonly #exchange: ActiveExchange
  readonly #options: StoreRelayOptions
  /** Set once it is known where the request goes. */
  session: StoreSession | undefined

  constructor(exchange: ActiveExchange, options: StoreRelayOptions) {
    this.#exchange = exchange
    this.#options = options
    exchange.kind = 'ai'
  }

  /** The AI half of the Call: it names provider and model, and costs nothing; null while they are not known. */
  record(): AiCall | null {
    if (this.session === undefined) return null
    const { endpoint, target } = this.session
    return {
      dialect: DIALECTS[endpoint.kind],
      model: target.model.name,
      modelId: target.model.id,
      providerId: target.store.providerId,
      provider: target.store.provider,
      vendor: target.store.vendor,
      upstreamModel: null,
      isStream: false,
      usage: null,
      costUsd: '0',
      priceSource: null,
      finishReason: null,
      firstTokenMs: null,
      isTruncated: false,
      dropped: [],
    }
  }

  async start(ending: Ending): Promise<void> {
    const exchange = this.#exchange
    const session = this.session
    if (session === undefined) throw new GatewayError('internal_error', { reason: 'The request was not admitted' })
    const { kind, action } = session.endpoint
    exchange.enter('send')
    try {
      const answer = await ACTIONS[kind][action]?.(session)
      if (answer === undefined) ending.finish(exchange)
      else this.#answer(answer, ending)
    } catch (error) {
      if (error instanceof VendorRefusal) this.#refuse(session, error.answer, ending)
      else ending.fail(exchange, asGatewayError(error))
    }
  }

  #answer({ status, headers, body }: StoreAnswer, ending: Ending): void {
    const isBytes = Buffer.isBuffer(body)
    const contentType = isBytes ? typeOf(headers) : 'application/json'
    this.#send(ending, {
      status,
      headers: ['content-type', contentType, ...addedHeaders(headers, undefined)],
      body: isBytes ? body : Buffer.from(JSON.stringify(body)),
    })
  }

  /** The vendor's error in its own words, without its secrets and with the id that the client knows. */
  #refuse(session: StoreSession, collector: ResponseCollector, ending: Ending): void {
    const { status } = collector
    const text = textOf(collector)
    const said = text === undefined ? '' : maskSecrets(text)
    const { pin, id } = session
    this.#exchange.noteFailure(
      new GatewayError('upstream_error', { status, reason: said.slice(0, 2000) || `Status ${status}` }),
    )
    const fields = addedHeaders(collector.headers, undefined)
    if (text === undefined) {
      const { translator, dialect } = this.#options
      const error = new GatewayError('upstream_error', { status })
      const { contentType, body, status: shown } = translator.renderError(dialect, error, this.#exchange.id)
      this.#send(ending, { status: shown, headers: ['content-type', contentType, ...fields], body })
      return
    }
    const body = Buffer.from(pin === undefined ? said : said.replaceAll(pin.id, id ?? ''))
    this.#send(ending, { status, headers: ['content-type', 'application/json', ...fields], body })
  }

  #send(ending: Ending, answer: { status: number; headers: HeaderList; body: Uint8Array }): void {
    sendAnswer(this.#exchange, answer, (ended) => ending.finish(ended))
  }
}

const DIALECTS = {
  files: 'openai-files',
  batches: 'openai-batches',
  responses: 'openai-responses',
  'message-batches': 'anthropic-message-batches',
} as const

/** The text of an answer that is a JSON object. */
function textOf(collector: ResponseCollector): string | undefined {
  try {
    return isJsonObject(jsonOf(collector)) ? collector.body().toString('utf8') : undefined
  } catch {
    return undefined
  }
}
