import type { Duplex } from 'node:stream'
import { maskSecrets, type SessionWatch } from '@konnect/ai'
import { GatewayError } from '@konnect/contract'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import type { Deployment, ModelPlan } from '../plan/ai-plan.ts'
import { CLOSE_CODES, closeCodeOf } from './close-frame.ts'
import type { LiveSession, LiveSessions } from './live-sessions.ts'
import { Session, type SessionOutcome } from './session.ts'
import type { SessionLedger } from './session-ledger.ts'

export interface LiveExchangeOptions {
  readonly exchange: ActiveExchange
  readonly model: ModelPlan
  readonly deployment: Deployment
  readonly client: Duplex
  readonly vendor: Duplex
  readonly sessions: LiveSessions
  readonly ledger: SessionLedger
  readonly watch: SessionWatch
  /** Exactly once; `failure`: what went wrong, where something did. */
  onOver(failure: GatewayError | undefined): void
}

/** Codes with which a vendor says that all is well; 1005 stands for none. */
const USUAL = new Set<number | undefined>([CLOSE_CODES.normal, CLOSE_CODES.goingAway, undefined])

/** An exchange while its session is open: what passes is counted, and its end finds its way into the Call. */
export class LiveExchange implements LiveSession {
  readonly exchange: ActiveExchange
  readonly model: ModelPlan
  readonly #options: LiveExchangeOptions
  readonly #session: Session

  constructor(options: LiveExchangeOptions) {
    const { exchange, client, vendor, deployment, watch } = options
    this.exchange = exchange
    this.model = options.model
    this.#options = options
    options.ledger.watching(watch)
    const { idleMs } = deployment.timeouts
    this.#session = new Session({
      client,
      vendor,
      idleMs,
      onMessage: this.#listeners(),
      readsBinary: watch.readsBinary,
      onMissed: () => watch.missed(),
      onBytes: (from, count) => {
        if (from === 'client') exchange.requestBytes += count
        else exchange.tunnelBytes += count
      },
      onIdle: () => this.fail(new GatewayError('upstream_timeout', { reason: `Nothing passed for ${idleMs} ms` })),
      onOver: (outcome) => this.#over(outcome),
    })
    options.sessions.add(this)
  }

  revoke(error: GatewayError): void {
    this.fail(error)
  }

  leave(): void {
    this.#session.end({ code: CLOSE_CODES.goingAway, reason: 'The gateway is about to stop.' })
  }

  /** Ends the session for this reason. */
  fail(error: GatewayError): void {
    const failure = this.exchange.noteFailure(error)
    this.#session.end({ code: closeCodeOf(failure), reason: failure.detail })
  }

  /** The client's messages are of interest only where a policy asked for them. */
  #listeners() {
    const { watch, exchange } = this.#options
    const { capture } = exchange
    if (capture === undefined) return { vendor: (message: Buffer) => watch.fromVendor(message) }
    const newline = Buffer.from('\n')
    return {
      client: (message: Buffer) => {
        capture.requestChunk(message)
        capture.requestChunk(newline)
      },
      vendor: (message: Buffer) => {
        watch.fromVendor(message)
        capture.responseChunk(message)
        capture.responseChunk(newline)
      },
    }
  }

  #over(outcome: SessionOutcome): void {
    const { sessions, ledger, deployment, onOver } = this.#options
    sessions.delete(this)
    ledger.isTruncated = outcome.how !== 'closed'
    const failure = failureOf(outcome)
    if (failure !== undefined) this.exchange.noteFailure(failure)
    if (outcome.by === 'vendor' && outcome.how !== 'closed') deployment.health.failed()
    onOver(
      outcome.by === 'vendor' || this.exchange.failure?.code === 'upstream_timeout' ? this.exchange.failure : undefined,
    )
  }
}

/** What of an end is a failure. */
function failureOf({ how, by, close, reason }: SessionOutcome): GatewayError | undefined {
  if (by === 'gateway') return undefined
  if (how === 'violated') {
    return new GatewayError(by === 'client' ? 'malformed_request' : 'upstream_invalid', { reason: reason ?? '' })
  }
  if (how === 'vanished') {
    const text = `The ${by} hung up without closing the session`
    return new GatewayError(by === 'client' ? 'client_closed' : 'upstream_truncated', { reason: text })
  }
  if (by === 'client' || USUAL.has(close?.code)) return undefined
  const text = maskSecrets(`The vendor closed with ${close?.code}: ${close?.reason}`)
  return new GatewayError('upstream_error', { reason: text })
}
