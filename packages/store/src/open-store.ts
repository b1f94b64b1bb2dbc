import { GatewayError, type Logger, type Store } from '@konnect/contract'
import { createServerEngine } from './database/server-engine.ts'
import { openEmbedded } from './embedded/open-embedded.ts'
import { prepare } from './migrations/prepare.ts'
import { postgresStore, translating } from './postgres-store.ts'

/** Where the store lives. */
export interface OpenStoreOptions {
  /** A PostgreSQL server, version 15 or later, e.g. `postgres://user:password@host:5432/konnect`. Wins over `dataDir`. */
  readonly databaseUrl?: string
  /** Folder of the embedded database, made when it does not exist; one process at a time. */
  readonly dataDir?: string
  readonly logger: Logger
  /** Embedded only: time between two backups while something changes. Default 15 minutes. */
  readonly backupEveryMs?: number
}

/** A store, with what the operator should know about how it opened. */
export type OpenedStore = Store & {
  /** E.g. that a damaged folder was replaced by a backup. Empty when all is well. */
  readonly notices: readonly string[]
}

/**
 * Opens the control plane's database, on a server or embedded, and brings its schema up to date.
 * Throws GatewayError `database_unavailable`, or `data_folder_locked` when another process uses the folder.
 */
export async function openStore(options: OpenStoreOptions): Promise<OpenedStore> {
  if (options.databaseUrl !== undefined) return openServer(options.databaseUrl, options.logger)
  if (options.dataDir === undefined) {
    throw new GatewayError('database_unavailable', { reason: 'neither a database URL nor a data folder is given' })
  }
  const { logger, backupEveryMs } = options
  const embedded = await translating(() =>
    openEmbedded({ dataDir: options.dataDir ?? '', logger, ...(backupEveryMs === undefined ? {} : { backupEveryMs }) }),
  )
  try {
    const prepared = await translating(() => prepare(embedded.engine))
    embedded.startBackups()
    const store = postgresStore({ ...prepared, kind: 'embedded', close: () => embedded.close() })
    return { ...store, notices: embedded.notices }
  } catch (error) {
    await embedded.close()
    throw error
  }
}

async function openServer(databaseUrl: string, logger: Logger): Promise<OpenedStore> {
  const engine = createServerEngine(databaseUrl, logger)
  try {
    const prepared = await translating(() => prepare(engine))
    return { ...postgresStore({ ...prepared, kind: 'server', close: () => engine.close() }), notices: [] }
  } catch (error) {
    await engine.close()
    throw error
  }
}
