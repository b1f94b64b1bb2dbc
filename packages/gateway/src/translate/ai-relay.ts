import type { AiTranslator, DialectId, RequestFacts, StreamTranslation, Translation } from '@konnect/ai'
import {
  type AiCall,
  asGatewayError,
  type BodySource,
  bodyOf,
  collectBody,
  GatewayError,
  type HeaderList,
  headerOf,
} from '@konnect/contract'
import type { UpstreamCall, UpstreamFailure, UpstreamHandler } from '@konnect/http'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import type { Deployment, DeploymentAddress, DeploymentKey, ModelPlan } from '../plan/ai-plan.ts'
import { finalHeaders, runReturn, sendAnswer } from '../return/answer.ts'
import { deploymentOrder } from '../select/deployment-order.ts'
import { DeploymentTour } from '../select/deployment-tour.ts'
import type { Ending } from '../send/http-relay.ts'
import { AiAttempt } from './ai-attempt.ts'
import { keptVendorHeaders, signedHeaders, vendorRequestHeaders } from './ai-headers.ts'
import { AiLedger } from './ai-ledger.ts'
import { ResponseCollector } from './response-collector.ts'

const HELD_AT_MOST_BYTES = 1024 * 1024

export interface AiRelayOptions {
  readonly bytes: Buffer
  /** The body source that `bytes` were put into; another one in its place means that a policy changed the body. */
  readonly source: BodySource
  readonly translator: AiTranslator
  readonly dialect: DialectId
}

/** Stations select, translate, send and return of an AI request. One for each exchange. */
export class AiRelay implements UpstreamHandler {
  readonly #exchange: ActiveExchange
  readonly #options: AiRelayOptions
  readonly #ledger: AiLedger
  #model: ModelPlan | undefined
  #facts: RequestFacts | undefined
  #bytes: Buffer
  #ending: Ending | undefined
  #tour = new DeploymentTour<DeploymentKey, Deployment>([], Math.random)
  #hasRepeated = false
  #deployment: Deployment | undefined
  #translation: Translation | undefined
  #stream: StreamTranslation | undefined
  #collector: ResponseCollector | undefined
  #held: Uint8Array[] | undefined
  #heldBytes = 0
  #attempt: AiAttempt | undefined
  #call: UpstreamCall | undefined
  #vendorHeaders: HeaderList = []
  #lastError: GatewayError | undefined

  constructor(exchange: ActiveExchange, options: AiRelayOptions) {
    this.#exchange = exchange
    this.#options = options
    this.#bytes = options.bytes
    this.#ledger = new AiLedger(options.dialect, options.bytes.byteLength)
    exchange.kind = 'ai'
  }

  /** Says which model the request is for. */
  target(model: ModelPlan, facts: RequestFacts): void {
    this.#model = model
    this.#facts = facts
    this.#ledger.target(model, facts.isStream)
  }

  /** The AI half of the Call; null while the model is not known. */
  record(): AiCall | null {
    return this.#ledger.record(this.#stream)
  }

  async start(ending: Ending): Promise<void> {
    const exchange = this.#exchange
    this.#ending = ending
    if (exchange.request.body !== this.#options.source) {
      this.#bytes = await collectBody(exchange.request.body, Number.MAX_SAFE_INTEGER)
    }
    exchange.capture?.requestChunk(this.#bytes)
    exchange.cancel = (error) => this.#stop(error)
    exchange.responder.onDrain = () => this.#call?.resume()
    const { mode = 'fallback', deployments = [] } = this.#model ?? {}
    const order = deploymentOrder({ mode, isStream: this.#facts?.isStream ?? false }, deployments, Math.random)
    const offering = order.filter(({ keys }) => keys.every(({ addresses }) => addresses.has(this.#options.dialect)))
    if (offering.length === 0 && order.length > 0) this.#lastError = notOffered(this.#model?.name ?? '')
    this.#tour = new DeploymentTour(offering, Math.random)
    this.#attemptNext()
  }

  #attemptNext(): void {
    this.#exchange.enter('select')
    if (this.#tour.next()) this.#send()
    else this.#fail(this.#lastError ?? this.#tour.exhausted())
  }

  /** One attempt at the place where the tour is. */
  #send(): void {
    const exchange = this.#exchange
    const { deployment, key } = this.#tour
    const address = key?.addresses.get(this.#options.dialect)
    if (deployment === undefined || address === undefined) return
    this.#deployment = deployment
    this.#stream = undefined
    this.#collector = undefined
    this.#held = undefined
    this.#heldBytes = 0
    this.#attempt?.end()
    this.#attempt = new AiAttempt(deployment, key)
    exchange.attempts.push(this.#attempt.record)
    this.#ledger.attempt(deployment)
    exchange.enter('send')
    exchange.sentAt = this.#attempt.sentAt
    try {
      this.#translation = this.#translate(deployment, address)
    } catch (error) {
      this.#tryOther(asGatewayError(error), error instanceof GatewayError && error.code === 'unsupported_feature')
      return
    }
    this.#ledger.dropped = this.#translation.dropped
    const place = { deployment, address, client: this.#options.dialect }
    const target = this.#facts?.isStream ? address.streamTarget : address.target
    const { body } = this.#translation
    const unsigned = vendorRequestHeaders(exchange, place, this.#translation.headers)
    const headers = signedHeaders(address, { target, headers: unsigned, body })
    const request = { method: 'POST', target, headers, body: bodyOf(body) }
    this.#call = address.pool.send(request, this, deployment.timeouts)
  }

  #translate(deployment: Deployment, address: DeploymentAddress): Translation {
    const { translator, dialect } = this.#options
    return translator.translate({
      client: dialect,
      vendor: address.dialect,
      body: this.#bytes,
      facts: this.#facts ?? { model: '', isStream: false },
      upstreamModel: deployment.model,
      publicModel: this.#model?.name ?? '',
      isStrict: this.#model?.isStrict ?? false,
      requestId: this.#exchange.id,
      fields: deployment.fields,
    })
  }

  onHead(status: number, headers: HeaderList): void {
    this.#attempt?.settle(status, status >= 400 ? 'upstream_error' : null)
    this.#vendorHeaders = headers
    if (status >= 400) {
      const isLeftOpen = this.#tour.key?.state.wantsBody(status, headers) ?? false
      if (!isLeftOpen && this.#hasMovedOn(status, headers)) return
    }
    this.#exchange.headAt = performance.now()
    const isStream = headerOf(headers, 'content-type')?.startsWith(this.#translation?.streamType ?? '') ?? false
    if (status >= 300 || !isStream || !this.#facts?.isStream) {
      this.#collector = new ResponseCollector(status, headers)
      return
    }
    this.#stream = this.#translation?.stream()
    // While another deployment could still answer, nothing leaves before the first content.
    if (this.#tour.hasOther) this.#held = []
    else this.#sendStreamHead()
  }

  /** After an answer with an error. True when the exchange has left it behind: for another key, deployment or answer. */
  #hasMovedOn(status: number, headers: HeaderList, body?: Uint8Array): boolean {
    const mayFallBack = this.#model?.fallsBackOn.has(status) ?? false
    const isOfKey = this.#tour.failed(status, headers, body)
    if (!isOfKey && mayFallBack) this.#deployment?.health.failed()
    const hasKey = isOfKey && this.#tour.nextKey()
    const isOver = !hasKey && !(mayFallBack && this.#tour.hasOther)
    if (isOver && !isOfKey) return false
    this.#call?.abort()
    if (hasKey) this.#send()
    else if (isOver) this.#fail(this.#tour.exhausted())
    else this.#attemptNext()
    return true
  }

  onData(chunk: Uint8Array): boolean {
    if (this.#collector !== undefined) {
      if (this.#collector.add(chunk)) return true
      this.#call?.abort()
      this.#tryOther(
        new GatewayError('upstream_invalid', { reason: 'The response is larger than the gateway holds' }),
        true,
      )
      return false
    }
    const stream = this.#stream
    if (stream === undefined) return true
    this.#ledger.streamChunk(chunk)
    const out = stream.write(chunk)
    if (stream.facts.hasContent) this.#noteContent(true)
    if (this.#held !== undefined) return this.#hold(stream, out)
    if (out.byteLength === 0) return true
    this.#exchange.capture?.responseChunk(out)
    return this.#exchange.responder.write(out)
  }

  #hold(stream: StreamTranslation, out: Uint8Array): boolean {
    const held = this.#held ?? []
    if (stream.facts.error !== null && !stream.facts.hasContent) {
      this.#call?.abort()
      this.#tryOther(stream.facts.error, true)
      return false
    }
    held.push(Uint8Array.prototype.slice.call(out))
    this.#heldBytes += out.byteLength
    if (!stream.facts.hasContent && this.#heldBytes < HELD_AT_MOST_BYTES) return true
    return this.#release()
  }

  #release(): boolean {
    const held = this.#held ?? []
    this.#held = undefined
    this.#heldBytes = 0
    this.#sendStreamHead()
    if (this.#exchange.isFinished) return false
    const bytes = Buffer.concat(held)
    this.#exchange.capture?.responseChunk(bytes)
    return bytes.byteLength === 0 || this.#exchange.responder.write(bytes)
  }

  #noteContent(isStream: boolean): void {
    this.#ledger.firstContent(this.#exchange.receivedAt)
    this.#attempt?.noteContent(isStream)
  }

  onEnd(): void {
    this.#attempt?.end()
    if (this.#collector !== undefined) {
      this.#answerWhole(this.#collector)
      return
    }
    const stream = this.#stream
    if (stream === undefined) return
    const rest = stream.end()
    const error = stream.facts.error ?? (stream.facts.isComplete ? undefined : new GatewayError('upstream_truncated'))
    if (error !== undefined) {
      this.#attempt?.broke(error.code)
      if (this.#held !== undefined && !stream.facts.hasContent) {
        this.#tryOther(error, true)
        return
      }
      this.#deployment?.health.failed()
      this.#exchange.noteFailure(error)
    } else {
      this.#succeeded()
    }
    this.#endStream(rest)
  }

  #endStream(rest: Uint8Array): void {
    const exchange = this.#exchange
    if (this.#held !== undefined) this.#release()
    if (exchange.isFinished) return
    if (rest.byteLength > 0) {
      exchange.capture?.responseChunk(rest)
      exchange.responder.write(rest)
    }
    exchange.responder.end()
    this.#ending?.finish(exchange)
  }

  onError(failure: UpstreamFailure): void {
    this.#attempt?.end()
    const error = new GatewayError(failure.code, { reason: failure.message, cause: failure })
    this.#attempt?.broke(failure.code, failure.message)
    if (this.#mayRepeat(failure)) {
      this.#send()
      return
    }
    const { status = 0, headers = [] } = this.#collector ?? {}
    if (this.#tour.key?.state.concerns(status) && this.#hasMovedOn(status, headers)) return
    if (this.#stream !== undefined && (this.#held === undefined || this.#stream.facts.hasContent)) {
      this.#deployment?.health.failed()
      this.#exchange.noteFailure(error)
      if (this.#stream.breaksOff) this.#fail(error)
      else this.#endStream(this.#stream.fail(error))
      return
    }
    this.#deployment?.health.failed()
    this.#tryOther(error, true)
  }

  /** A connection that was lost before any answer, most often a kept-alive one that the vendor had just closed. */
  #mayRepeat(failure: UpstreamFailure): boolean {
    if (failure.code !== 'upstream_unreachable' || this.#hasRepeated || this.#exchange.isFinished) return false
    this.#hasRepeated = true
    return true
  }

  #tryOther(error: GatewayError, mayFallBack: boolean): void {
    this.#lastError = error
    this.#attempt?.broke(error.code, error.reason)
    if (mayFallBack && this.#tour.hasOther && !this.#exchange.isFinished) this.#attemptNext()
    else this.#fail(error)
  }

  #answerWhole(collector: ResponseCollector): void {
    const exchange = this.#exchange
    const { status, headers: given } = collector
    const isLeftOpen = this.#tour.key?.state.wantsBody(status, given)
    if (isLeftOpen && this.#hasMovedOn(status, given, collector.readable())) return
    let translated: ReturnType<Translation['response']> | undefined
    try {
      translated = this.#translation?.response(collector.status, collector.headers, collector.body())
    } catch (error) {
      this.#deployment?.health.failed()
      this.#tryOther(asGatewayError(error), true)
      return
    }
    if (translated === undefined) return
    const { answer, facts } = translated
    this.#ledger.whole(facts)
    if (collector.status < 400) {
      this.#succeeded()
      this.#noteContent(false)
    } else {
      exchange.noteFailure(
        new GatewayError('upstream_error', {
          status: collector.status,
          reason: facts.error?.detail ?? `Status ${collector.status}`,
        }),
      )
    }
    const headers = ['content-type', answer.contentType, ...this.#addedHeaders()]
    sendAnswer(exchange, { status: answer.status, headers, body: answer.body }, (ended) => this.#ending?.finish(ended))
  }

  #sendStreamHead(): void {
    const exchange = this.#exchange
    const given = headerOf(this.#vendorHeaders, 'content-type') ?? ''
    const contentType = this.#translation?.streamTypeFor(given) ?? given
    exchange.response = {
      status: 200,
      headers: ['content-type', contentType, 'cache-control', 'no-cache', ...this.#addedHeaders()],
    }
    exchange.enter('return')
    const waiting = this.#runReturn()
    // A stream does not wait: its return phase works on the head only and must be synchronous.
    if (waiting !== undefined) waiting.catch((error: unknown) => exchange.noteFailure(error))
    if (exchange.isFinished || exchange.response === undefined) return
    exchange.status = exchange.response.status
    const headers = finalHeaders(exchange, exchange.response.headers)
    exchange.capture?.responseHeaders(headers)
    exchange.responder.head(exchange.response.status, headers)
  }

  #runReturn(): void | Promise<void> {
    try {
      return runReturn(this.#exchange)
    } catch (error) {
      this.#call?.abort()
      this.#fail(error)
    }
  }

  #addedHeaders(): HeaderList {
    const dropped = this.#translation?.dropped ?? []
    const kept = keptVendorHeaders(this.#vendorHeaders)
    if (dropped.length > 0) kept.push('x-konnect-dropped', dropped.join(', '))
    return kept
  }

  #succeeded(): void {
    this.#deployment?.health.succeeded()
    this.#tour.key?.state.succeeded()
  }

  #fail(error: unknown): void {
    this.#attempt?.end()
    this.#ending?.fail(this.#exchange, error)
  }

  /** The client is gone or the deadline passed: the vendor is told at once; what came so far is accounted. */
  #stop(error: GatewayError): void {
    this.#attempt?.broke(error.code)
    this.#attempt?.end()
    this.#call?.abort()
    this.#stream?.end()
  }
}

const notOffered = (model: string): GatewayError =>
  new GatewayError('unsupported_feature', { detail: `The model "${model}" does not offer this kind of request.` })
