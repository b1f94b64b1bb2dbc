import { GatewayError, type Rating } from '@konnect/contract'
import { sql } from 'kysely'
import { storableText } from '../database/values.ts'
import { callsOfTenant } from './call-conditions.ts'
import type { Scope } from './scope.ts'

const DAY_MS = 86_400_000

/** Keeps a rating, in place of an earlier one of the same rater. Throws GatewayError `resource_not_found`. */
export async function rate(scope: Scope, rating: Rating): Promise<void> {
  const comment = rating.comment === null ? null : storableText(rating.comment)
  // The call says whose it is, so that nobody rates for another tenant.
  const result = await sql`
    insert into call_ratings (tenant_id, call_id, started_at, rater, score, comment, at)
    select tenant_id, id, started_at, ${rating.rater}::text, ${rating.score}::double precision, ${comment}::text,
      ${rating.at}::timestamptz
    from calls where id = ${rating.callId} and ${callsOfTenant(scope)} limit 1
    on conflict (tenant_id, call_id, rater)
      do update set score = excluded.score, comment = excluded.comment, at = excluded.at
  `.execute(scope.db)
  if (Number(result.numAffectedRows ?? 0n) === 0) throw new GatewayError('resource_not_found')
}

/** Ratings of a call, newest first. */
export async function ratings(scope: Scope, callId: string): Promise<readonly Rating[]> {
  const found = await sql<Omit<Rating, 'callId'>>`
    select score, comment, rater, at from call_ratings where call_id = ${callId} and ${callsOfTenant(scope)}
    order by at desc, rater
  `.execute(scope.db)
  return found.rows.map((row) => ({ callId, ...row }))
}

/** Drops the ratings of calls of the days that end at or before `before`. */
export async function dropRatings(scope: Scope, before: string): Promise<void> {
  const day = new Date(Math.floor(Date.parse(before) / DAY_MS) * DAY_MS).toISOString()
  await sql`delete from call_ratings where started_at < ${day}::timestamptz`.execute(scope.db)
}
