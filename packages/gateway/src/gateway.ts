import { GatewayError, headerOf, type MaybePromise, type SignedSnapshot, type Snapshot } from '@konnect/contract'
import { type IncomingRequest, type RequestHandler, type Responder, stripHopByHop } from '@konnect/http'
import { callOf } from './account/call-record.ts'
import { captureFor } from './account/capture.ts'
import { admitToApi } from './admit/admit.ts'
import { ActiveExchange } from './exchange/active-exchange.ts'
import type { GatewayOptions } from './gateway-options.ts'
import { identify } from './identify/identify.ts'
import { takeKeyFromQuery } from './identify/key-in-query.ts'
import { createProxyTrust } from './listen/forwarded.ts'
import { createIdSource, traceIdOf } from './listen/request-ids.ts'
import { createPinnedServices } from './pinned/pinned-services.ts'
import { admitToStore } from './pinned/store-station.ts'
import { CapacityRegistry } from './plan/capacities.ts'
import { CatalogIndex } from './plan/catalog.ts'
import { createDeploymentHealthRegistry } from './plan/deployment-health.ts'
import { type GatewayHealth, reportDeployments } from './plan/deployment-report.ts'
import { KeptStates } from './plan/kept-states.ts'
import { createKeyRegistry } from './plan/key-pool.ts'
import { EMPTY_PIPELINE, runHandlers } from './plan/pipeline.ts'
import { compilePlan, type Plan, type PlanEnvironment, type RoutePlan } from './plan/plan.ts'
import { SharedValues } from './plan/policy-compiler.ts'
import { PoolRegistry } from './plan/pools.ts'
import { RenewedKeys } from './plan/temporary-key.ts'
import { liftKey } from './realtime/handshake.ts'
import { LiveSessions } from './realtime/live-sessions.ts'
import { admitToSession } from './realtime/session-station.ts'
import { problemAnswer, sendAnswer, type WholeAnswer } from './return/answer.ts'
import { DeploymentLoad } from './select/deployment-load.ts'
import { createUpstreamRegistry } from './select/upstream-state.ts'
import { HttpRelay } from './send/http-relay.ts'
import { createProbe } from './send/probe.ts'
import { modelsAnswer } from './translate/model-list.ts'
import { admitToNamedModel } from './translate/model-station.ts'
import { Shadows } from './translate/shadows.ts'

/** The data plane: give it Snapshots and requests. */
export interface Gateway {
  /** For a listener. */
  readonly handle: RequestHandler
  /** Puts a Snapshot to use. Throws `snapshot_invalid`; the former one then stays in use. */
  apply(signed: SignedSnapshot): void
  /** Version in use; 0 before the first. */
  readonly version: number
  health(): GatewayHealth
  /** Exchanges under way. */
  readonly active: number
  /** Those of them that wait for a deployment with room. */
  readonly queued: number
  /** Closes the sessions that could last for hours, and opens no more; what else is under way goes on. */
  drain(): void
  close(): void
}

export function createGateway(options: GatewayOptions): Gateway {
  return new RunningGateway(options)
}

type Station = (exchange: ActiveExchange) => MaybePromise<void>

class RunningGateway implements Gateway {
  readonly #options: GatewayOptions
  readonly #environment: PlanEnvironment
  readonly #trust: ReturnType<typeof createProxyTrust>
  readonly #nextId = createIdSource()
  readonly #sessions: LiveSessions
  readonly #shadows: Shadows
  readonly #apiRoad: readonly Station[]
  readonly #aiRoad: readonly Station[]
  readonly #sessionRoad: readonly Station[]
  readonly #storedRoad: readonly Station[]
  readonly #listRoad: readonly Station[]
  #plan: Plan | undefined
  active = 0

  constructor(options: GatewayOptions) {
    this.#options = options
    this.#trust = createProxyTrust(options.trustedProxies ?? [])
    this.#shadows = new Shadows({
      nextId: this.#nextId,
      node: options.node,
      record: (call) => options.calls.record(call),
    })
    const now = options.now ?? Date.now
    this.#sessions = new LiveSessions(now)
    const pools = new PoolRegistry(options.createPool)
    this.#environment = {
      catalog: new CatalogIndex(options.catalog),
      translator: options.translator,
      services: {
        state: options.state,
        fetchJson: options.fetchJson,
        logger: options.logger,
        now,
        secrets: options.secrets,
      },
      shared: new SharedValues(),
      pools,
      pinned: createPinnedServices(options),
      registry: createUpstreamRegistry({ probe: createProbe(options.createPool), logger: options.logger }),
      deploymentHealth: createDeploymentHealthRegistry(now),
      deploymentLoad: new KeptStates(() => new DeploymentLoad()),
      capacities: new CapacityRegistry(options.state, options.logger),
      providerKeys: createKeyRegistry({ now, random: Math.random }),
      region: options.region,
      renewedKeys: new RenewedKeys({ fetchText: options.fetchText, logger: options.logger, now, random: Math.random }),
      ...(options.verifyPlayground === undefined ? {} : { verifyPlayground: options.verifyPlayground }),
    }
    this.#apiRoad = [this.#match, this.#identify, this.#admitApi, this.#shape, this.#sendHttp]
    this.#aiRoad = [this.#match, this.#identify, this.#admitModel, this.#shape, this.#sendAi]
    this.#storedRoad = [this.#match, this.#identify, this.#admitStored, this.#shape, this.#sendStored]
    this.#sessionRoad = [this.#liftKey, this.#match, this.#identify, this.#admitSession, this.#shape, this.#openSession]
    this.#listRoad = [this.#match, this.#identify, this.#listModels]
  }

  get queued(): number {
    return this.#environment.capacities.queued
  }

  get version(): number {
    return this.#plan?.version ?? 0
  }

  apply(signed: SignedSnapshot): void {
    if (!this.#options.signer.verify(signed.payload, signed.signature)) {
      throw new GatewayError('snapshot_invalid', { detail: 'The signature of the Snapshot does not fit.' })
    }
    const snapshot = JSON.parse(signed.payload) as Snapshot
    if (snapshot.format !== 1)
      throw new GatewayError('snapshot_invalid', { detail: `Unknown format ${snapshot.format}.` })
    this.#plan = compilePlan(snapshot, this.#environment)
    this.#sessions.recheck(this.#plan)
    this.#options.logger.info({ version: snapshot.version }, 'Serving a new Snapshot')
  }

  health(): GatewayHealth {
    return { targets: [...this.#environment.registry.snapshot()], deployments: reportDeployments(this.#plan) }
  }

  drain(): void {
    this.#sessions.leave()
  }

  close(): void {
    this.#environment.registry.close()
    this.#environment.pools.close()
    this.#environment.renewedKeys.close()
  }

  readonly handle = (incoming: IncomingRequest, responder: Responder): void => {
    const { headers } = incoming
    stripHopByHop(headers)
    const clientIp = this.#trust.clientIp(incoming.remoteAddress, headers)
    const plan = this.#plan
    const exchange = new ActiveExchange(
      this.#nextId(),
      incoming,
      responder,
      clientIp,
      plan?.unmatched ?? EMPTY_PIPELINE,
    )
    this.active++
    responder.onClose = () => this.#clientGone(exchange)
    exchange.onDeadline = (ms) => this.#startDeadline(exchange, ms)
    if (plan === undefined) {
      this.fail(exchange, new GatewayError('not_ready', { headers: ['retry-after', '1'] }))
      return
    }
    exchange.traceId = traceIdOf(headerOf(headers, 'traceparent')) ?? exchange.id
    exchange.enter('match')
    this.#advance(exchange, this.#roadOf(exchange, plan), 0)
  }

  /** Finds the route. Where there is none, the gateway's own policies still run before the answer. */
  #roadOf(exchange: ActiveExchange, plan: Plan): readonly Station[] {
    exchange.plan = plan
    exchange.snapshotVersion = plan.version
    const found = plan.router.find(exchange.incoming)
    if (found.kind === 'method-not-allowed') {
      const preflighted = this.#preflightRoad(exchange, plan)
      if (preflighted !== undefined) return preflighted
    }
    if (found.kind !== 'found') {
      const error =
        found.kind === 'not-found'
          ? new GatewayError('route_not_found')
          : new GatewayError('method_not_allowed', { headers: ['allow', found.allow.join(', ')] })
      return [this.#match, () => Promise.reject(error)]
    }
    const route: RoutePlan = found.match.value
    exchange.route = route
    exchange.place = route.place
    exchange.matchedPath = found.match.matchedPath
    if (route.kind === 'api') {
      exchange.pipeline = route.pipelines.early
      return this.#apiRoad
    }
    exchange.pipeline = route.early
    if (route.kind === 'stored') return this.#storedRoad
    if (route.keyInQuery !== undefined) takeKeyFromQuery(exchange.request, route.keyInQuery)
    if (route.kind === 'models') return this.#listRoad
    return route.isSession ? this.#sessionRoad : this.#aiRoad
  }

  /** A CORS preflight (Fetch standard §3.2.2) asks for the route of another method; that route's policies may answer it. */
  #preflightRoad(exchange: ActiveExchange, plan: Plan): readonly Station[] | undefined {
    const { method, host, path, query, headers } = exchange.incoming
    const wanted = method === 'OPTIONS' ? headerOf(headers, 'access-control-request-method') : undefined
    if (wanted === undefined) return undefined
    const found = plan.router.find({ method: wanted, host, path, query, headers })
    if (found.kind !== 'found' || found.match.value.kind !== 'api') return undefined
    exchange.route = found.match.value
    exchange.place = found.match.value.place
    exchange.pipeline = found.match.value.pipelines.early
    return [this.#match, () => Promise.reject(new GatewayError('method_not_allowed', { headers: ['allow', wanted] }))]
  }

  /** Moves an exchange along its road until it ends or has to wait. */
  #advance(exchange: ActiveExchange, road: readonly Station[], from: number): void {
    try {
      for (let i = from; i < road.length; i++) {
        if (exchange.isFinished) return
        if (exchange.directAnswer !== undefined) {
          this.#answerDirectly(exchange)
          return
        }
        const waiting = road[i]?.(exchange)
        if (waiting === undefined) continue
        waiting.then(
          () => this.#advance(exchange, road, i + 1),
          (error: unknown) => this.fail(exchange, error),
        )
        return
      }
      if (exchange.directAnswer !== undefined && !exchange.isFinished) this.#answerDirectly(exchange)
    } catch (error) {
      this.fail(exchange, error)
    }
  }

  readonly #match: Station = (exchange) => runHandlers(exchange.pipeline.match, exchange)

  readonly #identify: Station = (exchange) => {
    exchange.enter('identify')
    return identify(exchange)
  }

  readonly #admitApi: Station = (exchange) => {
    exchange.enter('admit')
    if (exchange.route?.kind === 'api') return admitToApi(exchange, exchange.route)
  }

  readonly #admitModel: Station = (exchange) => {
    exchange.enter('admit')
    if (exchange.route?.kind === 'ai') return admitToNamedModel(exchange, exchange.route, this.#options.translator)
  }

  readonly #admitStored: Station = (exchange) => {
    exchange.enter('admit')
    if (exchange.route?.kind === 'stored') return admitToStore(exchange, exchange.route, this.#options.translator)
  }

  readonly #liftKey: Station = (exchange) => liftKey(exchange.request.headers)

  readonly #admitSession: Station = (exchange) => {
    exchange.enter('admit')
    const options = { translator: this.#options.translator, sessions: this.#sessions }
    if (exchange.route?.kind === 'ai') return admitToSession(exchange, exchange.route, options)
  }

  readonly #shape: Station = (exchange) => {
    exchange.enter('shape')
    return runHandlers(exchange.pipeline.shape, exchange)
  }

  readonly #sendHttp: Station = (exchange) => {
    this.#startCapture(exchange)
    if (exchange.route?.kind !== 'api') return
    if (exchange.incoming.upgrade === 'websocket' && !exchange.route.isUpgradable)
      throw new GatewayError('upgrade_refused')
    new HttpRelay(exchange, exchange.route, this).start()
  }

  readonly #sendAi: Station = (exchange) => {
    this.#startCapture(exchange)
    const started = exchange.ai?.start(this)
    return exchange.shadow === undefined ? started : started?.then(() => this.#shadows.beside(exchange))
  }

  readonly #openSession: Station = (exchange) => {
    this.#startCapture(exchange)
    return exchange.session?.start(this)
  }

  readonly #sendStored: Station = (exchange) => {
    this.#startCapture(exchange)
    return exchange.stored?.start(this)
  }

  readonly #listModels: Station = (exchange) => {
    const { route } = exchange
    if (route?.kind === 'models') exchange.answer(modelsAnswer(exchange, route, this.#options.translator))
  }

  #startCapture(exchange: ActiveExchange): void {
    exchange.capture = captureFor(exchange)
    exchange.capture?.requestHeaders(exchange.request.headers)
  }

  #answerDirectly(exchange: ActiveExchange): void {
    const { status, headers = [], body = '' } = exchange.directAnswer ?? { status: 500 }
    sendAnswer(exchange, { status, headers: [...headers], body }, this.finish)
  }

  /** Ends an exchange with an error: answers while that is possible, else breaks the response off. */
  readonly fail = (exchange: ActiveExchange, error: unknown): void => {
    if (exchange.isFinished) return
    const failure = exchange.noteFailure(error)
    if (failure.code === 'internal_error') {
      this.#options.logger.error({ requestId: exchange.id, error }, 'An exchange failed unexpectedly')
    }
    exchange.abortSignal(failure)
    if (exchange.responder.isHeadSent) {
      exchange.session?.refuse(failure)
      exchange.responder.destroy()
      this.finish(exchange)
      return
    }
    if (exchange.response !== undefined) exchange.pipeline = EMPTY_PIPELINE
    sendAnswer(exchange, this.#errorAnswer(exchange, failure), this.finish)
  }

  #errorAnswer(exchange: ActiveExchange, failure: GatewayError): WholeAnswer {
    const { route } = exchange
    if (route === undefined || route.kind === 'api') return problemAnswer(failure, exchange.id)
    const { status, contentType, body } = this.#options.translator.renderError(route.dialect, failure, exchange.id)
    return { status, headers: ['content-type', contentType, ...(failure.headers ?? [])], body }
  }

  /** Accounts for an exchange, exactly once. */
  readonly finish = (exchange: ActiveExchange): void => {
    if (exchange.isFinished) return
    exchange.isFinished = true
    this.active--
    if (exchange.deadlineTimer !== undefined) clearTimeout(exchange.deadlineTimer)
    for (const account of exchange.pipeline.account) {
      try {
        account(exchange)
      } catch (error) {
        this.#options.logger.error({ requestId: exchange.id, error }, 'A policy failed while accounting')
      }
    }
    this.#options.calls.record(callOf(exchange, this.#options.node, performance.now()))
  }

  #clientGone(exchange: ActiveExchange): void {
    if (exchange.isFinished) return
    const failure = exchange.noteFailure(new GatewayError('client_closed'))
    exchange.status = failure.status
    exchange.cancel?.(failure)
    exchange.abortSignal(failure)
    this.finish(exchange)
  }

  #startDeadline(exchange: ActiveExchange, ms: number): void {
    if (exchange.deadlineTimer !== undefined) clearTimeout(exchange.deadlineTimer)
    const left = Math.max(0, ms - (performance.now() - exchange.receivedAt))
    exchange.deadlineTimer = setTimeout(() => {
      const error = new GatewayError('upstream_timeout', { detail: 'The request took longer than this route allows.' })
      exchange.cancel?.(error)
      this.fail(exchange, error)
    }, left)
  }
}
