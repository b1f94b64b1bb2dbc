import type { Kysely, Migration } from 'kysely'
import { run, secureRows } from './statements.ts'

type Schema = Kysely<unknown>

/** Columns that figures by version are made from. Calls that were stored before have them empty. */
async function extendCalls(db: Schema): Promise<void> {
  await run(
    db,
    `alter table calls
      add column version text,
      add column shadow_of text collate "C",
      add column first_token_ms double precision`,
  )
  // Only comparisons are in it, so that other calls cost no further write.
  await run(db, 'create index calls_shadows on calls (tenant_id, model, started_at, id) where shadow_of is not null')
}

/** The time of the call stands with its rating: both expire together, and it finds the call's partition. */
async function createRatings(db: Schema): Promise<void> {
  await run(
    db,
    `create table call_ratings (
      tenant_id text collate "C" not null,
      call_id text collate "C" not null,
      started_at timestamptz(3) not null,
      rater text collate "C" not null,
      score double precision not null check (score between -1 and 1),
      comment text,
      at timestamptz(3) not null,
      primary key (tenant_id, call_id, rater)
    )`,
  )
  await run(db, 'create index call_ratings_by_time on call_ratings (started_at)')
}

/** What compares the versions of a model. */
export const modelVersions: Migration = {
  async up(db: Schema) {
    await extendCalls(db)
    await createRatings(db)
    await secureRows(db, 'call_ratings')
  },
}
