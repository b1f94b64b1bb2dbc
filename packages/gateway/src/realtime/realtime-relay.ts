import type { Duplex } from 'node:stream'
import type { AiTranslator, DialectId } from '@konnect/ai'
import { type AiCall, asGatewayError, GatewayError, type HeaderList } from '@konnect/contract'
import type { UpstreamCall, UpstreamFailure, UpstreamHandler } from '@konnect/http'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import type { Deployment, DeploymentKey, ModelPlan } from '../plan/ai-plan.ts'
import { untilKeyed } from '../plan/deployment-key.ts'
import { finalHeaders, runReturn } from '../return/answer.ts'
import type { Admission } from '../select/admission.ts'
import { DeploymentTour } from '../select/deployment-tour.ts'
import type { Ending } from '../send/http-relay.ts'
import { AiAttempt } from '../translate/ai-attempt.ts'
import { addedHeaders, vendorRequestHeaders } from '../translate/ai-headers.ts'
import { accounted, departureAfter, selectDeployments } from '../translate/ai-selection.ts'
import { ResponseCollector } from '../translate/response-collector.ts'
import type { ClientOpening } from './client-opening.ts'
import { textFrame } from './frame-writer.ts'
import { type ClientHandshake, VendorHandshake } from './handshake.ts'
import { LiveExchange } from './live-exchange.ts'
import type { LiveSessions } from './live-sessions.ts'
import { SessionLedger } from './session-ledger.ts'

export interface RealtimeRelayOptions {
  readonly translator: AiTranslator
  readonly dialect: DialectId
  readonly handshake: ClientHandshake
  readonly sessions: LiveSessions
  /** The client's side, where its WebSocket is open already. */
  readonly opening?: ClientOpening
}

/** What a session is to be with. */
export interface SessionTarget {
  /** Narrowed to one version. */
  readonly model: ModelPlan
  /** What the client calls it. */
  readonly name: string
  /** The client's first message to the vendor, for formats in which it names the model; the query does in the others. */
  firstMessage?(upstreamModel: string): Buffer
}

/**
 * Stations select, send and return of a session: deployments and keys are tried until a vendor has opened one, then frames
 * pass. One for each exchange.
 */
export class RealtimeRelay implements UpstreamHandler {
  readonly #exchange: ActiveExchange
  readonly #options: RealtimeRelayOptions
  readonly #ledger: SessionLedger
  #target: SessionTarget | undefined
  #ending: Ending | undefined
  #tour = new DeploymentTour<DeploymentKey, Deployment>([], Math.random)
  #admission: Admission<DeploymentKey, Deployment> | undefined
  #hasRepeated = false
  #attempt: AiAttempt | undefined
  #handshake: VendorHandshake | undefined
  #call: UpstreamCall | undefined
  #refusal: ResponseCollector | undefined
  #live: LiveExchange | undefined
  #lastError: GatewayError | undefined

  constructor(exchange: ActiveExchange, options: RealtimeRelayOptions) {
    this.#exchange = exchange
    this.#options = options
    this.#ledger = new SessionLedger(options.dialect)
    exchange.kind = 'ai'
  }

  /** Says what the session is with. */
  target(target: SessionTarget): void {
    this.#target = target
    this.#ledger.target(target.model)
  }

  /** Tells a client why there is no session, where its WebSocket is open already and no vendor's has joined it. */
  refuse(error: GatewayError): void {
    this.#options.opening?.refuse(error)
  }

  /** The AI half of the Call; null while the model is not known. */
  record(): AiCall | null {
    return accounted(this.#ledger.record(), this.#admission, this.#attempt?.record)
  }

  async start(ending: Ending): Promise<void> {
    this.#ending = ending
    this.#exchange.cancel = (error) => this.#stop(error)
    if (this.#options.sessions.isLeaving) {
      throw new GatewayError('not_ready', { detail: 'The gateway is about to stop.', headers: ['retry-after', '1'] })
    }
    const { dialect, opening } = this.#options
    if (opening !== undefined) opening.onGone = () => this.#leave()
    const { model, name = '' } = this.#target ?? {}
    const offering = model?.versions[0]?.deployments.get(dialect) ?? []
    const about = { model, facts: { model: name, isStream: true }, bytes: NO_BODY }
    const { order, tour, admission } = selectDeployments(this.#exchange, offering, about)
    this.#tour = tour
    this.#admission = admission
    await untilKeyed(order)
    if (!this.#exchange.isFinished) this.#attemptNext()
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
    this.#refusal = undefined
    this.#attempt?.end()
    this.#attempt = new AiAttempt(deployment, key, { isStream: false, onExpire: (reason) => this.#expire(reason) })
    exchange.attempts.push(this.#attempt.record)
    this.#ledger.attempt(deployment)
    exchange.enter('send')
    exchange.sentAt = this.#attempt.sentAt
    this.#handshake = new VendorHandshake(this.#options.handshake.protocols)
    const fields = { headers: this.#handshake.headers, isPassed: true }
    const headers = vendorRequestHeaders(exchange, { deployment, address }, fields)
    const isNamed = this.#target?.firstMessage === undefined
    const target = isNamed ? withModel(address.target, deployment.model) : address.target
    try {
      const request = { method: 'GET', target, headers, upgrade: 'websocket' }
      this.#call = address.pool.send(request, this, deployment.timeouts)
    } catch (error) {
      this.#tryOther(asGatewayError(error))
    }
  }

  onHead(status: number, headers: HeaderList): void {
    this.#exchange.headAt = performance.now()
    this.#attempt?.settle(status, status >= 400 ? 'upstream_error' : null)
    this.#refusal = new ResponseCollector(status, headers)
  }

  onData(chunk: Uint8Array): boolean {
    if (this.#refusal?.add(chunk) !== false) return true
    this.#call?.abort()
    this.#refused(undefined)
    return false
  }

  onEnd(): void {
    this.#refused(this.#refusal?.readable())
  }

  /** The vendor answered, but opened no session. */
  #refused(body: Buffer | undefined): void {
    const { status = 0, headers = [] } = this.#refusal ?? {}
    if (status < 400) {
      this.#tour.deployment?.health.failed()
      this.#tryOther(invalid(`The vendor answered ${status} and opened no session`))
      return
    }
    const { mayFallBack = false, isFault = false } = this.#target?.model.fallbacks.verdict(status, body) ?? {}
    const said = this.#options.translator.readRefusal(this.#options.dialect, status, body ?? Buffer.alloc(0))
    const error = withHeaders(said, addedHeaders(headers, undefined))
    const isOfKey = this.#tour.failed(status, headers, body)
    if (!isOfKey && isFault) this.#tour.deployment?.health.failed()
    this.#attempt?.broke(error.code, error.reason)
    if (isOfKey && this.#tour.nextKey()) this.#send()
    else if (mayFallBack && this.#tour.hasOther) this.#attemptNext()
    else this.#fail(isOfKey ? this.#tour.exhausted() : error)
  }

  onError(failure: UpstreamFailure): void {
    this.#attempt?.broke(failure.code, failure.message)
    if (this.#refusal !== undefined) {
      this.#refused(undefined)
    } else if (failure.code === 'upstream_unreachable' && !this.#hasRepeated) {
      // Most often a kept-alive connection that the vendor had just closed.
      this.#hasRepeated = true
      this.#send()
    } else {
      this.#tour.deployment?.health.failed()
      this.#tryOther(new GatewayError(failure.code, { reason: failure.message, cause: failure }))
    }
  }

  onUpgrade(headers: HeaderList, vendor: Parameters<NonNullable<UpstreamHandler['onUpgrade']>>[1]): void {
    const exchange = this.#exchange
    exchange.headAt = performance.now()
    this.#attempt?.settle(101, null)
    let accepted: HeaderList
    try {
      accepted = this.#handshake?.accept(headers, this.#options.handshake) ?? []
    } catch (error) {
      vendor.destroy()
      this.#tour.deployment?.health.failed()
      this.#tryOther(asGatewayError(error))
      return
    }
    this.#tour.deployment?.health.succeeded()
    this.#tour.key?.state.succeeded()
    this.#attempt?.noteContent(true)
    try {
      const opened = this.#options.opening?.release()
      this.#open(opened ?? exchange.responder.upgrade(this.#answerHeaders(accepted, headers)), vendor)
    } catch (error) {
      vendor.destroy()
      this.#fail(error)
    }
  }

  /** The head of the 101, through the policies' return phase. It works on the head only, and nobody waits for it. */
  #answerHeaders(accepted: HeaderList, vendorHeaders: HeaderList): HeaderList {
    const exchange = this.#exchange
    exchange.response = { status: 101, headers: [...accepted, ...addedHeaders(vendorHeaders, undefined)] }
    exchange.enter('return')
    const waiting = runReturn(exchange)
    if (waiting !== undefined) waiting.catch((error: unknown) => exchange.noteFailure(error))
    exchange.status = 101
    const headers = finalHeaders(exchange, exchange.response.headers)
    exchange.capture?.responseHeaders(headers)
    return headers
  }

  #open(client: Duplex, vendor: Duplex): void {
    const { deployment } = this.#tour
    const { model, firstMessage } = this.#target ?? {}
    const ending = this.#ending
    if (deployment === undefined || model === undefined || ending === undefined) return
    if (firstMessage !== undefined) this.#begin(vendor, firstMessage(deployment.model))
    const { translator, dialect, sessions } = this.#options
    this.#live = new LiveExchange({
      exchange: this.#exchange,
      model,
      deployment,
      client,
      vendor,
      sessions,
      ledger: this.#ledger,
      watch: translator.watchSession(dialect, this.#ledger.add),
      onOver: (failure) => {
        this.#attempt?.end()
        this.#attempt?.settle(101, failure?.code ?? null, failure?.reason)
        ending.finish(this.#exchange)
      },
    })
  }

  #begin(vendor: Duplex, message: Buffer): void {
    const bytes = textFrame('server', message)
    this.#exchange.requestBytes += bytes.length
    this.#exchange.capture?.requestChunk(message)
    vendor.write(bytes)
  }

  /** The client has hung up before there was a session. */
  #leave(): void {
    const error = new GatewayError('client_closed')
    this.#stop(error)
    this.#ending?.fail(this.#exchange, error)
  }

  /** The deployment's limit of an attempt passed. */
  #expire(reason: string): void {
    const error = new GatewayError('upstream_timeout', { reason })
    if (this.#live !== undefined) {
      this.#live.fail(error)
      return
    }
    this.#call?.abort()
    this.#tour.deployment?.health.failed()
    this.#tryOther(error)
  }

  #tryOther(error: GatewayError): void {
    this.#lastError = error
    this.#attempt?.broke(error.code, error.reason)
    if (this.#tour.hasOther && !this.#exchange.isFinished) this.#attemptNext()
    else this.#fail(error)
  }

  #fail(error: unknown): void {
    this.#attempt?.end()
    this.#ending?.fail(this.#exchange, error)
  }

  /** The client is gone or the deadline passed. */
  #stop(error: GatewayError): void {
    if (this.#live !== undefined) {
      this.#live.fail(error)
      return
    }
    this.#admission?.cancel(error)
    this.#attempt?.broke(error.code)
    this.#attempt?.end()
    this.#call?.abort()
  }
}

const NO_BODY = Buffer.from('{}')

/** The vendor's address with its name of the model in the query. */
function withModel(target: string, model: string): string {
  const [path = '', query = ''] = target.split('?', 2)
  const fields = new URLSearchParams(query)
  fields.set('model', model)
  return `${path}?${fields}`
}

function withHeaders(error: GatewayError, headers: HeaderList): GatewayError {
  const { code, status, detail, reason } = error
  return new GatewayError(code, { status, detail, headers, ...(reason === undefined ? {} : { reason }) })
}

const invalid = (reason: string): GatewayError => new GatewayError('upstream_invalid', { reason })
