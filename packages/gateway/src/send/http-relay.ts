import { type Attempt, GatewayError, type HeaderList, setHeader } from '@konnect/contract'
import type { UpstreamCall, UpstreamFailure, UpstreamHandler, UpstreamRequest } from '@konnect/http'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import type { ApiRoute, TargetAddress } from '../plan/api-plan.ts'
import { finalHeaders, runReturn } from '../return/answer.ts'
import type { BalancedTarget } from '../select/balancer.ts'
import { isRepeatable } from '../select/retry-policy.ts'
import { TrackedBody } from './tracked-body.ts'
import { startTunnel } from './tunnel.ts'
import { upstreamHeaders } from './upstream-headers.ts'

/** How an exchange ends; given by the gateway. */
export interface Ending {
  /** Answers with the error, or breaks the response off when its head is out. */
  fail(exchange: ActiveExchange, error: unknown): void
  /** Writes the ledger. */
  finish(exchange: ActiveExchange): void
}

const RETRIED_STATUSES = new Set([502, 503, 504])

/** Stations select, send and return of a plain HTTP or WebSocket request. One for each exchange. */
export class HttpRelay implements UpstreamHandler {
  readonly #exchange: ActiveExchange
  readonly #route: ApiRoute
  readonly #ending: Ending
  #tried: Set<BalancedTarget> | undefined
  #body: TrackedBody | undefined
  #request: { method: string; target: string; headers: HeaderList; body?: TrackedBody; upgrade?: string } | undefined
  #target: BalancedTarget | undefined
  /** The target of the latest attempt, also when the attempt is over. */
  #lastTarget: BalancedTarget | undefined
  #attempt: Attempt | undefined
  #attemptAt = 0
  #call: UpstreamCall | undefined
  #retries = 0
  /** Chunks that came while an asynchronous return phase was running. */
  #held: { chunks: Uint8Array[]; isEnded: boolean; trailers: HeaderList | undefined } | undefined

  constructor(exchange: ActiveExchange, route: ApiRoute, ending: Ending) {
    this.#exchange = exchange
    this.#route = route
    this.#ending = ending
  }

  start(): void {
    const exchange = this.#exchange
    const { request } = exchange
    if (!request.body.isEmpty) this.#body = new TrackedBody(request.body, exchange)
    exchange.cancel = (error) => this.#stop(error)
    exchange.responder.onDrain = () => this.#call?.resume()
    this.#route.upstream.balancer.retryBudget.recordRequest()
    this.#attemptNext()
  }

  #attemptNext(): void {
    const exchange = this.#exchange
    exchange.enter('select')
    const target = this.#route.upstream.balancer.pick(this.#tried)
    if (target === undefined) {
      this.#ending.fail(exchange, new GatewayError('no_healthy_target', { headers: ['retry-after', '1'] }))
      return
    }
    this.#target = target
    this.#lastTarget = target
    this.#attempt = { target: target.url, status: null, durationMs: 0, error: null }
    exchange.attempts.push(this.#attempt)
    target.begin()
    exchange.enter('send')
    this.#attemptAt = performance.now()
    exchange.sentAt = this.#attemptAt
    const address = this.#route.upstream.address(target.url)
    this.#call = address.pool.send(this.#requestFor(address), this, this.#route.upstream.timeouts)
  }

  #requestFor(address: TargetAddress): UpstreamRequest {
    const { request, incoming } = this.#exchange
    const host = this.#route.upstream.keepsClientHost ? request.host : address.host
    if (this.#request === undefined) {
      this.#request = { method: request.method, target: '', headers: upstreamHeaders(this.#exchange, host) }
      if (this.#body !== undefined) this.#request.body = this.#body
      if (incoming.upgrade !== undefined && this.#route.isUpgradable) this.#request.upgrade = incoming.upgrade
    } else {
      setHeader(this.#request.headers, 'host', host)
    }
    this.#request.target = address.prefix + this.#pathUpstream() + (request.query === '' ? '' : `?${request.query}`)
    return this.#request
  }

  #pathUpstream(): string {
    const { request, matchedPath } = this.#exchange
    if (!this.#route.stripsPath || !request.path.startsWith(matchedPath)) return request.path
    const rest = request.path.slice(matchedPath.length)
    return rest.startsWith('/') ? rest : `/${rest}`
  }

  onInformational(status: number, headers: HeaderList): void {
    if (status !== 100) this.#exchange.responder.informational(status, headers)
  }

  onHead(status: number, headers: HeaderList, length: number | undefined): void {
    const exchange = this.#exchange
    this.#settleAttempt(status, null)
    if (RETRIED_STATUSES.has(status)) {
      this.#target?.finish('failure')
      this.#target = undefined
      if (this.#mayRetry(true)) {
        this.#call?.abort()
        this.#attemptNext()
        return
      }
    } else this.#target?.report('success')
    exchange.headAt = performance.now()
    exchange.response = { status, headers }
    exchange.enter('return')
    let waiting: void | Promise<void>
    try {
      waiting = runReturn(exchange)
    } catch (error) {
      this.#break(error)
      return
    }
    if (waiting === undefined) {
      this.#sendHead(length)
      return
    }
    this.#held = { chunks: [], isEnded: false, trailers: undefined }
    waiting.then(
      () => this.#releaseHeld(length),
      (error: unknown) => this.#break(error),
    )
  }

  #sendHead(length: number | undefined): void {
    const exchange = this.#exchange
    const response = exchange.response
    if (response === undefined || exchange.isFinished) return
    exchange.status = response.status
    const headers = finalHeaders(exchange, response.headers)
    exchange.capture?.responseHeaders(headers)
    exchange.responder.head(response.status, headers, length)
  }

  #releaseHeld(length: number | undefined): void {
    const held = this.#held
    this.#held = undefined
    if (held === undefined || this.#exchange.isFinished) return
    this.#sendHead(length)
    for (const chunk of held.chunks) this.onData(chunk)
    if (held.isEnded) this.onEnd(held.trailers)
    else this.#call?.resume()
  }

  onData(chunk: Uint8Array): boolean {
    if (this.#held !== undefined) {
      this.#held.chunks.push(Uint8Array.prototype.slice.call(chunk))
      return false
    }
    this.#exchange.capture?.responseChunk(chunk)
    return this.#exchange.responder.write(chunk)
  }

  onEnd(trailers?: HeaderList): void {
    if (this.#held !== undefined) {
      this.#held.isEnded = true
      this.#held.trailers = trailers
      return
    }
    this.#target?.finish('neutral')
    this.#target = undefined
    this.#exchange.responder.end(trailers)
    this.#ending.finish(this.#exchange)
  }

  onError(failure: UpstreamFailure): void {
    const exchange = this.#exchange
    const isOwnFault = exchange.failure !== undefined
    this.#settleAttempt(
      this.#attempt?.status ?? null,
      isOwnFault ? (exchange.failure?.code ?? null) : failure.code,
      failure.message,
    )
    this.#target?.finish(isOwnFault ? 'neutral' : 'failure')
    this.#target = undefined
    if (!isOwnFault && exchange.headAt === 0 && this.#mayRetry(failure.wasSent)) {
      this.#attemptNext()
      return
    }
    this.#ending.fail(
      exchange,
      exchange.failure ?? new GatewayError(failure.code, { reason: failure.message, cause: failure }),
    )
  }

  onUpgrade(headers: HeaderList, socket: Parameters<typeof startTunnel>[2]): void {
    const exchange = this.#exchange
    this.#settleAttempt(101, null)
    exchange.headAt = performance.now()
    exchange.kind = 'websocket'
    exchange.status = 101
    exchange.enter('return')
    const target = this.#target
    this.#target = undefined
    target?.report('success')
    const client = exchange.responder.upgrade(finalHeaders(exchange, headers))
    const tunnel = startTunnel(exchange, client, socket, () => {
      target?.finish('neutral')
      this.#ending.finish(exchange)
    })
    exchange.cancel = tunnel.close
  }

  #mayRetry(wasSent: boolean): boolean {
    const { upstream } = this.#route
    const { request, isFinished } = this.#exchange
    if (isFinished || this.#retries >= upstream.retries || this.#request?.upgrade !== undefined) return false
    if (this.#body?.wasTaken || !isRepeatable(request.method, wasSent, this.#body !== undefined)) return false
    if (!upstream.balancer.retryBudget.canRetry()) return false
    this.#retries++
    this.#tried ??= new Set()
    if (this.#lastTarget !== undefined) this.#tried.add(this.#lastTarget)
    return true
  }

  #settleAttempt(status: number | null, error: string | null, reason?: string): void {
    if (this.#attempt === undefined) return
    this.#attempt.status = status
    this.#attempt.error = error
    this.#attempt.durationMs = Math.round((performance.now() - this.#attemptAt) * 1000) / 1000
    if (reason !== undefined) this.#attempt.reason = reason
  }

  #break(error: unknown): void {
    this.#call?.abort()
    this.#target?.finish('neutral')
    this.#target = undefined
    this.#ending.fail(this.#exchange, error)
  }

  /** The client is gone or the deadline passed. */
  #stop(error: GatewayError): void {
    this.#settleAttempt(this.#attempt?.status ?? null, error.code)
    this.#call?.abort()
    this.#target?.finish(error.code === 'upstream_timeout' ? 'failure' : 'neutral')
    this.#target = undefined
  }
}
