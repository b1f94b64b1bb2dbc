import type { Logger, Store } from '@konnect/contract'
import { every, type Stop } from '../server/every.ts'

const DAY_MS = 86_400_000
const CHECK_EVERY_MS = 3_600_000

/** Drops calls older than `days` every hour, the first time at once. Returns what stops it. */
export function startRetention(options: { store: Store; logger: Logger; days: number; now: () => number }): Stop {
  const { store, logger, days, now } = options
  const expire = async (): Promise<void> => {
    try {
      const before = new Date(now() - days * DAY_MS).toISOString()
      const dropped = await store.asSystem((tx) => tx.calls.expire(before))
      if (dropped > 0) logger.info({ dropped, before }, 'old calls removed')
    } catch (error) {
      logger.warn({ error }, 'old calls could not be removed; trying again later')
    }
  }
  return every(CHECK_EVERY_MS, expire)
}
