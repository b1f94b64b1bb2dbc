import { type Kysely, type MigrationProvider, Migrator, sql } from 'kysely'
import type { Database } from '../database/tables.ts'
import { foundation } from './001-foundation.ts'
import { modelVersions } from './002-model-versions.ts'

/** Every migration, in the order of the names. A migration that shipped is never changed. */
const provider: MigrationProvider = {
  getMigrations: async () => ({ '001-foundation': foundation, '002-model-versions': modelVersions }),
}

/**
 * Brings the schema up to date. Several processes may call it at once: kysely's migrator takes an advisory lock, and
 * all migrations run in one transaction. Tables belong to `role` when one is given.
 */
export async function migrate(db: Kysely<Database>, role: string | null): Promise<void> {
  await db.connection().execute(async (connection) => {
    if (role !== null) await sql`set role ${sql.id(role)}`.execute(connection)
    try {
      const { error } = await new Migrator({ db: connection, provider }).migrateToLatest()
      if (error !== undefined) throw error
    } finally {
      if (role !== null) await sql`reset role`.execute(connection)
    }
  })
}
