import { type Logger, StateUnavailable } from '@konnect/contract'
import { Redis } from 'ioredis'
import { Breaker } from './breaker.ts'
import type { RedisScript } from './scripts.ts'

const FAILURES_TO_OPEN = 5
const PROBE_PAUSE_MS = 500
const LONGEST_RECONNECT_MS = 1000

/** One connection to Redis that fails fast, reconnects by itself and never takes the process down. */
export class RedisLink {
  readonly #redis: Redis
  readonly #breaker = new Breaker(FAILURES_TO_OPEN, PROBE_PAUSE_MS)
  readonly #logger: Logger
  #isLossLogged = false

  constructor(url: string, timeoutMs: number, logger: Logger) {
    if (!/^rediss?:\/\//.test(url)) throw new RangeError('Expected a Redis URL such as redis://127.0.0.1:6379')
    this.#logger = logger
    this.#redis = new Redis(url, {
      commandTimeout: timeoutMs,
      socketTimeout: timeoutMs * 10,
      connectTimeout: 2000,
      enableOfflineQueue: false,
      // A repeated command could count a request twice: what the connection loses is lost.
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (times) =>
        Math.min(LONGEST_RECONNECT_MS, 25 * 2 ** Math.min(times, 6)) * (0.5 + Math.random() / 2),
    })
    this.#redis.on('error', (error: Error) => this.#noteLoss(error))
    this.#redis.on('ready', () => this.#noteReady())
  }

  get isReady(): boolean {
    return this.#redis.status === 'ready'
  }

  whenReady(timeoutMs: number): Promise<boolean> {
    if (this.isReady) return Promise.resolve(true)
    return new Promise((resolve) => {
      const finish = (isReady: boolean) => {
        clearTimeout(timer)
        this.#redis.off('ready', onReady)
        resolve(isReady)
      }
      const onReady = () => finish(true)
      const timer = setTimeout(() => finish(false), timeoutMs)
      this.#redis.once('ready', onReady)
    })
  }

  /** Runs one command. Rejects with StateUnavailable, or with TypeError when the key holds something else. */
  async call<T>(command: (redis: Redis) => Promise<T>): Promise<T> {
    this.#breaker.enter(performance.now())
    try {
      const answer = await command(this.#redis)
      this.#breaker.succeed()
      return answer
    } catch (cause) {
      throw this.#failureOf(cause)
    }
  }

  /** Runs a script by its digest, and once with its source when the server does not know it yet. */
  evaluate(script: RedisScript, key: string, args: readonly string[]): Promise<unknown> {
    return this.call(async (redis) => {
      try {
        return await redis.evalsha(script.sha1, 1, key, ...args)
      } catch (error) {
        if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
        return await redis.eval(script.source, 1, key, ...args)
      }
    })
  }

  /** Runs a command whose failure changes nothing. */
  attempt(command: (redis: Redis) => Promise<unknown>): void {
    command(this.#redis).catch((error: unknown) => this.#logger.debug({ error }, 'A clean-up in Redis failed'))
  }

  close(): void {
    this.#redis.disconnect()
  }

  #failureOf(cause: unknown): Error {
    const message = cause instanceof Error ? cause.message : String(cause)
    if (/^WRONGTYPE|not a valid float/.test(message)) {
      this.#breaker.succeed()
      return new TypeError('Expected a counter, found a text that is no number', { cause })
    }
    this.#breaker.fail(performance.now())
    return new StateUnavailable(`Redis cannot answer: ${message}`, { cause })
  }

  #noteLoss(error: Error): void {
    if (this.#isLossLogged) return
    this.#isLossLogged = true
    this.#logger.warn({ error }, 'Redis cannot be reached; trying again')
  }

  #noteReady(): void {
    this.#breaker.succeed()
    if (this.#isLossLogged) this.#logger.info({}, 'Redis is reachable again')
    this.#isLossLogged = false
  }
}
