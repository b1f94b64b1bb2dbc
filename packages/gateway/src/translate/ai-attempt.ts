import type { Attempt } from '@konnect/contract'
import type { Deployment, DeploymentKey } from '../plan/ai-plan.ts'
import type { LoadTurn } from '../select/deployment-load.ts'

/** One attempt at a deployment with one of its keys, while it lasts and as the Call keeps it. */
export class AiAttempt {
  readonly record: Attempt
  readonly sentAt = performance.now()
  readonly #turn: LoadTurn

  constructor(deployment: Deployment, key: DeploymentKey | undefined) {
    this.record = { target: deployment.provider, status: null, durationMs: 0, error: null }
    if (key?.name !== undefined) this.record.key = key.name
    this.#turn = deployment.load.begin()
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
    this.#turn.observed(isStream, performance.now() - this.sentAt)
  }

  /** Nothing more comes. Idempotent. */
  end(): void {
    this.#turn.end()
  }
}
