import type { AuditEvent, AuditRepository } from '@konnect/contract'
import { type Selectable, sql } from 'kysely'
import type { AuditEventTable } from '../database/tables.ts'
import { jsonText } from '../database/values.ts'
import { decodeCursor, encodeCursor, pageOf, pageSize } from './cursor.ts'
import type { Scope } from './scope.ts'

const ORDER = 'audit'

const eventOf = (row: Selectable<AuditEventTable>): AuditEvent => ({
  id: row.id,
  tenantId: row.tenant_id,
  at: row.at,
  actor: row.actor,
  action: row.action,
  kind: row.kind,
  resourceId: row.resource_id,
  resourceName: row.resource_name,
  change: row.change,
  clientIp: row.client_ip,
})

/** Audit events of a scope. */
export function auditRepository(scope: Scope): AuditRepository {
  return {
    append: async (event) => {
      await scope.db
        .insertInto('audit_events')
        .values({
          id: event.id,
          tenant_id: event.tenantId,
          at: event.at,
          actor: event.actor,
          action: event.action,
          kind: event.kind,
          resource_id: event.resourceId,
          resource_name: event.resourceName,
          change: jsonText(event.change),
          client_ip: event.clientIp,
        })
        .execute()
    },
    list: (query) => list(scope, query),
  }
}

async function list(scope: Scope, query: Parameters<AuditRepository['list']>[0]) {
  const limit = pageSize(query.limit)
  let select = scope.db.selectFrom('audit_events').selectAll()
  if (scope.readTenant !== null) select = select.where('tenant_id', '=', scope.readTenant)
  if (query.kind !== undefined) select = select.where('kind', '=', query.kind)
  if (query.resourceId !== undefined) select = select.where('resource_id', '=', query.resourceId)
  if (query.cursor !== undefined) {
    const after = decodeCursor(ORDER, query.cursor)
    select = select.where(sql<boolean>`(at, id) < (${after.value}, ${after.id})`)
  }
  const rows = await select
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  return pageOf(rows.map(eventOf), limit, (last) => encodeCursor(ORDER, { value: last.at, id: last.id }))
}
