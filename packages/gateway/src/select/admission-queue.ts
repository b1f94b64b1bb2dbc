import { type Schedule, scheduleTimer } from './health-probe.ts'
import { foremost, type Place, type Priority, WaitingLine } from './waiting-line.ts'

/** How many may wait for a model, and for how long. */
export interface QueueLimits {
  readonly length: number
  readonly timeoutMs: number
}

/** A request that wants to wait. */
export interface QueuedRequest {
  readonly priority: Priority
  /** Names the deployments that it could go to: those who wait for the same ones stand in one line. */
  readonly lane: string
  /** Tries to get in; true when it has. Never called twice at a time. */
  enter(): Promise<boolean>
}

export type WaitResult = 'entered' | 'timed-out' | 'cancelled'

/** The wait of one request. */
export interface Wait {
  /** Rejects when an attempt to get in does. */
  readonly result: Promise<WaitResult>
  /** The request is gone. What an attempt under way brings is the request's to give back. */
  cancel(): void
}

/** Room may come without a word: from another process, or because a minute is over. */
const LOOK_EVERY_MS = 100

/**
 * Where requests for a model wait in one process while its deployments are full; the same object over publishes. Whenever
 * room may have come, those at the head of their lines try to get in, one at a time, in the order of {@link foremost}.
 */
export class AdmissionQueue {
  readonly #waiting = new Set<Place<Waiting>>()
  readonly #lines = new Map<string, WaitingLine<Waiting>>()
  readonly #onBusy: (isBusy: boolean) => void
  readonly #schedule: Schedule
  #arrivals = 0
  #isServing = false
  #isCalled = false
  #stopLooking: (() => void) | undefined

  /** `onBusy` hears when the first one begins to wait, and when nobody does any longer. */
  constructor(onBusy: (isBusy: boolean) => void, schedule: Schedule = scheduleTimer) {
    this.#onBusy = onBusy
    this.#schedule = schedule
  }

  /** Requests that wait. */
  get size(): number {
    return this.#waiting.size
  }

  /** True when someone waits for these deployments already. */
  hasLine(lane: string): boolean {
    return this.#lines.has(lane)
  }

  /** Begins to wait; `undefined` when as many as may do wait already. */
  join(request: QueuedRequest, { length, timeoutMs }: QueueLimits): Wait | undefined {
    if (this.size >= length) return undefined
    const waiting = new Waiting(request)
    const place = { value: waiting, priority: request.priority, arrival: this.#arrivals++ }
    this.#add(place)
    waiting.stopTimer = this.#schedule(() => this.#expire(place), timeoutMs)
    this.wake()
    return { result: waiting.result, cancel: () => this.#leave(place, 'cancelled') }
  }

  /** There may be room. */
  wake(): void {
    this.#isCalled = true
    if (!this.#isServing) void this.#serve()
  }

  async #serve(): Promise<void> {
    this.#isServing = true
    while (this.#isCalled && this.size > 0) {
      this.#isCalled = false
      await this.#serveLines()
    }
    this.#isServing = false
  }

  /** Lets in whom there is room for. */
  async #serveLines(): Promise<void> {
    const blocked = new Set<WaitingLine<Waiting>>()
    for (;;) {
      const line = foremost([...this.#lines.values()].filter((one) => !blocked.has(one)))
      const place = line?.first()
      if (line === undefined || place === undefined) return
      if (!(await this.#serveOne(line, place))) blocked.add(line)
    }
  }

  /** False when the line has to wait on. */
  async #serveOne(line: WaitingLine<Waiting>, place: Place<Waiting>): Promise<boolean> {
    const waiting = place.value
    waiting.isEntering = true
    try {
      const hasEntered = await waiting.request.enter()
      waiting.isEntering = false
      if (!this.#waiting.has(place)) return true
      if (hasEntered) this.#served(line, place)
      else if (waiting.isExpired) this.#leave(place, 'timed-out')
      return hasEntered || waiting.isExpired
    } catch (error) {
      waiting.fail(error)
      this.#leave(place, 'cancelled')
      return true
    }
  }

  #served(line: WaitingLine<Waiting>, place: Place<Waiting>): void {
    line.serve(place)
    for (const other of this.#lines.values()) if (other !== line) other.pass()
    this.#leave(place, 'entered')
  }

  #expire(place: Place<Waiting>): void {
    place.value.isExpired = true
    if (!place.value.isEntering) this.#leave(place, 'timed-out')
  }

  #add(place: Place<Waiting>): void {
    const { lane } = place.value.request
    const line = this.#lines.get(lane) ?? new WaitingLine()
    this.#lines.set(lane, line)
    line.add(place)
    this.#waiting.add(place)
    if (this.size > 1) return
    this.#onBusy(true)
    this.#lookAgain()
  }

  #leave(place: Place<Waiting>, result: WaitResult): void {
    if (!this.#waiting.delete(place)) return
    const { lane } = place.value.request
    const line = this.#lines.get(lane)
    line?.delete(place)
    if (line?.isEmpty) this.#lines.delete(lane)
    place.value.end(result)
    if (this.size > 0) return
    this.#stopLooking?.()
    this.#onBusy(false)
  }

  #lookAgain(): void {
    this.#stopLooking = this.#schedule(() => {
      this.#lookAgain()
      this.wake()
    }, LOOK_EVERY_MS)
  }
}

/** A request while it waits. */
class Waiting {
  readonly request: QueuedRequest
  readonly result: Promise<WaitResult>
  isEntering = false
  /** Its time ran out during an attempt. */
  isExpired = false
  stopTimer: (() => void) | undefined
  #settle: (result: WaitResult) => void = () => {}
  #reject: (error: unknown) => void = () => {}

  constructor(request: QueuedRequest) {
    this.request = request
    this.result = new Promise((resolve, reject) => {
      this.#settle = resolve
      this.#reject = reject
    })
  }

  end(result: WaitResult): void {
    this.stopTimer?.()
    this.#settle(result)
  }

  fail(error: unknown): void {
    this.#reject(error)
  }
}
