import type { DeploymentCapacity } from '@konnect/contract'
import { type HeldPlace, HeldPlaces, type LeaseKeeper } from './held-places.ts'
import { type CapacityTools, WindowMeter } from './window-meter.ts'

/** What a deployment carries right now, counted over all gateways; one truth over publishes. */
export class CapacityUse {
  readonly places: HeldPlaces
  readonly requests: WindowMeter
  readonly tokens: WindowMeter

  constructor(key: string, tools: CapacityTools, keeper: LeaseKeeper, onFree: () => void) {
    this.places = new HeldPlaces(`deployment:${key}:places`, tools, keeper, onFree)
    this.requests = new WindowMeter(`deployment:${key}:requests`, tools)
    this.tokens = new WindowMeter(`deployment:${key}:tokens`, tools)
  }
}

/** The room of one request at a deployment. */
export interface Slot {
  /**
   * The request is over there. `tokens` of input and output together, as far as they are known; the estimate stands when
   * they are not. Idempotent.
   */
  end(tokens?: number): void
}

const SOON_MS = 1_000

/**
 * The room of a deployment. A request holds a place as long as it is under way, counts once towards the requests of the
 * minute, and towards its tokens with an estimate of its input at first and with what was reported when it is over.
 */
export class Capacity {
  readonly #limits: DeploymentCapacity
  readonly #use: CapacityUse

  constructor(limits: DeploymentCapacity, use: CapacityUse) {
    this.#limits = limits
    this.#use = use
  }

  /** True when the estimate of a request's tokens matters. */
  get countsTokens(): boolean {
    return this.#limits.tokensPerMinute !== undefined
  }

  /** Known to be full. When false, the shared state may still say otherwise. */
  get isFull(): boolean {
    const { concurrent } = this.#limits
    return this.#fullMs > 0 || (concurrent !== undefined && this.#use.places.isFull(concurrent))
  }

  /** A guess in milliseconds of how long it stays full. */
  get waitMs(): number {
    return Math.max(SOON_MS, this.#fullMs)
  }

  /** The larger of the used parts of requests and tokens per minute, from 0 to 1; `undefined` where neither is limited. */
  get usedShare(): number | undefined {
    const { requestsPerMinute, tokensPerMinute } = this.#limits
    const requests = requestsPerMinute && this.#use.requests.used(requestsPerMinute) / requestsPerMinute
    const tokens = tokensPerMinute && this.#use.tokens.used(tokensPerMinute) / tokensPerMinute
    if (requests === undefined) return tokens
    return tokens === undefined ? requests : Math.max(requests, tokens)
  }

  /** Room for a request of about so many tokens of input; null when there is none. */
  async take(inputTokens: number): Promise<Slot | null> {
    const { concurrent } = this.#limits
    const place = concurrent === undefined ? undefined : await this.#use.places.take(concurrent)
    if (place === null) return null
    let isCounted = false
    try {
      isCounted = await this.#count(inputTokens)
    } finally {
      if (!isCounted) place?.release()
    }
    return isCounted ? this.#slotOf(place, inputTokens) : null
  }

  async #count(inputTokens: number): Promise<boolean> {
    const { requestsPerMinute, tokensPerMinute } = this.#limits
    const { requests, tokens } = this.#use
    if (requestsPerMinute !== undefined && !(await requests.take(requestsPerMinute, 1))) return false
    if (tokensPerMinute === undefined || (await tokens.take(tokensPerMinute, inputTokens))) return true
    if (requestsPerMinute !== undefined) requests.giveBack(1)
    return false
  }

  #slotOf(place: HeldPlace | undefined, inputTokens: number): Slot {
    const { tokensPerMinute } = this.#limits
    let isOver = false
    return {
      end: (tokens) => {
        if (isOver) return
        isOver = true
        if (tokensPerMinute !== undefined && tokens !== undefined) {
          this.#settle(Math.min(inputTokens, tokensPerMinute), tokens)
        }
        place?.release()
      },
    }
  }

  #settle(counted: number, used: number): void {
    if (used > counted) this.#use.tokens.add(used - counted)
    else this.#use.tokens.giveBack(counted - used)
  }

  get #fullMs(): number {
    const { requestsPerMinute, tokensPerMinute } = this.#limits
    const requestsMs = requestsPerMinute === undefined ? 0 : this.#use.requests.fullMs(requestsPerMinute)
    const tokensMs = tokensPerMinute === undefined ? 0 : this.#use.tokens.fullMs(tokensPerMinute)
    return Math.max(requestsMs, tokensMs)
  }
}
