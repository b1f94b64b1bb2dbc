import type { RequestFacts, ResponseFacts, StreamTranslation, Translation } from '@konnect/ai'
import { type AiCall, asGatewayError, collectBody, GatewayError, type HeaderList, headerOf } from '@konnect/contract'
import type { UpstreamCall, UpstreamFailure, UpstreamHandler } from '@konnect/http'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import { type PinnedRequest, pinnedRequest } from '../pinned/pinned-request.ts'
import type { Deployment, DeploymentAddress, DeploymentKey, ModelPlan } from '../plan/ai-plan.ts'
import { untilKeyed } from '../plan/deployment-key.ts'
import { finalHeaders, runReturn, sendAnswer } from '../return/answer.ts'
import type { Admission } from '../select/admission.ts'
import { DeploymentTour } from '../select/deployment-tour.ts'
import type { Ending } from '../send/http-relay.ts'
import { AiAttempt } from './ai-attempt.ts'
import { addedHeaders, streamHeaders } from './ai-headers.ts'
import { AiLedger } from './ai-ledger.ts'
import type { AiQuestion, AiRelayOptions } from './ai-question.ts'
import { accounted, departureAfter, selectDeployments } from './ai-selection.ts'
import { HeldOutput } from './held-output.ts'
import { isCompressed, ResponseCollector } from './response-collector.ts'
import { translatedRequest } from './translated-request.ts'
import { vendorRequest } from './vendor-request.ts'

/** Stations select, translate, send and return of an AI request. One for each exchange. */
export class AiRelay implements UpstreamHandler {
  readonly #exchange: ActiveExchange
  readonly #options: AiRelayOptions
  readonly #ledger: AiLedger
  #model: ModelPlan | undefined
  #facts: RequestFacts | undefined
  #bytes: Buffer
  #pinned: PinnedRequest | undefined
  #ending: Ending | undefined
  #tour = new DeploymentTour<DeploymentKey, Deployment>([], Math.random)
  #admission: Admission<DeploymentKey, Deployment> | undefined
  #hasRepeated = false
  #deployment: Deployment | undefined
  #translation: Translation | undefined
  #stream: StreamTranslation | undefined
  #collector: ResponseCollector | undefined
  #held: HeldOutput | undefined
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

  /** Says which model the request is for, narrowed to one version. `shadowOf`: id of the exchange to compare with. */
  target(model: ModelPlan, facts: RequestFacts, shadowOf?: string): void {
    this.#model = model
    this.#facts = facts
    this.#ledger.target(model, facts.isStream, shadowOf)
  }

  /** For asking the same again; `undefined` while the model is not known. */
  get question(): AiQuestion | undefined {
    return this.#facts && { ...this.#options, bytes: this.#bytes, facts: this.#facts }
  }

  /** Whether residency rules let this installation keep content; false while the model is not known. */
  get mayRecord(): boolean {
    return this.#model?.keepsAnswers ?? false
  }

  /** The AI half of the Call; null while the model is not known. */
  record(): AiCall | null {
    return accounted(this.#ledger.record(this.#stream), this.#admission, this.#attempt?.record)
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
    const { name = '', versions = [] } = this.#model ?? {}
    this.#pinned = pinnedRequest(exchange, this.#options.dialect, this.#bytes)
    const offering = this.#pinned.offeredBy(versions[0]?.deployments.get(this.#options.dialect) ?? [], name)
    const about = { model: this.#model, facts: this.#facts, bytes: this.#bytes }
    const { order, tour, admission } = selectDeployments(exchange, offering, about)
    this.#tour = tour
    this.#admission = admission
    await untilKeyed(order)
    if (!exchange.isFinished) this.#attemptNext()
  }

  #attemptNext(): void {
    this.#exchange.enter('select')
    if (this.#admission === undefined) this.#goOn(this.#tour.next())
    else
      this.#admission.next(this.#tour, departureAfter(this.#attempt?.record)).then(
        (hasNext) => this.#goOn(hasNext),
        (error: unknown) => this.#fail(this.#lastError ?? error),
      )
  }

  #goOn(hasNext: boolean): void {
    if (hasNext) this.#send()
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
    this.#attempt?.end()
    const isStream = this.#facts?.isStream ?? false
    this.#attempt = new AiAttempt(deployment, key, { isStream, onExpire: (reason) => this.#expire(reason) })
    exchange.attempts.push(this.#attempt.record)
    this.#ledger.attempt(deployment)
    exchange.enter('send')
    exchange.sentAt = this.#attempt.sentAt
    try {
      const translation = this.#translate(deployment, address)
      this.#translation = translation
      this.#ledger.dropped = translation.dropped
      const place = { deployment, address, isStream }
      const request = vendorRequest(exchange, place, translation)
      this.#call = address.pool.send(request, this, deployment.timeouts)
    } catch (error) {
      this.#tryOther(asGatewayError(error), error instanceof GatewayError && error.code === 'unsupported_feature')
    }
  }

  #translate(deployment: Deployment, address: DeploymentAddress): Translation {
    const { translator, dialect: client } = this.#options
    const by = { client, deployment, address, key: this.#tour.key, model: this.#model }
    const body = this.#pinned?.bytes ?? this.#bytes
    return translatedRequest(this.#exchange, { translator, body, facts: this.#facts }, by)
  }

  onHead(status: number, headers: HeaderList): void {
    this.#attempt?.settle(status, status >= 400 ? 'upstream_error' : null)
    this.#vendorHeaders = headers
    if (status >= 400) {
      if (!this.#isLeftOpen(status, headers) && this.#hasMovedOn(status, headers)) return
    }
    this.#exchange.headAt = performance.now()
    const isStream = headerOf(headers, 'content-type')?.startsWith(this.#translation?.streamType ?? '') ?? false
    if (status >= 300 || !isStream || !this.#facts?.isStream || isCompressed(headers)) {
      this.#collector = new ResponseCollector(status, headers)
      return
    }
    this.#stream = this.#translation?.stream()
    // While another deployment could still answer, nothing leaves before the first content.
    if (this.#tour.hasOther) this.#held = new HeldOutput()
    else this.#sendStreamHead()
  }

  /** Whether only the body of an answer with an error can tell what to do about it. */
  #isLeftOpen(status: number, headers: HeaderList): boolean {
    if (this.#tour.key?.state.wantsBody(status, headers)) return true
    return this.#tour.hasOther && (this.#model?.fallbacks.awaitsBody(status) ?? false)
  }

  /** After an answer with an error. True when the exchange has left it behind: for another key, deployment or answer. */
  #hasMovedOn(status: number, headers: HeaderList, body?: Uint8Array): boolean {
    const { mayFallBack, isFault, refusal } = this.#model?.fallbacks.verdict(status, body) ?? {}
    if (refusal !== undefined) this.#attempt?.broke('upstream_error', refusal)
    const isOfKey = this.#tour.failed(status, headers, body)
    if (!isOfKey && isFault) this.#deployment?.health.failed()
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
    if (this.#held !== undefined) return this.#hold(stream, this.#held, out)
    if (out.byteLength === 0) return true
    this.#exchange.capture?.responseChunk(out)
    return this.#exchange.responder.write(out)
  }

  #hold(stream: StreamTranslation, held: HeldOutput, out: Uint8Array): boolean {
    if (stream.facts.error !== null && !stream.facts.hasContent) {
      this.#call?.abort()
      this.#tryOther(stream.facts.error, true)
      return false
    }
    if (this.#hasLeftRefusal(stream.facts)) return false
    held.add(out)
    if (!stream.facts.hasContent && !held.isFull) return true
    return this.#release()
  }

  /** True when a content filter refused before any content, and another deployment is asked instead. */
  #hasLeftRefusal(facts: ResponseFacts): boolean {
    if (!this.#model?.fallbacks.isFiltered(facts) || !this.#tour.hasOther) return false
    this.#call?.abort()
    this.#tryOther(new GatewayError('upstream_error', { reason: 'content_filter' }), true)
    return true
  }

  #release(): boolean {
    const bytes = this.#held?.bytes() ?? Buffer.alloc(0)
    this.#held = undefined
    this.#sendStreamHead()
    if (this.#exchange.isFinished) return false
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
      if (this.#held !== undefined && this.#hasLeftRefusal(stream.facts)) return
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
    this.#attempt?.broke(failure.code, failure.message)
    if (this.#mayRepeat(failure)) {
      this.#send()
      return
    }
    const { status = 0, headers = [] } = this.#collector ?? {}
    if (this.#tour.key?.state.concerns(status) && this.#hasMovedOn(status, headers)) return
    this.#giveUp(new GatewayError(failure.code, { reason: failure.message, cause: failure }))
  }

  /** A limit of the deployment passed. */
  #expire(reason: string): void {
    this.#call?.abort()
    this.#attempt?.end()
    this.#giveUp(new GatewayError('upstream_timeout', { reason }))
  }

  /** The vendor's answer does not come, or not to its end. */
  #giveUp(error: GatewayError): void {
    this.#deployment?.health.failed()
    if (this.#stream !== undefined && (this.#held === undefined || this.#stream.facts.hasContent)) {
      this.#attempt?.broke(error.code, error.reason)
      this.#exchange.noteFailure(error)
      if (this.#stream.breaksOff) this.#fail(error)
      else this.#endStream(this.#stream.fail(error))
      return
    }
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
    if (status >= 400 && this.#isLeftOpen(status, given) && this.#hasMovedOn(status, given, collector.readable()))
      return
    let translated: ReturnType<Translation['response']> | undefined
    try {
      translated = this.#translation?.response(collector.status, collector.headers, collector.body())
    } catch (error) {
      this.#leaveInvalid(asGatewayError(error))
      return
    }
    if (translated === undefined) return
    const { answer, facts } = translated
    if (status < 400 && answer.status >= 400 && facts.error !== null) {
      this.#leaveInvalid(facts.error)
      return
    }
    if (status < 400) this.#succeeded()
    if (this.#hasLeftRefusal(facts)) return
    this.#ledger.whole(facts)
    if (status < 400) this.#noteContent(false)
    else exchange.noteFailure(collector.failure(facts))
    const added = addedHeaders(this.#vendorHeaders, this.#translation, facts.dropped)
    const headers = ['content-type', answer.contentType, ...added]
    sendAnswer(exchange, { status: answer.status, headers, body: answer.body }, (ended) => this.#ending?.finish(ended))
  }

  /** After an answer that is none, though its status says so: another deployment is asked. */
  #leaveInvalid({ code, status, detail, reason = detail, cause, headers = [] }: GatewayError): void {
    this.#deployment?.health.failed()
    const added = addedHeaders(this.#vendorHeaders, this.#translation)
    this.#tryOther(new GatewayError(code, { status, detail, reason, cause, headers: [...headers, ...added] }), true)
  }

  #sendStreamHead(): void {
    const exchange = this.#exchange
    exchange.response = { status: 200, headers: streamHeaders(this.#vendorHeaders, this.#translation) }
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
    this.#admission?.cancel(error)
    this.#attempt?.broke(error.code)
    this.#attempt?.end()
    this.#call?.abort()
    this.#stream?.end()
  }
}
