import { sql } from 'kysely'
import type { Scope } from './scope.ts'

const DAY_MS = 86_400_000

/** Key of the advisory lock under which partitions are made; any constant of our own will do. */
const PARTITION_LOCK = 7_266_414

const PARTITION_NAME = /^calls_(\d{4,6})(\d{2})(\d{2})$/

/** One day of calls, in UTC. */
interface CallDay {
  readonly table: string
  readonly from: string
  readonly to: string
}

function dayOf(startedAt: string): CallDay {
  const start = Math.floor(Date.parse(startedAt) / DAY_MS) * DAY_MS
  const date = (at: number) => new Date(at).toISOString().slice(0, 10)
  const from = date(start)
  return { table: `calls_${from.replaceAll('-', '')}`, from, to: date(start + DAY_MS) }
}

/** The days of these times. Thousands of calls share a few hours, so a time is read once for each hour of UTC. */
function daysOf(startedAt: readonly string[]): ReadonlyMap<string, CallDay> {
  const hours = new Map<string, string>()
  for (const at of startedAt) hours.set(at.endsWith('Z') ? at.slice(0, '2026-01-31T12'.length) : at, at)
  return new Map([...hours.values()].map(dayOf).map((day) => [day.table, day]))
}

/** Makes the partitions that calls of these times need and that do not exist. */
export async function ensurePartitions(scope: Scope, startedAt: readonly string[]): Promise<void> {
  const days = daysOf(startedAt)
  const present = new Set((await partitionNames(scope)).filter((name) => days.has(name)))
  const missing = [...days.values()].filter((day) => !present.has(day.table))
  if (missing.length === 0) return
  await sql`select pg_advisory_xact_lock(${PARTITION_LOCK}::bigint)`.execute(scope.db)
  for (const day of missing) await createPartition(scope, day)
}

async function createPartition(scope: Scope, day: CallDay): Promise<void> {
  const bound = (date: string) => sql.lit(`${date} 00:00:00+00`)
  const table = sql.id(day.table)
  await sql`
    create table if not exists ${table} partition of calls for values from (${bound(day.from)}) to (${bound(day.to)})
  `.execute(scope.db)
  // Without a policy of its own nobody reads a partition directly; through `calls` that table's policy holds.
  await sql`alter table ${table} enable row level security`.execute(scope.db)
  await sql`alter table ${table} force row level security`.execute(scope.db)
}

async function partitionNames(scope: Scope): Promise<readonly string[]> {
  const found = await sql<{ name: string }>`
    select relname::text as name from pg_inherits join pg_class on pg_class.oid = inhrelid
    where inhparent = 'calls'::regclass order by relname
  `.execute(scope.db)
  return found.rows.map((row) => row.name)
}

/** Drops the days that end at or before `before`; returns how many. */
export async function dropPartitions(scope: Scope, before: string): Promise<number> {
  const limit = Date.parse(before)
  const expired = (await partitionNames(scope)).filter((name) => endOf(name) <= limit)
  for (const name of expired) await sql`drop table if exists ${sql.id(name)}`.execute(scope.db)
  return expired.length
}

function endOf(table: string): number {
  const [, year, month, day] = PARTITION_NAME.exec(table) ?? []
  if (year === undefined) return Number.POSITIVE_INFINITY
  return Date.UTC(Number(year), Number(month) - 1, Number(day)) + DAY_MS
}
