import { StateUnavailable } from '@konnect/contract'

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
  readonly deadlineMs: number
}

/** Requests without an answer yet. One timer watches all of them: all wait equally long, so the oldest is due first. */
export class Pending {
  readonly #waiting = new Map<number, Waiting>()
  readonly #timeoutMs: number
  #timer: NodeJS.Timeout | undefined
  #lastId = 0

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs
  }

  /** Registers a request; `send` gets its id. */
  wait(send: (id: number) => void): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#lastId += 1
      const id = this.#lastId
      this.#waiting.set(id, { resolve, reject, deadlineMs: performance.now() + this.#timeoutMs })
      this.#timer ??= setTimeout(this.#expire, this.#timeoutMs)
      send(id)
    })
  }

  /** Answers a request; false when nobody waits for it any more. */
  settle(id: number, error: Error | undefined, value: unknown): boolean {
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) return false
    this.#waiting.delete(id)
    if (error === undefined) waiting.resolve(value)
    else waiting.reject(error)
    return true
  }

  /** Fails everything that waits. */
  failAll(reason: string): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { reject } of waiting) reject(new StateUnavailable(reason))
  }

  readonly #expire = (): void => {
    this.#timer = undefined
    const nowMs = performance.now()
    for (const [id, { reject, deadlineMs }] of this.#waiting) {
      if (deadlineMs > nowMs) {
        this.#timer = setTimeout(this.#expire, Math.ceil(deadlineMs - nowMs))
        return
      }
      this.#waiting.delete(id)
      reject(new StateUnavailable(`The parent process did not answer within ${this.#timeoutMs} ms`))
    }
  }
}
