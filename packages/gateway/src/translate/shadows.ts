import { bodyOf, type Call, GatewayError } from '@konnect/contract'
import type { IncomingRequest } from '@konnect/http'
import { callOf } from '../account/call-record.ts'
import { ComparedAnswer } from '../account/compared-answer.ts'
import { ActiveExchange } from '../exchange/active-exchange.ts'
import type { ModelPlan } from '../plan/ai-plan.ts'
import { EMPTY_PIPELINE } from '../plan/pipeline.ts'
import type { Ending } from '../send/http-relay.ts'
import type { AiQuestion } from './ai-question.ts'
import { AiRelay } from './ai-relay.ts'
import { SilentResponder } from './silent-responder.ts'

/** Most comparisons under way in one process; what comes beyond it is not compared. */
const MAX_RUNNING = 64
/** Longest a comparison may take. */
const MAX_DURATION_MS = 600_000

export interface ShadowsOptions {
  nextId(): string
  record(call: Call): void
  /** Name of this node and worker in Calls. */
  readonly node: string
}

/**
 * Asks another version of a model what a client has just asked, for comparison only. It runs beside the request of the
 * client, which never waits for it and does not change with it: no policy sees it, no limit and no budget counts it, and
 * its Call belongs to no application.
 */
export class Shadows implements Ending {
  readonly #options: ShadowsOptions
  readonly #running = new Set<ActiveExchange>()

  constructor(options: ShadowsOptions) {
    this.#options = options
  }

  /** Does nothing when the exchange has no version to compare with, or when too many comparisons are under way. */
  beside(main: ActiveExchange): void {
    const { shadow, ai } = main
    if (shadow === undefined || main.isFinished || this.#running.size >= MAX_RUNNING) return
    const question = ai?.question
    if (question === undefined) return
    const exchange = new ActiveExchange(
      this.#options.nextId(),
      askedAgain(main.incoming, question),
      new SilentResponder(),
      main.request.clientIp,
      EMPTY_PIPELINE,
    )
    this.#running.add(exchange)
    copySurroundings(main, exchange)
    if (shadow.keepsAnswers) exchange.capture = new ComparedAnswer(question.dialect)
    exchange.deadlineTimer = setTimeout(() => this.#expire(exchange), MAX_DURATION_MS).unref()
    // In a turn of its own: sending to the client's version goes first.
    setImmediate(() => this.#ask(exchange, shadow, question, main.id))
  }

  #ask(exchange: ActiveExchange, shadow: ModelPlan, question: AiQuestion, shadowOf: string): void {
    exchange.ai = new AiRelay(exchange, { ...question, source: exchange.request.body })
    exchange.ai.target(shadow, question.facts, shadowOf)
    exchange.ai.start(this).catch((error: unknown) => this.fail(exchange, error))
  }

  #expire(exchange: ActiveExchange): void {
    const error = new GatewayError('upstream_timeout', { reason: 'The comparison took too long' })
    exchange.cancel?.(error)
    this.fail(exchange, error)
  }

  readonly fail = (exchange: ActiveExchange, error: unknown): void => {
    if (exchange.isFinished) return
    exchange.status = exchange.noteFailure(error).status
    this.finish(exchange)
  }

  readonly finish = (exchange: ActiveExchange): void => {
    if (exchange.isFinished) return
    exchange.isFinished = true
    this.#running.delete(exchange)
    clearTimeout(exchange.deadlineTimer)
    // What it cost is the operator's: no application asked for it.
    exchange.principal = undefined
    this.#options.record(callOf(exchange, this.#options.node, performance.now()))
  }
}

function askedAgain(incoming: IncomingRequest, { bytes }: AiQuestion): IncomingRequest {
  const { method, path, query, host, headers, version, remoteAddress, isSecure } = incoming
  const body = bodyOf(bytes)
  const receivedAt = performance.now()
  return {
    method,
    path,
    query,
    host,
    headers: [...headers],
    version,
    body,
    remoteAddress,
    isSecure,
    receivedAt,
    upgrade: undefined,
  }
}

/** What deployments are chosen by is the same for both. */
function copySurroundings(main: ActiveExchange, exchange: ActiveExchange): void {
  exchange.place = main.place
  exchange.plan = main.plan
  exchange.principal = main.principal
  exchange.snapshotVersion = main.snapshotVersion
  exchange.traceId = main.traceId
  exchange.requestBytes = main.requestBytes
}
