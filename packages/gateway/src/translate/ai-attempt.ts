import type { Attempt } from '@konnect/contract'
import type { Deployment, DeploymentKey } from '../plan/ai-plan.ts'
import type { LoadTurn } from '../select/deployment-load.ts'

/** One attempt at a deployment with one of its keys, while it lasts and as the Call keeps it. */
export class AiAttempt {
  readonly record: Attempt
  readonly sentAt = performance.now()
  readonly #turn: LoadTurn
  readonly #contentTimer: NodeJS.Timeout | undefined
  readonly #totalTimer: NodeJS.Timeout | undefined

  /** `onExpire` hears of the first limit of the deployment that passes before `end`. */
  constructor(deployment: Deployment, key: DeploymentKey | undefined, options: AiAttemptOptions) {
    this.record = { target: deployment.provider, status: null, durationMs: 0, error: null }
    if (key?.name !== undefined) this.record.key = key.name
    this.#turn = deployment.load.begin()
    deployment.health.begin()
    const { firstTokenMs, totalMs } = deployment.limits
    const { isStream, onExpire } = options
    if (isStream) this.#contentTimer = timer(firstTokenMs, () => onExpire(`No content within ${firstTokenMs} ms`))
    this.#totalTimer = timer(totalMs, () => onExpire(`Not complete within ${totalMs} ms`))
  }

  /** Notes how far it has come. */
  settle(status: number | null, error: string | null, reason?: string): void {
    this.record.status = status
    this.record.error = error
    this.record.durationMs = Math.round((performance.now() - this.sentAt) * 1000) / 1000
    if (reason !== undefined) this.record.reason = reason
  }

  /** As `settle`, with the status that has come so far. */
  broke(error: string, reason?: string): void {
    this.settle(this.record.status, error, reason)
  }

  /** The first content of a stream, or a whole answer, is there. */
  noteContent(isStream: boolean): void {
    clearTimeout(this.#contentTimer)
    this.#turn.observed(isStream, performance.now() - this.sentAt)
  }

  /** Nothing more comes. Idempotent. */
  end(): void {
    clearTimeout(this.#contentTimer)
    clearTimeout(this.#totalTimer)
    this.#turn.end()
  }
}

export interface AiAttemptOptions {
  /** The client wants a stream, so that its first content has a limit of its own. */
  readonly isStream: boolean
  onExpire(reason: string): void
}

const LONGEST_TIMER_MS = 2 ** 31 - 1

const timer = (ms: number | undefined, expire: () => void): NodeJS.Timeout | undefined =>
  ms === undefined ? undefined : setTimeout(expire, Math.min(ms, LONGEST_TIMER_MS))
