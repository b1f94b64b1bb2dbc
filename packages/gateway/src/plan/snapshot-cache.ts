import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger, SignedSnapshot } from '@konnect/contract'

const KEEP = 3
const NAME = /^snapshot-(\d{1,15})\.json$/

/** The last good Snapshots on this machine's disk. */
export interface SnapshotCache {
  /** Newest first; files that cannot be read are passed over with a warning. */
  load(): AsyncGenerator<SignedSnapshot>
  /** Durable once resolved: written beside, synced, then renamed. */
  save(snapshot: SignedSnapshot): Promise<void>
}

/** Keeps the newest three Snapshots in `directory`. Several workers may share it. */
export function createSnapshotCache(directory: string, logger: Logger): SnapshotCache {
  const versions = async (): Promise<number[]> => {
    const names = await readdir(directory).catch(() => [])
    return names
      .flatMap((name) => NAME.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => b - a)
  }
  const fileOf = (version: number) => join(directory, `snapshot-${version}.json`)

  return {
    async *load() {
      for (const version of await versions()) {
        const file = fileOf(version)
        try {
          const snapshot: unknown = JSON.parse(await readFile(file, 'utf8'))
          if (!isSigned(snapshot)) throw new Error('not a Snapshot')
          yield snapshot
        } catch (error) {
          logger.warn({ file, error }, 'A Snapshot on disk cannot be read; trying the one before')
        }
      }
    },
    async save(snapshot) {
      await mkdir(directory, { recursive: true, mode: 0o700 })
      const temporary = join(directory, `.${snapshot.version}-${process.pid}.tmp`)
      const handle = await open(temporary, 'w', 0o600)
      try {
        await handle.writeFile(JSON.stringify(snapshot))
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(temporary, fileOf(snapshot.version))
      const all = await versions()
      // Later ones than the newest are of a database that was since restored from a backup.
      const later = all.filter((version) => version > snapshot.version)
      const old = all.filter((version) => version <= snapshot.version).slice(KEEP)
      for (const version of [...later, ...old]) await rm(fileOf(version), { force: true })
    },
  }
}

function isSigned(value: unknown): value is SignedSnapshot {
  if (typeof value !== 'object' || value === null) return false
  const { version, payload, signature } = value as Record<string, unknown>
  return typeof version === 'number' && typeof payload === 'string' && typeof signature === 'string'
}
