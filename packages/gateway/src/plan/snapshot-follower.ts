import { asGatewayError, type Logger, type SignedSnapshot, type SnapshotSource } from '@konnect/contract'
import type { SnapshotCache } from './snapshot-cache.ts'

const WAIT_MS = 25_000
const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 500
const START_WITHIN_MS = 15_000

export interface FollowerOptions {
  readonly source: SnapshotSource
  readonly cache: SnapshotCache
  /** Puts a Snapshot to use; throws when it cannot be. */
  readonly apply: (signed: SignedSnapshot) => void
  readonly logger: Logger
  readonly signal: AbortSignal
  /** How long a source may be away at first before that is news: what starts together is not ready together. Default 15 s. */
  readonly startWithinMs?: number
}

const NOTHING_YET = 'No Snapshot yet, so nothing is served; the control plane cannot be reached'
const NOTHING_NEW = 'No new Snapshot; serving the one at hand'

/**
 * Keeps a gateway on the newest Snapshot: first the newest good one on disk, then whatever the source publishes. A
 * Snapshot that cannot be used leaves the former one in place. Resolves when `signal` aborts.
 */
export async function followSnapshots(options: FollowerOptions): Promise<void> {
  const { source, cache, logger, signal, startWithinMs = START_WITHIN_MS } = options
  let version = await applyFromDisk(options)
  const startedAt = performance.now()
  let retryMs = FIRST_RETRY_MS
  let isAway = false
  while (!signal.aborted) {
    try {
      const signed = await source.next(version, WAIT_MS, signal)
      retryMs = FIRST_RETRY_MS
      isAway = false
      if (signed === undefined) continue
      version = signed.version
      options.apply(signed)
      await cache.save(signed)
    } catch (error) {
      if (signal.aborted) return
      const { message: reason } = asGatewayError(error)
      const isStarting = version === 0 && performance.now() - startedAt < startWithinMs
      if (!isAway && !isStarting) logger.warn({ reason, version }, version === 0 ? NOTHING_YET : NOTHING_NEW)
      isAway = !isStarting
      await pause(retryMs, signal)
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)
    }
  }
}

async function applyFromDisk({ cache, apply, logger }: FollowerOptions): Promise<number> {
  for await (const signed of cache.load()) {
    try {
      apply(signed)
      logger.info({ version: signed.version }, 'Serving the Snapshot on disk')
      return signed.version
    } catch (error) {
      logger.warn({ version: signed.version, error }, 'A Snapshot on disk cannot be used; trying the one before')
    }
  }
  return 0
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}
