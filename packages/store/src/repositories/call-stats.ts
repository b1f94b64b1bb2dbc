import { type CallBucket, type CallFilter, type CallStats, GatewayError } from '@konnect/contract'
import { sql } from 'kysely'
import { callsWhere } from './call-conditions.ts'
import type { Scope } from './scope.ts'

const MAX_BUCKETS = 1_000
const TOP = 10

type StatsFilter = CallFilter & { readonly from: string; readonly to: string }

interface Steps {
  readonly fromMs: number
  readonly toMs: number
  readonly count: number
}

interface FigureRow {
  readonly bucket: number | null
  readonly calls: number
  readonly errors: number
  readonly rejected: number
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly input_tokens: string | null
  readonly output_tokens: string | null
  readonly cost_usd: string
  readonly unpriced: number
}

/** Figures over the matching calls. Sums of money are exact; percentiles interpolate as `percentile_cont` does. */
export async function callStats(scope: Scope, filter: StatsFilter, buckets: number): Promise<CallStats> {
  const steps = stepsOf(filter, buckets)
  const rows = await figures(scope, filter, steps)
  const total = rows.find((row) => row.bucket === null)
  const byBucket = new Map(rows.map((row) => [row.bucket, row]))
  return {
    total: {
      ...figuresOf(total),
      p99Ms: total?.p99 ?? 0,
      unpriced: total?.unpriced ?? 0,
      ...(await shadowFigures(scope, filter)),
    },
    buckets: Array.from({ length: steps.count }, (_, index) => ({
      at: startOf(steps, index),
      ...figuresOf(byBucket.get(index)),
    })),
    topApis: await top(scope, filter, { id: 'api_id', name: 'api' }),
    topApplications: await top(scope, filter, { id: 'application_id', name: 'application' }),
    topModels: await topModels(scope, filter),
  }
}

function stepsOf(filter: StatsFilter, buckets: number): Steps {
  const fromMs = Date.parse(filter.from)
  const toMs = Date.parse(filter.to)
  if (!(fromMs < toMs)) {
    throw new GatewayError('validation_failed', { errors: [{ path: '/from', message: 'must be a time before `to`' }] })
  }
  if (!Number.isInteger(buckets) || buckets < 1 || buckets > MAX_BUCKETS) {
    throw new GatewayError('validation_failed', {
      errors: [{ path: '/buckets', message: `must be 1 to ${MAX_BUCKETS}` }],
    })
  }
  return { fromMs, toMs, count: buckets }
}

/** First millisecond that falls into the bucket. */
function startOf({ fromMs, toMs, count }: Steps, index: number): string {
  return new Date(fromMs + Math.ceil((index * (toMs - fromMs)) / count)).toISOString()
}

function figuresOf(row: FigureRow | undefined): Omit<CallBucket, 'at'> {
  return {
    calls: row?.calls ?? 0,
    errors: row?.errors ?? 0,
    rejected: row?.rejected ?? 0,
    p50Ms: row?.p50 ?? 0,
    p95Ms: row?.p95 ?? 0,
    inputTokens: Number(row?.input_tokens ?? 0),
    outputTokens: Number(row?.output_tokens ?? 0),
    costUsd: row?.cost_usd ?? '0',
  }
}

/** Milliseconds are whole numbers below 2^53 here, so the division floors exactly where a bucket begins. */
async function figures(scope: Scope, filter: StatsFilter, steps: Steps): Promise<readonly FigureRow[]> {
  const offset = sql`extract(epoch from started_at)::double precision * 1000 - ${steps.fromMs}::double precision`
  const width = sql`${steps.toMs - steps.fromMs}::double precision`
  const found = await sql<FigureRow>`
    with matching as (
      select *, floor(round(${offset}) * ${steps.count}::double precision / ${width})::integer as bucket
      from calls where ${callsWhere(scope, filter)}
    )
    select bucket,
      count(*) as calls,
      count(*) filter (where status >= 500) as errors,
      count(*) filter (where status between 400 and 499) as rejected,
      percentile_cont(0.5) within group (order by duration_ms) as p50,
      percentile_cont(0.95) within group (order by duration_ms) as p95,
      percentile_cont(0.99) within group (order by duration_ms) as p99,
      sum(input_tokens) as input_tokens,
      sum(output_tokens) as output_tokens,
      trim_scale(coalesce(sum(cost_usd), 0))::text as cost_usd,
      count(*) filter (where kind = 'ai' and cost_usd is null) as unpriced
    from matching group by grouping sets ((bucket), ())
  `.execute(scope.db)
  return found.rows
}

async function top(scope: Scope, filter: StatsFilter, column: { readonly id: string; readonly name: string }) {
  const [id, name] = [sql.ref(column.id), sql.ref(column.name)]
  const found = await sql<{ id: string; name: string | null; calls: number }>`
    select ${id} as id, max(${name}) as name, count(*) as calls
    from calls where ${callsWhere(scope, filter)} and ${id} is not null
    group by ${id} order by calls desc, ${id} limit ${TOP}
  `.execute(scope.db)
  return found.rows.map((row) => ({ id: row.id, name: row.name ?? row.id, calls: row.calls }))
}

async function topModels(scope: Scope, filter: StatsFilter): Promise<CallStats['topModels']> {
  const found = await sql<{ name: string; calls: number; cost: string }>`
    select model as name, count(*) as calls, trim_scale(coalesce(sum(cost_usd), 0))::text as cost
    from calls where ${callsWhere(scope, filter)} and model is not null
    group by model order by calls desc, model limit ${TOP}
  `.execute(scope.db)
  return found.rows.map((row) => ({ name: row.name, calls: row.calls, costUsd: row.cost }))
}

async function shadowFigures(scope: Scope, filter: StatsFilter) {
  const found = await sql<{ calls: number; cost: string }>`
    select count(*) as calls, trim_scale(coalesce(sum(cost_usd), 0))::text as cost
    from calls where ${callsWhere(scope, { ...filter, isShadow: true })}
  `.execute(scope.db)
  const [row] = found.rows
  return { shadowCalls: row?.calls ?? 0, shadowCostUsd: row?.cost ?? '0' }
}
