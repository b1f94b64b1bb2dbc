/** How long and how often {@link waitFor} looks. */
export interface WaitOptions {
  /** Default 5,000 ms. */
  readonly timeoutMs?: number
  /** Default 5 ms. */
  readonly intervalMs?: number
}

/**
 * Waits until `probe` yields something other than `undefined`, `null` or `false`, and resolves with it. A probe that
 * throws counts as "not yet". Rejects after `timeoutMs` with a message that names `what` and the last failure.
 */
export async function waitFor<T>(
  what: string,
  probe: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  { timeoutMs = 5_000, intervalMs = 5 }: WaitOptions = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs
  let lastFailure: unknown
  for (;;) {
    try {
      const value = await probe()
      if (value !== undefined && value !== null && value !== false) return value
    } catch (error) {
      lastFailure = error
    }
    if (performance.now() >= deadline) {
      const message = `Waited ${timeoutMs} ms for ${what}`
      throw lastFailure === undefined ? new Error(message) : new Error(message, { cause: lastFailure })
    }
    await pause(intervalMs)
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
