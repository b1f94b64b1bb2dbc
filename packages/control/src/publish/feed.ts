import type { Logger, SignedSnapshot, SnapshotSigner, Store } from '@konnect/contract'
import { every } from '../server/every.ts'

/** The latest Snapshot, in memory, and those who wait for the next. */
export interface SnapshotFeed {
  readonly latest: SignedSnapshot | undefined
  /**
   * The latest as soon as it is newer than `version`; undefined after `waitMs` or when `signal` aborts. A gateway that is
   * ahead of the database, because an older backup of it was restored, gets the latest at once.
   */
  next(version: number, waitMs: number, signal: AbortSignal): Promise<SignedSnapshot | undefined>
  /** Tells a publish to everyone who waits. Older ones than the latest are ignored. */
  announce(snapshot: SignedSnapshot): void
  /** Reads the latest from the database. */
  refresh(): Promise<void>
  /** Ends the polling and answers everyone who waits with nothing. */
  close(): Promise<void>
}

/** How often other control planes' publishes are looked for. */
const POLL_MS = 500

/** Creates the feed. On a database server it looks for publishes of other control planes. */
export function createSnapshotFeed(options: { store: Store; logger: Logger; signer: SnapshotSigner }): SnapshotFeed {
  const { store, logger, signer } = options
  const waiting = new Set<() => void>()
  let latest: SignedSnapshot | undefined
  let refused = 0
  let isAway = false
  let isClosed = false

  const announce = (snapshot: SignedSnapshot): void => {
    if (latest && snapshot.version <= latest.version) return
    latest = snapshot
    for (const wake of [...waiting]) wake()
  }

  const refresh = async (): Promise<void> => {
    const row = await store.asSystem(async (tx) => {
      const newest = (await tx.snapshots.list({ limit: 1 })).items[0]
      return newest && newest.version > (latest?.version ?? 0) ? tx.snapshots.get(newest.version) : undefined
    })
    if (!row) return
    const { version, payload, signature } = row
    if (signer.verify(payload, signature)) announce({ version, payload, signature })
    else if (version > refused) logger.error({ version }, 'snapshot refused: its signature is not of this installation')
    refused = Math.max(refused, version)
  }

  const poll = async (): Promise<void> => {
    try {
      await refresh()
      isAway = false
    } catch (error) {
      if (!isAway) logger.warn({ error }, 'snapshots cannot be read; looking again')
      isAway = true
    }
  }
  const stop = store.kind === 'server' ? every(POLL_MS, poll) : () => Promise.resolve()

  return {
    get latest() {
      return latest
    },
    announce,
    refresh,
    async next(version, waitMs, signal) {
      if (latest && latest.version < version) await refresh()
      if (latest && latest.version < version) return latest
      const newer = () => (latest && latest.version > version ? latest : undefined)
      const deadline = Date.now() + waitMs
      while (!newer() && !isClosed && !signal.aborted && Date.now() < deadline)
        await wakeUp(waiting, deadline - Date.now(), signal)
      return newer()
    },
    close() {
      isClosed = true
      for (const wake of [...waiting]) wake()
      return stop()
    },
  }
}

/** Resolves on the next wake, after `timeoutMs`, or when `signal` aborts. */
function wakeUp(waiting: Set<() => void>, timeoutMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer)
      waiting.delete(wake)
      signal.removeEventListener('abort', wake)
      resolve()
    }
    const timer = setTimeout(wake, timeoutMs)
    waiting.add(wake)
    signal.addEventListener('abort', wake)
  })
}
