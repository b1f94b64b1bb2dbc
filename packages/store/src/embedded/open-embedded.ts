import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Logger } from '@konnect/contract'
import { DatabaseFault, faultOf } from '../database/fault.ts'
import { createBackupSchedule } from './backup-schedule.ts'
import { type Backup, backupStamp, isIntact, listBackups } from './backups.ts'
import { createEmbeddedEngine, type EmbeddedEngine } from './embedded-engine.ts'
import { lockFolder } from './folder-lock.ts'
import { WorkerLink } from './worker-link.ts'

const DEFAULT_BACKUP_EVERY_MS = 15 * 60_000

/** Small tables that nothing works without. Reading them whole also verifies the checksums of their pages. */
const VITAL_TABLES = ['resources', 'resource_references', 'users', 'api_tokens', 'settings', 'snapshots']

export interface OpenEmbeddedOptions {
  readonly dataDir: string
  readonly logger: Logger
  /** Default 15 minutes. */
  readonly backupEveryMs?: number
}

/** The embedded database of a locked data folder. */
export interface Embedded {
  readonly engine: EmbeddedEngine
  readonly notices: readonly string[]
  /** Begins to back up while something changes. */
  startBackups(): void
  /** Backs up when something changed since the last time, closes the database and unlocks the folder. */
  close(): Promise<void>
}

/** Layout of a data folder. */
interface Places {
  readonly database: string
  readonly backups: string
  readonly damaged: string
  /** Where a backup is tried before it takes the database's place. */
  readonly restored: string
}

/**
 * Opens the database of a data folder; a damaged one is set aside and replaced by its newest good backup.
 * Throws GatewayError `data_folder_locked`, and `DatabaseFault` when there is nothing left to open.
 */
export async function openEmbedded(options: OpenEmbeddedOptions): Promise<Embedded> {
  const dataDir = resolve(options.dataDir)
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const lock = lockFolder(dataDir)
  const notices: string[] = []
  const places: Places = {
    database: join(dataDir, 'database'),
    backups: join(dataDir, 'backups'),
    damaged: join(dataDir, `damaged-${backupStamp(new Date())}`),
    restored: join(dataDir, 'database.restored'),
  }
  try {
    const link = await openOrRestore(places, (notice) => {
      notices.push(notice)
      options.logger.warn({ dataDir }, notice)
    })
    const engine = createEmbeddedEngine(places.database, link, [...VITAL_TABLES, 'sessions'].join(', '))
    const schedule = createBackupSchedule({
      engine,
      folder: places.backups,
      everyMs: options.backupEveryMs ?? DEFAULT_BACKUP_EVERY_MS,
      logger: options.logger,
    })
    const close = async () => {
      try {
        await schedule.stop()
        await engine.close()
      } finally {
        lock.release()
      }
    }
    return { engine, notices, startBackups: schedule.start, close }
  } catch (error) {
    lock.release()
    throw error
  }
}

async function openOrRestore(places: Places, notify: (notice: string) => void): Promise<WorkerLink> {
  if (!existsSync(places.database) && (await listBackups(places.backups)).length === 0) {
    // Making a database takes some 150 MB that only the end of the thread gives back.
    const maker = await WorkerLink.start({ folder: places.database })
    await maker.ask({ kind: 'close' })
    await maker.terminate()
    return WorkerLink.start({ folder: places.database })
  }
  if (!existsSync(places.database)) {
    return restore(places, new DatabaseFault({ message: 'the database folder is missing' }), notify)
  }
  try {
    return await startSound({ folder: places.database })
  } catch {
    // Once more, before what may have been a passing lack of memory counts as damage.
    return startSound({ folder: places.database }).catch((error: unknown) => restore(places, faultOf(error), notify))
  }
}

/**
 * Replaces the database by its newest good backup. The old folder moves only after the restored one has been opened, so
 * that a fault of the machine, e.g. no memory, leaves everything as it was.
 */
async function restore(places: Places, damage: DatabaseFault, notify: (notice: string) => void): Promise<WorkerLink> {
  for (const backup of await listBackups(places.backups)) {
    if (!(await isIntact(backup))) {
      notify(`The backup ${backup.path} is damaged and was passed over.`)
    } else if (await isRestorable(places, backup, notify)) {
      const kept = existsSync(places.database) ? ` The damaged files are kept in ${places.damaged}.` : ''
      if (kept !== '') await rename(places.database, places.damaged)
      await rename(places.restored, places.database)
      notify(
        `The embedded database could not be opened (${damage.message}) and was restored from the backup ` +
          `${backup.path}. Changes made after it are lost.${kept}`,
      )
      return WorkerLink.start({ folder: places.database })
    }
  }
  throw new DatabaseFault({
    message: `the embedded database in ${places.database} cannot be opened and no backup can replace it: ${damage.message}`,
    cause: damage,
  })
}

/** Unpacks a backup beside the database and opens it there. */
async function isRestorable(places: Places, backup: Backup, notify: (notice: string) => void): Promise<boolean> {
  try {
    await rm(places.restored, { recursive: true, force: true })
    const link = await startSound({ folder: places.restored, restoreFrom: backup.path })
    await link.ask({ kind: 'close' })
    await link.terminate()
    return true
  } catch (error) {
    notify(`The backup ${backup.path} could not be restored (${faultOf(error).message}).`)
    return false
  }
}

async function startSound(start: { folder: string; restoreFrom?: string }): Promise<WorkerLink> {
  const link = await WorkerLink.start(start)
  try {
    await inspect(link)
    return link
  } catch (error) {
    await link.terminate()
    throw error
  }
}

/** Reads what must be readable. A folder whose first migration never finished has no tables yet, and is sound. */
async function inspect(link: WorkerLink): Promise<void> {
  const ask = (sql: string) => link.ask({ kind: 'query', sql, parameters: [] })
  const found = await ask(
    `select relname::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
  )
  const present = new Set((found.rows ?? []).map((row) => row[0]))
  for (const table of VITAL_TABLES.filter((name) => present.has(name))) {
    await ask(`select sum(length(${table}::text)) from ${table}`)
  }
}
