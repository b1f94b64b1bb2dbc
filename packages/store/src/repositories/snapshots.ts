import type { SnapshotRepository, SnapshotRow } from '@konnect/contract'
import { type Selectable, sql } from 'kysely'
import type { SnapshotTable } from '../database/tables.ts'
import { decodeCursor, encodeCursor, pageOf, pageSize } from './cursor.ts'
import { INSTALLATION_TENANT, type Scope } from './scope.ts'

const ORDER = 'snapshots'

/** Key of the advisory lock that publishers hold; any constant of our own will do. */
const PUBLISH_LOCK = 7_266_413

type SummaryColumn = 'version' | 'published_at' | 'actor' | 'note' | 'digest'

const SUMMARY = ['version', 'published_at', 'actor', 'note', 'digest'] as const satisfies readonly SummaryColumn[]

const summaryOf = (row: Pick<Selectable<SnapshotTable>, SummaryColumn>) => ({
  version: row.version,
  publishedAt: row.published_at,
  actor: row.actor,
  note: row.note,
  digest: row.digest,
})

const snapshotOf = (row: Selectable<SnapshotTable>): SnapshotRow => ({
  ...summaryOf(row),
  payload: row.payload,
  signature: row.signature,
  document: row.document,
})

/** Published Snapshots. */
export function snapshotRepository({ db }: Scope): SnapshotRepository {
  const newest = () => db.selectFrom('snapshots').orderBy('version', 'desc')
  return {
    latest: async () => {
      const row = await newest().selectAll().limit(1).executeTakeFirst()
      return row === undefined ? undefined : snapshotOf(row)
    },
    get: async (version) => {
      const row = await db.selectFrom('snapshots').selectAll().where('version', '=', version).executeTakeFirst()
      return row === undefined ? undefined : snapshotOf(row)
    },
    list: async (query) => {
      const limit = pageSize(query.limit)
      let select = newest().select(SUMMARY)
      if (query.cursor !== undefined) {
        select = select.where('version', '<', sql<number>`${decodeCursor(ORDER, query.cursor).value}::bigint`)
      }
      const rows = await select.limit(limit + 1).execute()
      return pageOf(rows.map(summaryOf), limit, (last) => encodeCursor(ORDER, { value: String(last.version), id: '' }))
    },
    nextVersion: async () => {
      await sql`select pg_advisory_xact_lock(${PUBLISH_LOCK}::bigint)`.execute(db)
      const row = await newest().select('version').limit(1).executeTakeFirst()
      return (row?.version ?? 0) + 1
    },
    insert: async (row) => {
      await db
        .insertInto('snapshots')
        .values({
          version: row.version,
          tenant_id: INSTALLATION_TENANT,
          payload: row.payload,
          signature: row.signature,
          published_at: row.publishedAt,
          actor: row.actor,
          note: row.note,
          digest: row.digest,
          document: JSON.stringify(row.document),
        })
        .execute()
    },
    // The newest always stays, or versions would start over.
    prune: async (keep) => {
      const kept = newest()
        .select('version')
        .limit(Math.max(1, Math.trunc(keep)))
      await db.deleteFrom('snapshots').where('version', 'not in', kept).execute()
    },
  }
}
