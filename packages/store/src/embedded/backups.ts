import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

const BACKUP_NAME = /^(?<stamp>\d{8}T\d{9}Z)\.(?<digest>[0-9a-f]{64})\.tar\.gz$/

/** A backup as its name describes it. */
export interface Backup {
  readonly path: string
  /** Time of the backup, sortable. */
  readonly stamp: string
  /** Hex SHA-256 that the content must have. */
  readonly digest: string
}

/** The time part of a backup's name: `20260131T120000000Z`. */
export function backupStamp(at: Date): string {
  return at.toISOString().replaceAll(/[-:.]/g, '')
}

/** Backups of a folder by name, newest first; none when the folder does not exist. */
export async function listBackups(folder: string): Promise<readonly Backup[]> {
  const names = await readdir(folder).catch(() => [])
  return names
    .flatMap((name) => {
      const { stamp, digest } = BACKUP_NAME.exec(name)?.groups ?? {}
      return stamp === undefined || digest === undefined ? [] : [{ path: join(folder, name), stamp, digest }]
    })
    .sort((a, b) => (a.stamp < b.stamp ? 1 : -1))
}

/** True when the file still holds exactly what was written. */
export async function isIntact(backup: Backup): Promise<boolean> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(backup.path), hash)
  } catch {
    return false
  }
  return hash.digest('hex') === backup.digest
}

/** Keeps the newest `keep` backups; removes the rest, and drafts that a crash left behind. */
export async function pruneBackups(folder: string, keep: number): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  const drafts = names.filter((name) => name.endsWith('.draft')).map((name) => join(folder, name))
  const old = (await listBackups(folder)).slice(keep).map((backup) => backup.path)
  await Promise.all([...drafts, ...old].map((path) => rm(path, { force: true })))
}
