import { type Call, type CallRepository, GatewayError } from '@konnect/contract'
import { sql } from 'kysely'
import { jsonText, storableText } from '../database/values.ts'
import { callsOfTenant, callsWhere } from './call-conditions.ts'
import { dropPartitions, ensurePartitions } from './call-partitions.ts'
import { dropRatings, rate, ratings } from './call-ratings.ts'
import { callStats } from './call-stats.ts'
import { comparisons, versionFigures } from './call-versions.ts'
import { decodeCursor, encodeCursor, pageOf, pageSize } from './cursor.ts'
import type { Scope } from './scope.ts'

const ORDER = 'calls'

/** Calls of a scope, kept in one partition a day (UTC). */
export function callRepository(scope: Scope): CallRepository {
  return {
    insert: (calls) => insert(scope, calls),
    get: async (id) => {
      const found = await sql<{ document: Call }>`
        select document from calls where id = ${id} and ${callsOfTenant(scope)} limit 1
      `.execute(scope.db)
      return found.rows[0]?.document
    },
    search: (filter, page) => search(scope, filter, page),
    versions: (range) => versionFigures(scope, range),
    comparisons: (range, page) => comparisons(scope, range, page),
    rate: (rating) => rate(scope, rating),
    ratings: (callId) => ratings(scope, callId),
    stats: (filter, buckets) => callStats(scope, filter, buckets),
    expire: async (before) => {
      if (scope.readTenant !== null) {
        throw new GatewayError('permission_denied', { reason: 'partitions hold the calls of every tenant' })
      }
      await dropRatings(scope, before)
      return dropPartitions(scope, before)
    },
  }
}

async function insert(scope: Scope, calls: readonly Call[]): Promise<number> {
  if (calls.length === 0) return 0
  refuseUnstorable(calls)
  await ensurePartitions(
    scope,
    calls.map((call) => call.startedAt),
  )
  const result = await sql`
    insert into calls (
      id, tenant_id, started_at, kind, api_id, api, application_id, application, model, provider, method, path, status,
      error_code, duration_ms, input_tokens, output_tokens, cost_usd, version, shadow_of, first_token_ms, document
    )
    select * from json_to_recordset(${jsonText(calls.map(recordOf))}::json) as call (
      id text, tenant_id text, started_at timestamptz, kind text, api_id text, api text, application_id text,
      application text, model text, provider text, method text, path text, status integer, error_code text,
      duration_ms double precision, input_tokens bigint, output_tokens bigint, cost_usd numeric, version text,
      shadow_of text, first_token_ms double precision, document json
    )
    on conflict do nothing
  `.execute(scope.db)
  return Number(result.numAffectedRows ?? 0n)
}

/** A call without a time or an id has no place to go. Names each, so that a shipper can set it aside. */
function refuseUnstorable(calls: readonly Call[]): void {
  const errors = calls.flatMap((call, at) => {
    const faults: { path: string; message: string }[] = []
    if (!isStorableTime(call.startedAt)) faults.push({ path: `/${at}/startedAt`, message: 'must be an ISO 8601 time' })
    if (typeof call.id !== 'string' || call.id === '') faults.push({ path: `/${at}/id`, message: 'must not be empty' })
    return faults
  })
  if (errors.length > 0) throw new GatewayError('validation_failed', { errors })
}

const STORABLE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/

/**
 * Years of four digits only; a clock that is further off than that is broken. Milliseconds at the finest: the database
 * would round what is finer, perhaps into the next day and out of its partition.
 */
function isStorableTime(text: string): boolean {
  return typeof text === 'string' && STORABLE_TIME.test(text) && !Number.isNaN(Date.parse(text))
}

function recordOf(call: Call): Record<string, unknown> {
  const { ai } = call
  return {
    id: call.id,
    tenant_id: call.tenantId,
    started_at: call.startedAt,
    kind: call.kind,
    api_id: call.apiId,
    api: call.api,
    application_id: call.applicationId,
    application: call.application,
    model: ai?.model ?? null,
    provider: ai?.provider ?? null,
    method: call.method,
    path: storableText(call.path),
    status: call.status,
    error_code: call.errorCode,
    duration_ms: call.durationMs,
    input_tokens: ai?.usage?.inputTokens ?? null,
    output_tokens: ai?.usage?.outputTokens ?? null,
    cost_usd: ai?.costUsd ?? null,
    version: ai?.version ?? null,
    shadow_of: ai?.shadowOf ?? null,
    first_token_ms: ai?.firstTokenMs ?? null,
    document: call,
  }
}

async function search(scope: Scope, ...[filter, page]: Parameters<CallRepository['search']>) {
  const limit = pageSize(page.limit)
  const after = page.cursor === undefined ? undefined : decodeCursor(ORDER, page.cursor)
  const beyond = after === undefined ? sql`true` : sql`(started_at, id) < (${after.value}::timestamptz, ${after.id})`
  const found = await sql<{ document: Call; at: string }>`
    select document, started_at as at from calls where ${callsWhere(scope, filter)} and ${beyond}
    order by started_at desc, id desc limit ${limit + 1}
  `.execute(scope.db)
  const rows = pageOf(found.rows, limit, (last) => encodeCursor(ORDER, { value: last.at, id: last.document.id }))
  return { items: rows.items.map((row) => row.document), nextCursor: rows.nextCursor }
}
