import { GatewayError } from '@konnect/contract'
import type { AdmissionQueue, QueueLimits, Wait } from './admission-queue.ts'
import type { Capacity, Slot } from './capacity.ts'
import type { DeploymentTour, TourKey, TourStop } from './deployment-tour.ts'
import type { Priority } from './waiting-line.ts'

/** A queue with its present limits. */
export interface ModelQueue {
  readonly line: AdmissionQueue
  readonly limits: QueueLimits
}

/** A deployment that may be full. */
export interface RoomyStop<K extends TourKey> extends TourStop<K> {
  readonly model: string
  readonly capacity: Capacity | undefined
}

export interface AdmissionOptions {
  /** `undefined`: nobody waits. */
  readonly queue: ModelQueue | undefined
  readonly priority: Priority
  /** An estimate; asked for at most once for each deployment that counts tokens. */
  inputTokens(): number
}

/** What was heard of a deployment that is left. */
export interface Departure {
  /** Of input and output together; `undefined` when nobody knows. */
  readonly tokens?: number | undefined
  /** The vendor refused the request, so that it used none. */
  readonly isRefused: boolean
}

const SOON_MS = 1_000

const rounded = (ms: number): number => Math.round(ms * 1000) / 1000

/**
 * The room that one request takes, at one deployment at a time, and its wait for it. Only for models with a deployment whose
 * capacity is limited.
 */
export class Admission<K extends TourKey, D extends RoomyStop<K>> {
  readonly #options: AdmissionOptions
  #slot: Slot | undefined
  #wait: Wait | undefined
  /** Of all waits that are over. */
  #waitedMs: number | undefined
  #waitsSince: number | undefined
  #gone: GatewayError | undefined

  constructor(options: AdmissionOptions) {
    this.#options = options
  }

  /** Milliseconds in the queue so far; `undefined` when the request never waited. */
  get queuedMs(): number | undefined {
    if (this.#waitsSince === undefined) return this.#waitedMs
    return rounded((this.#waitedMs ?? 0) + performance.now() - this.#waitsSince)
  }

  /**
   * Goes on to the next deployment that has a key and room, and waits for one where the model has a queue; false when no
   * deployment is left. Rejects with `rate_limited` when those that are left are full, and with the error of `cancel`.
   */
  async next(tour: DeploymentTour<K, D>, left: Departure): Promise<boolean> {
    this.#leave(left)
    const { queue } = this.#options
    const lane = queue === undefined || queue.line.size === 0 ? undefined : laneOf(tour.ahead())
    if (lane === undefined || !queue?.line.hasLine(lane)) {
      if (await this.#enter(tour)) return true
      if (this.#gone !== undefined) throw this.#gone
    }
    const ahead = tour.ahead()
    if (ahead.length === 0) return false
    if (queue === undefined) throw full(ahead, 'there is no queue')
    await this.#queue(tour, queue)
    return true
  }

  /** The exchange is over. */
  end(left: Departure): void {
    this.#gone ??= new GatewayError('client_closed')
    this.#leave(left)
  }

  /** The client is gone, or the deadline passed. */
  cancel(error: GatewayError): void {
    this.#gone ??= error
    this.#wait?.cancel()
  }

  /** The first deployment ahead with room; false when there is none. */
  async #enter(tour: DeploymentTour<K, D>): Promise<boolean> {
    for (const stop of tour.ahead()) {
      if (stop.capacity?.isFull) continue
      const slot = await stop.capacity?.take(this.#tokensFor(stop.capacity))
      if (slot === null) continue
      if (this.#gone === undefined && tour.goTo(stop)) {
        this.#slot = slot
        return true
      }
      slot?.end(0)
      if (this.#gone !== undefined) return false
    }
    return false
  }

  /** A request without any text counts for something, too. */
  #tokensFor(capacity: Capacity): number {
    return capacity.countsTokens ? Math.max(1, this.#options.inputTokens()) : 1
  }

  async #queue(tour: DeploymentTour<K, D>, { line, limits }: ModelQueue): Promise<void> {
    const { priority } = this.#options
    const enter = () => this.#enter(tour)
    const wait = line.join({ priority, lane: laneOf(tour.ahead()), enter }, limits)
    if (wait === undefined) throw full(tour.ahead(), `${limits.length} requests wait already`)
    this.#waitsSince = performance.now()
    this.#wait = wait
    try {
      const result = await wait.result
      if (this.#gone !== undefined) throw this.#gone
      if (result !== 'entered') throw full(tour.ahead(), `it waited for ${limits.timeoutMs} ms`)
    } finally {
      this.#wait = undefined
      this.#waitedMs = this.queuedMs
      this.#waitsSince = undefined
    }
  }

  #leave({ tokens, isRefused }: Departure): void {
    this.#slot?.end(tokens ?? (isRefused ? 0 : undefined))
    this.#slot = undefined
  }
}

/** The same for all requests that could go to the same deployments. */
function laneOf(stops: readonly RoomyStop<TourKey>[]): string {
  return stops
    .map(({ provider, model }) => `${provider} ${model}`)
    .sort()
    .join('\n')
}

function full(stops: readonly RoomyStop<TourKey>[], why: string): GatewayError {
  const waits = stops.flatMap(({ capacity }) => capacity?.waitMs ?? [])
  const waitMs = waits.length === 0 ? SOON_MS : Math.min(...waits)
  const names = stops.map(({ provider, model }) => `${provider}/${model}`).join(', ')
  return new GatewayError('rate_limited', {
    detail: 'Every deployment of the model that could answer is full; try again later.',
    reason: `Full: ${names}; ${why}`,
    headers: ['retry-after', String(Math.ceil(waitMs / 1000))],
  })
}
