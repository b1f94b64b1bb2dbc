import { type Kysely, sql } from 'kysely'
import { DatabaseFault, SQL_STATE } from '../database/fault.ts'
import type { Database } from '../database/tables.ts'

/** The role that stands in for a connecting role which row-level security would not hold. */
const APP_ROLE = 'konnect_app'

/** Key of the advisory lock under which rights are granted; any constant of our own will do. */
const GRANT_LOCK = 7_266_415

/**
 * Superusers and BYPASSRLS roles see every row whatever the policies say. For those, makes a plain role that owns the
 * tables, and returns its name: each transaction must assume it. Returns null when the connecting role is plain itself.
 */
export async function ensureAppRole(db: Kysely<Database>): Promise<string | null> {
  const found = await sql<{ bypasses: boolean; schema: string }>`
    select rolsuper or rolbypassrls as bypasses, current_schema() as schema from pg_roles where rolname = current_user
  `.execute(db)
  const [connecting] = found.rows
  if (connecting === undefined || !connecting.bypasses) return null
  await createRole(db)
  await grantRights(db, connecting.schema)
  return APP_ROLE
}

/** Grants only what is missing, one process at a time: PostgreSQL refuses two grants of the same right at once. */
async function grantRights(db: Kysely<Database>, schema: string): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${GRANT_LOCK}::bigint)`.execute(transaction)
    const found = await sql<{ member: boolean; mayCreate: boolean }>`
      select pg_has_role(current_user, ${APP_ROLE}, 'member') as member,
        has_schema_privilege(${APP_ROLE}, ${schema}, 'usage')
          and has_schema_privilege(${APP_ROLE}, ${schema}, 'create') as "mayCreate"
    `.execute(transaction)
    const [held] = found.rows
    if (!held?.member) await sql`grant ${sql.id(APP_ROLE)} to current_user`.execute(transaction)
    if (!held?.mayCreate) {
      await sql`grant usage, create on schema ${sql.id(schema)} to ${sql.id(APP_ROLE)}`.execute(transaction)
    }
  })
}

/** Roles belong to the whole server, so another installation on it may be making the same one right now. */
async function createRole(db: Kysely<Database>): Promise<void> {
  const existing = await sql`select 1 from pg_roles where rolname = ${APP_ROLE}`.execute(db)
  if (existing.rows.length > 0) return
  try {
    await sql`create role ${sql.id(APP_ROLE)} nologin nosuperuser nobypassrls`.execute(db)
  } catch (error) {
    const isThere =
      error instanceof DatabaseFault && (error.sqlState === '42710' || error.sqlState === SQL_STATE.unique)
    if (!isThere) throw error
  }
}
