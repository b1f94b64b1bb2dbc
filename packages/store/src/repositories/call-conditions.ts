import type { CallFilter } from '@konnect/contract'
import { type RawBuilder, sql } from 'kysely'
import type { Scope } from './scope.ts'

type Condition = RawBuilder<boolean>
type Conditions = { readonly [K in keyof CallFilter]-?: (value: string | number | boolean) => Condition }

/** One condition for each field of a filter; a field that is missing here does not compile. */
const CONDITIONS: Conditions = {
  from: (value) => sql<boolean>`started_at >= ${value}::timestamptz`,
  to: (value) => sql<boolean>`started_at < ${value}::timestamptz`,
  kind: (value) => sql<boolean>`kind = ${value}`,
  apiId: (value) => sql<boolean>`api_id = ${value}`,
  applicationId: (value) => sql<boolean>`application_id = ${value}`,
  model: (value) => sql<boolean>`model = ${value}`,
  version: (value) => sql<boolean>`version = ${value}`,
  isShadow: (value) => (value === true ? sql<boolean>`shadow_of is not null` : sql<boolean>`shadow_of is null`),
  provider: (value) => sql<boolean>`provider = ${value}`,
  status: (value) => sql<boolean>`status = ${value}`,
  statusClass: (value) => sql<boolean>`status / 100 = ${value}`,
  errorCode: (value) => sql<boolean>`error_code = ${value}`,
  method: (value) => sql<boolean>`method = ${value}`,
  text: (value) => sql<boolean>`(
    position(lower(${value}) in lower(path)) > 0
    or position(lower(${value}) in lower(id)) > 0
    or position(lower(${value}) in lower(coalesce(application, ''))) > 0
  )`,
  minDurationMs: (value) => sql<boolean>`duration_ms >= ${value}`,
}

/** What a call must satisfy: the scope's tenant, everything that the filter names, and being a client's unless it says. */
export const callsWhere = (scope: Scope, filter: CallFilter): Condition =>
  everyCallWhere(scope, { isShadow: false, ...filter })

/** As {@link callsWhere}, with calls that were made for comparison among them. */
export function everyCallWhere(scope: Scope, filter: CallFilter): Condition {
  const conditions = Object.entries(CONDITIONS).flatMap(([field, condition]) => {
    const value = filter[field as keyof CallFilter]
    return value === undefined ? [] : [condition(value)]
  })
  return sql<boolean>`${sql.join([callsOfTenant(scope), ...conditions], sql` and `)}`
}

/** The tenant of the scope, whose calls are looked at. */
export const callsOfTenant = ({ readTenant }: Scope): Condition =>
  readTenant === null ? sql<boolean>`true` : sql<boolean>`tenant_id = ${readTenant}`
