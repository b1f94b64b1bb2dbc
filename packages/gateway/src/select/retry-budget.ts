/** How many retries an upstream may get beside its requests. */
export interface RetryBudget {
  /** Counts one request; not its retries. */
  recordRequest(): void
  /** Whether one more retry fits. A retry that fits is counted: ask only when it will be made. */
  canRetry(): boolean
  /** Another share, from now on. What was counted stays. */
  configure(ratio: number): void
}

export interface RetryBudgetOptions {
  /** Retries as a share of the requests of the window; 0 to 1. */
  readonly ratio: number
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number
  /** Retries that are always allowed in each second of the clock. Default 10. */
  readonly minPerSecond?: number
}

const SLOT_MS = 1_000
const SLOTS = 10

/**
 * Keeps retries from multiplying the load on an upstream that is already failing (the retry budget of Finagle and
 * Linkerd). Over a sliding window of ten seconds, in steps of one second, retries stay below `ratio` of the requests;
 * a few a second are always allowed, so that a quiet upstream is retried too.
 */
export function createRetryBudget({ ratio, now, minPerSecond = 10 }: RetryBudgetOptions): RetryBudget {
  const requests = new Array<number>(SLOTS).fill(0)
  const retries = new Array<number>(SLOTS).fill(0)
  let share = ratio
  let second = Math.floor(now() / SLOT_MS)

  /** Empties the slots that have left the window since the last call, and returns the current one. */
  const currentSlot = (): number => {
    const current = Math.floor(now() / SLOT_MS)
    for (let passed = Math.min(current - second, SLOTS); passed > 0; passed--) {
      const slot = (current - passed + 1) % SLOTS
      requests[slot] = 0
      retries[slot] = 0
    }
    second = Math.max(second, current)
    return second % SLOTS
  }
  return {
    recordRequest() {
      const slot = currentSlot()
      requests[slot] = (requests[slot] ?? 0) + 1
    },
    canRetry() {
      const slot = currentSlot()
      const used = retries[slot] ?? 0
      const isAllowed = used < minPerSecond || sum(retries) + 1 <= share * sum(requests)
      if (isAllowed) retries[slot] = used + 1
      return isAllowed
    },
    configure(next) {
      share = next
    },
  }
}

function sum(counts: readonly number[]): number {
  let total = 0
  for (const count of counts) total += count
  return total
}
