import { type Kysely, sql } from 'kysely'

/** Runs one statement of a migration. */
export const run = (db: Kysely<unknown>, statement: string) => sql.raw(statement).execute(db)

/**
 * Lets a transaction see and write only rows of its tenant, unless it is the system's. `force` holds the table's owner to
 * that too. The sub-selects are evaluated once a statement, not once a row.
 */
export async function secureRows(db: Kysely<unknown>, table: string): Promise<void> {
  await run(db, `alter table ${table} enable row level security`)
  await run(db, `alter table ${table} force row level security`)
  await run(
    db,
    `create policy tenant_rows on ${table} using (
      (select current_setting('konnect.system', true)) = 'on'
      or tenant_id = (select current_setting('konnect.tenant', true))
    )`,
  )
}
