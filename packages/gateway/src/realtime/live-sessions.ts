import { GatewayError } from '@konnect/contract'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import type { ModelPlan } from '../plan/ai-plan.ts'
import type { Plan } from '../plan/plan.ts'

/** A session that is open. */
export interface LiveSession {
  readonly exchange: ActiveExchange
  readonly model: ModelPlan
  /** Closes it for a reason that its client is to know. */
  revoke(error: GatewayError): void
  /** Closes it because the gateway goes away. */
  leave(): void
}

const LONGEST_TIMER_MS = 2 ** 31 - 1

/**
 * The open sessions of a gateway. A session lasts as long as the right to it: a publish that takes away the key, the
 * application, the model or the subscription ends it, and so does the moment at which the credential expires.
 */
export class LiveSessions {
  readonly #now: () => number
  readonly #open = new Map<LiveSession, NodeJS.Timeout | undefined>()
  #plan: Plan | undefined
  #isLeaving = false

  /** `now` is Unix time in milliseconds. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** No new session is to be opened. */
  get isLeaving(): boolean {
    return this.#isLeaving
  }

  add(session: LiveSession): void {
    this.#open.set(session, undefined)
    // A publish may have come while the session was being opened.
    this.#check(session, this.#plan ?? session.exchange.plan)
  }

  delete(session: LiveSession): void {
    clearTimeout(this.#open.get(session))
    this.#open.delete(session)
  }

  /** Closes the sessions that the new plan does not grant any more. */
  recheck(plan: Plan): void {
    this.#plan = plan
    for (const session of [...this.#open.keys()]) this.#check(session, plan)
  }

  /** Closes all sessions, and refuses new ones from now on. */
  leave(): void {
    this.#isLeaving = true
    for (const session of [...this.#open.keys()]) session.leave()
  }

  #check(session: LiveSession, plan: Plan | undefined): void {
    clearTimeout(this.#open.get(session))
    const error = plan === undefined ? undefined : lostRight(session, plan)
    const leftMs = plan === undefined ? LONGEST_TIMER_MS : this.#leftMs(session, plan)
    if (error !== undefined || leftMs <= 0) {
      session.revoke(error ?? new GatewayError('credential_invalid'))
      return
    }
    if (leftMs === Number.POSITIVE_INFINITY) return
    const timer = setTimeout(() => this.#check(session, plan), Math.min(leftMs, LONGEST_TIMER_MS))
    this.#open.set(session, timer)
  }

  /** Until the key or the token expires. */
  #leftMs({ exchange: { principal } }: LiveSession, plan: Plan): number {
    const keys = plan.access.get(principal?.applicationId ?? '')?.keys
    const untilMs = principal?.keyId == null ? Number.POSITIVE_INFINITY : (keys?.get(principal.keyId) ?? 0)
    const expiry = principal?.claims?.exp
    const tokenMs = typeof expiry === 'number' ? expiry * 1000 : Number.POSITIVE_INFINITY
    return Math.min(untilMs, tokenMs) - this.#now()
  }
}

function lostRight({ exchange: { principal }, model }: LiveSession, plan: Plan): GatewayError | undefined {
  const access = plan.access.get(principal?.applicationId ?? '')
  if (access === undefined) return new GatewayError('credential_invalid')
  const current = currentOf(model, plan.models.get(model.tenantId))
  if (current === undefined) return new GatewayError('model_not_found')
  const refusal = current.lifecycle?.refusal()
  if (refusal !== undefined) return refusal
  const isGranted = !current.needsSubscription || access.models.has(model.id)
  return isGranted ? undefined : new GatewayError('subscription_required')
}

/** The model as it is now, also under another name. */
function currentOf({ id, name }: ModelPlan, models: ReadonlyMap<string, ModelPlan> | undefined): ModelPlan | undefined {
  const named = models?.get(name)
  return named?.id === id ? named : [...(models?.values() ?? [])].find((model) => model.id === id)
}
