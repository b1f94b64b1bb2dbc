import { randomUUID } from 'node:crypto'
import { type LimitDecision, type LimitRule, type Logger, type StateStore, silentLogger } from '@konnect/contract'
import { assertPositive, assertTake } from '../limit/rule.ts'
import { assertValue } from '../memory/value.ts'
import { RedisLink } from './link.ts'
import { ADD_TO_COUNTER, EXTEND_PLACE, HOLD_PLACE, TAKE_FROM_BUCKET, TAKE_FROM_WINDOW } from './scripts.ts'

export interface RedisStateOptions {
  /** `redis://` or `rediss://`, with user, password and database where needed. */
  readonly url: string
  /** In front of every key. Default `konnect:`. */
  readonly prefix?: string
  /** Longest wait for an answer. Default 200. */
  readonly timeoutMs?: number
  readonly logger?: Logger
  /** Milliseconds, for tests of limits and leases. Default: the time of the Redis server, so that all gateways agree. */
  readonly now?: () => number
}

/** {@link StateStore} of several machines. */
export interface RedisState extends StateStore {
  readonly driver: 'redis'
  /** True while the connection is up. */
  readonly isReady: boolean
  /** Resolves with true as soon as the connection is up, with false after `timeoutMs` without. */
  whenReady(timeoutMs: number): Promise<boolean>
}

/**
 * Shared memory in Redis or Valkey. Connects in the background and reconnects by itself; what is asked meanwhile fails
 * at once with StateUnavailable, and so does a server that takes longer than `timeoutMs`. Never repeats a command, so
 * that nothing is counted twice. One round trip per call.
 */
export function createRedisState(options: RedisStateOptions): RedisState {
  const { url, prefix = 'konnect:', timeoutMs = 200, logger = silentLogger, now } = options
  const link = new RedisLink(url, timeoutMs, logger)
  const nowArgument = (): string => (now === undefined ? '' : String(Math.floor(now())))
  const leaseOf = (key: string, id: string) => {
    let isHeld = true
    return {
      id,
      async extend(ttlMs: number) {
        assertPositive('ttlMs', ttlMs)
        if (isHeld) await link.evaluate(EXTEND_PLACE, key, [String(Math.ceil(ttlMs)), id, nowArgument()])
      },
      async release() {
        if (!isHeld) return
        isHeld = false
        await link.call((redis) => redis.zrem(key, id))
      },
    }
  }

  return {
    driver: 'redis',
    get isReady() {
      return link.isReady
    },
    whenReady: (waitMs) => link.whenReady(waitMs),
    async take(key, rule, cost = 1) {
      assertTake(rule, cost)
      return take(link, prefix, key, rule, [String(cost), nowArgument()])
    },
    async lease(key, limit, ttlMs) {
      assertPositive('ttlMs', ttlMs)
      const placesKey = `${prefix}h:${key}`
      const id = randomUUID()
      const args = [String(limit), String(Math.ceil(ttlMs)), id, nowArgument()]
      try {
        const isHeld = (await link.evaluate(HOLD_PLACE, placesKey, args)) === 1
        return isHeld ? leaseOf(placesKey, id) : null
      } catch (error) {
        link.attempt((redis) => redis.zrem(placesKey, id))
        throw error
      }
    },
    async get(key) {
      return (await link.call((redis) => redis.get(`${prefix}v:${key}`))) ?? undefined
    },
    async set(key, value, ttlMs) {
      assertPositive('ttlMs', ttlMs)
      assertValue(value)
      await link.call((redis) => redis.set(`${prefix}v:${key}`, value, 'PX', Math.ceil(ttlMs)))
    },
    async delete(key) {
      await link.call((redis) => redis.del(`${prefix}v:${key}`))
    },
    async increment(key, amount, ttlMs) {
      assertPositive('ttlMs', ttlMs)
      const args = [String(amount), String(Math.ceil(ttlMs))]
      return Number(await link.evaluate(ADD_TO_COUNTER, `${prefix}v:${key}`, args))
    },
    close: async () => link.close(),
  }
}

async function take(
  link: RedisLink,
  prefix: string,
  key: string,
  rule: LimitRule,
  costAndNow: readonly string[],
): Promise<LimitDecision> {
  const [script, limitKey, limit, rate] =
    rule.algorithm === 'sliding-window'
      ? ([TAKE_FROM_WINDOW, `${prefix}w:${rule.windowMs}:${key}`, rule.limit, rule.windowMs] as const)
      : ([TAKE_FROM_BUCKET, `${prefix}b:${key}`, rule.capacity, rule.refillPerSecond] as const)
  const answer = await link.evaluate(script, limitKey, [String(limit), String(rate), ...costAndNow])
  const [isAllowed, remaining = 0, retryAfterMs = 0, resetMs = 0] = answer as number[]
  return { isAllowed: isAllowed === 1, limit, remaining, retryAfterMs, resetMs }
}
