import type { Logger } from '@konnect/contract'
import { backupStamp, pruneBackups } from './backups.ts'
import type { EmbeddedEngine } from './embedded-engine.ts'

const KEPT = 4

export interface BackupScheduleOptions {
  readonly engine: EmbeddedEngine
  readonly folder: string
  readonly everyMs: number
  readonly logger: Logger
}

/** Backs an embedded database up while it changes. */
export interface BackupSchedule {
  start(): void
  /** Ends the schedule, with a last backup when something changed since the one before. Never throws. */
  stop(): Promise<void>
}

/** Every `everyMs`, and at the end, a backup when there were writes since the last; the newest four are kept. */
export function createBackupSchedule({ engine, folder, everyMs, logger }: BackupScheduleOptions): BackupSchedule {
  let savedWrites = 0
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  const backUp = async (): Promise<void> => {
    const { writes } = engine
    if (writes === savedWrites) return
    try {
      const name = await engine.backUp(folder, backupStamp(new Date()))
      savedWrites = writes
      await pruneBackups(folder, KEPT)
      logger.debug({ name }, 'embedded database backed up')
    } catch (error) {
      logger.error({ error }, 'backup of the embedded database failed')
    }
  }

  return {
    start: () => {
      timer = setInterval(() => {
        running = running.then(backUp)
      }, everyMs)
      timer.unref()
    },
    stop: async () => {
      clearInterval(timer)
      await running.then(backUp)
    },
  }
}
