/** One attempt at a deployment, from sending until nothing more comes. */
export interface LoadTurn {
  /** What the caller waited for is there: the first content of a stream, or a whole answer. Counts once. */
  observed(isStream: boolean, ms: number): void
  /** Idempotent. */
  end(): void
}

/** How much of the past a new observation outweighs. */
const NEWEST_SHARE = 0.3

/**
 * What a process knows of how busy and how fast a deployment is. Latencies are exponentially weighted moving averages;
 * streams, which are judged by their first content, and whole answers are kept apart.
 */
export class DeploymentLoad {
  #inFlight = 0
  #streamMs: number | undefined
  #wholeMs: number | undefined

  /** Attempts under way. */
  get inFlight(): number {
    return this.#inFlight
  }

  /** Milliseconds; `undefined` while nothing was observed. */
  latencyMs(isStream: boolean): number | undefined {
    return isStream ? this.#streamMs : this.#wholeMs
  }

  begin(): LoadTurn {
    this.#inFlight++
    let isOver = false
    let isObserved = false
    return {
      observed: (isStream, ms) => {
        if (isObserved) return
        isObserved = true
        if (isStream) this.#streamMs = averaged(this.#streamMs, ms)
        else this.#wholeMs = averaged(this.#wholeMs, ms)
      },
      end: () => {
        if (isOver) return
        isOver = true
        this.#inFlight--
      },
    }
  }
}

const averaged = (former: number | undefined, ms: number): number =>
  former === undefined ? ms : former + NEWEST_SHARE * (ms - former)
