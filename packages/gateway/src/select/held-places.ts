import { type Lease, StateUnavailable } from '@konnect/contract'
import type { CapacityTools } from './window-meter.ts'

/** A place that a request holds. */
export interface HeldPlace {
  /** Idempotent. */
  release(): void
}

const LEASE_MS = 30_000
const EXTEND_EVERY_MS = 10_000
const REFUSED_MS = 50

/** Keeps the leases of requests under way from running out; those of a process that dies do so within 30 seconds. */
export class LeaseKeeper {
  readonly #leases = new Set<Lease>()
  #timer: NodeJS.Timeout | undefined

  /** Returns what ends it. */
  keep(lease: Lease): () => void {
    this.#leases.add(lease)
    this.#timer ??= setInterval(() => this.#extendAll(), EXTEND_EVERY_MS).unref()
    return () => {
      this.#leases.delete(lease)
      if (this.#leases.size > 0) return
      clearInterval(this.#timer)
      this.#timer = undefined
    }
  }

  #extendAll(): void {
    for (const lease of this.#leases) void quietly(() => lease.extend(LEASE_MS))
  }
}

/**
 * The requests under way at a deployment, of all gateways together: each holds a lease in the shared state. While that is
 * out of reach, each process keeps the limit by itself.
 */
export class HeldPlaces {
  readonly #key: string
  readonly #tools: CapacityTools
  readonly #keeper: LeaseKeeper
  readonly #onFree: () => void
  #held = 0
  /** The limit that was refused last, and until when that counts. */
  #refusedLimit = 0
  #refusedUntilMs = 0

  /** `onFree` hears of each place of this process that becomes free. */
  constructor(key: string, tools: CapacityTools, keeper: LeaseKeeper, onFree: () => void) {
    this.#key = key
    this.#tools = tools
    this.#keeper = keeper
    this.#onFree = onFree
  }

  /** True when it needs no question to the shared state to know that no place is free. */
  isFull(limit: number): boolean {
    return this.#held >= limit || (limit <= this.#refusedLimit && this.#tools.now() < this.#refusedUntilMs)
  }

  /** Null when all places are held. */
  async take(limit: number): Promise<HeldPlace | null> {
    if (this.isFull(limit)) return null
    this.#held++
    let lease: Lease | null | undefined
    try {
      lease = await this.#tools.state.lease(this.#key, limit, LEASE_MS)
    } catch (error) {
      if (!(error instanceof StateUnavailable)) {
        this.#held--
        throw error
      }
    }
    if (lease !== null) return this.#placeOf(lease)
    this.#held--
    this.#refusedLimit = limit
    this.#refusedUntilMs = this.#tools.now() + REFUSED_MS
    return null
  }

  #placeOf(lease: Lease | undefined): HeldPlace {
    const letGo = lease && this.#keeper.keep(lease)
    let isHeld = true
    return {
      release: () => {
        if (!isHeld) return
        isHeld = false
        this.#held--
        this.#refusedUntilMs = 0
        letGo?.()
        const returned = lease && quietly(() => lease.release())
        // Whoever waits may ask for the place as soon as the shared state has it back.
        if (returned === undefined) this.#onFree()
        else void returned.then(this.#onFree)
      },
    }
  }
}

/** Does something with a lease; one that the shared state does not hear of runs out by itself. */
function quietly(act: () => void | Promise<void>): Promise<void> | undefined {
  try {
    const done = act()
    return done instanceof Promise ? done.catch(() => undefined) : undefined
  } catch {
    return undefined
  }
}
