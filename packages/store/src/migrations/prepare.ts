import type { Kysely } from 'kysely'
import { databaseOver } from '../database/dialect.ts'
import type { Engine } from '../database/engine.ts'
import type { Database } from '../database/tables.ts'
import { ensureAppRole } from './app-role.ts'
import { migrate } from './migrate.ts'

/** A database whose schema is up to date. */
export interface PreparedDatabase {
  readonly db: Kysely<Database>
  /** The role each transaction must assume; null when the connecting role will do. */
  readonly role: string | null
}

/** Makes the database behind an engine ready for a store. Throws `DatabaseFault`. */
export async function prepare(engine: Engine): Promise<PreparedDatabase> {
  const db = databaseOver(engine)
  const role = await ensureAppRole(db)
  await migrate(db, role)
  return { db, role }
}
