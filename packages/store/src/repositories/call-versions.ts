import type { Call, CallRepository, Comparison, ModelRange, Page, VersionFigures } from '@konnect/contract'
import { sql } from 'kysely'
import { callsOfTenant, callsWhere, everyCallWhere } from './call-conditions.ts'
import { decodeCursor, encodeCursor, pageOf, pageSize } from './cursor.ts'
import type { Scope } from './scope.ts'

const ORDER = 'comparisons'

/** Figures of each version. Percentiles interpolate as `percentile_cont` does; sums of money are exact. */
export async function versionFigures(scope: Scope, range: ModelRange): Promise<readonly VersionFigures[]> {
  const counted = await countedFigures(scope, range)
  const compared = await agreement(scope, range)
  return counted.map((row) => {
    const { compared: pairs, agreed } = (row.isShadow && compared.get(row.version)) || { compared: 0, agreed: 0 }
    return { ...row, compared: pairs, agreed }
  })
}

async function countedFigures(scope: Scope, range: ModelRange) {
  const served = sql`status < 400`
  const found = await sql<Omit<VersionFigures, 'compared' | 'agreed'>>`
    with matching as (
      select * from calls where ${everyCallWhere(scope, range)}
    ), rated as (${qualities(scope, range)})
    select coalesce(version, '') as version, shadow_of is not null as "isShadow",
      count(*) as calls,
      count(*) filter (where status >= 500) as errors,
      count(*) filter (where status between 400 and 499) as rejected,
      percentile_cont(0.5) within group (order by duration_ms) filter (where ${served}) as "p50Ms",
      percentile_cont(0.95) within group (order by duration_ms) filter (where ${served}) as "p95Ms",
      percentile_cont(0.5) within group (order by first_token_ms) filter (where ${served}) as "firstTokenP50Ms",
      percentile_cont(0.95) within group (order by first_token_ms) filter (where ${served}) as "firstTokenP95Ms",
      coalesce(sum(input_tokens), 0)::bigint as "inputTokens",
      coalesce(sum(output_tokens), 0)::bigint as "outputTokens",
      trim_scale(coalesce(sum(cost_usd), 0))::text as "costUsd",
      count(*) filter (where cost_usd is null) as unpriced,
      count(rated.quality) as rated,
      avg(rated.quality) as quality
    from matching left join rated on rated.call_id = matching.id
    group by 1, 2 order by 1, 2
  `.execute(scope.db)
  return found.rows
}

const qualities = (scope: Scope, { from, to }: Pick<ModelRange, 'from' | 'to'>) => sql`
  select call_id, avg(score) as quality from call_ratings
  where ${callsOfTenant(scope)} and started_at >= ${from}::timestamptz and started_at < ${to}::timestamptz
  group by call_id
`

/** How many comparisons of each shadow version have both answers, and how many of those say the same. */
async function agreement(scope: Scope, range: ModelRange) {
  const text = (table: string) => sql`
    btrim(regexp_replace(lower(${sql.ref(`${table}.document`)}->'content'->>'answer'), '\\s+', ' ', 'g'))
  `
  const found = await sql<{ version: string; compared: number; agreed: number }>`
    with shadow as (${shadowsOf(scope, range)})
    select coalesce(shadow.version, '') as version, count(*) as compared,
      count(*) filter (where ${text('shadow')} = ${text('main')}) as agreed
    from shadow join calls main on ${isMainCall}
    where shadow.document->'content'->>'answer' is not null and main.document->'content'->>'answer' is not null
    group by 1
  `.execute(scope.db)
  return new Map(found.rows.map((row) => [row.version, row]))
}

const shadowsOf = (scope: Scope, range: ModelRange) =>
  sql`select * from calls where ${callsWhere(scope, { ...range, isShadow: true })}`

// A comparison begins right after its main call; the bound lets the database leave out most partitions.
const isMainCall = sql<boolean>`
  main.id = shadow.shadow_of and main.tenant_id = shadow.tenant_id
  and main.started_at between shadow.started_at - interval '1 hour' and shadow.started_at + interval '1 minute'
`

interface PairRow {
  readonly shadow: Call
  readonly main: Call
  readonly at: string
  readonly mainQuality: number | null
  readonly shadowQuality: number | null
}

/** Comparisons, newest first. */
export async function comparisons(
  scope: Scope,
  range: ModelRange,
  page: Parameters<CallRepository['comparisons']>[1],
): Promise<Page<Comparison>> {
  const limit = pageSize(page.limit)
  const after = page.cursor === undefined ? undefined : decodeCursor(ORDER, page.cursor)
  const beyond =
    after === undefined ? sql`true` : sql`(shadow.started_at, shadow.id) < (${after.value}::timestamptz, ${after.id})`
  const quality = (table: string) => sql`
    (select avg(score) from call_ratings rating
      where rating.tenant_id = ${sql.ref(`${table}.tenant_id`)} and rating.call_id = ${sql.ref(`${table}.id`)})
  `
  const found = await sql<PairRow>`
    with shadow as (${shadowsOf(scope, range)})
    select shadow.document as shadow, main.document as main, shadow.started_at as at,
      ${quality('main')} as "mainQuality", ${quality('shadow')} as "shadowQuality"
    from shadow join calls main on ${isMainCall}
    where ${beyond} order by shadow.started_at desc, shadow.id desc limit ${limit + 1}
  `.execute(scope.db)
  const rows = pageOf(found.rows, limit, (last) => encodeCursor(ORDER, { value: last.at, id: last.shadow.id }))
  const items = rows.items.map((row) => ({
    main: { call: row.main, quality: row.mainQuality },
    shadow: { call: row.shadow, quality: row.shadowQuality },
  }))
  return { items, nextCursor: rows.nextCursor }
}
