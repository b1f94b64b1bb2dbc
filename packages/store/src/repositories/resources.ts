import {
  GatewayError,
  type NewResource,
  type ResourceKind,
  type ResourceQuery,
  type ResourceRepository,
  type ResourceRow,
} from '@konnect/contract'
import { type Expression, type Selectable, type SqlBool, sql } from 'kysely'
import { DatabaseFault, SQL_STATE } from '../database/fault.ts'
import type { ResourceTable } from '../database/tables.ts'
import { jsonText } from '../database/values.ts'
import { decodeCursor, encodeCursor, pageOf, pageSize } from './cursor.ts'
import { removeResource } from './resource-removal.ts'
import type { Scope } from './scope.ts'

type Row = Selectable<ResourceTable>

const rowOf = (row: Row): ResourceRow => ({
  id: row.id,
  tenantId: row.tenant_id,
  kind: row.kind,
  parentId: row.parent_id,
  name: row.name,
  spec: row.spec,
  revision: row.revision,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

const notFound = (id: string) => new GatewayError('resource_not_found', { reason: `no resource ${id}` })

/** Resources within a scope. */
export function resourceRepository(scope: Scope): ResourceRepository {
  return {
    get: async (id) => {
      const row = await visible(scope).where('id', '=', id).executeTakeFirst()
      return row === undefined ? undefined : rowOf(row)
    },
    findByName: (kind, name, parentId) => findByName(scope, kind, name, parentId ?? null),
    list: (query) => list(scope, query),
    count: (kind) => count(scope, kind),
    all: async () => {
      const rows = await visible(scope)
        .orderBy('kind')
        .orderBy(sql`coalesce(parent_id, '')`)
        .orderBy('name')
        .orderBy('id')
        .execute()
      return rows.map(rowOf)
    },
    insert: (resource) => insert(scope, resource),
    update: (id, change) => update(scope, id, change),
    remove: (id) => removeResource(scope, id),
    usedBy: (id) => usedBy(scope, id),
  }
}

function visible(scope: Scope) {
  const every = scope.db.selectFrom('resources').selectAll('resources')
  return scope.readTenant === null ? every : every.where('resources.tenant_id', '=', scope.readTenant)
}

/** Without a tenant in scope, several may hold the name; the default tenant's comes first, then the oldest. */
async function findByName(scope: Scope, kind: ResourceKind, name: string, parentId: string | null) {
  const row = await visible(scope)
    .where('kind', '=', kind)
    .where('name', '=', name)
    .where(sql`coalesce(parent_id, '')`, '=', parentId ?? '')
    .orderBy(sql`tenant_id <> ${scope.writeTenant}`)
    .orderBy('created_at')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? undefined : rowOf(row)
}

async function count(scope: Scope, kind: ResourceKind): Promise<number> {
  const row = await visible(scope)
    .clearSelect()
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('kind', '=', kind)
    .executeTakeFirstOrThrow()
  return row.count
}

async function list(scope: Scope, query: ResourceQuery) {
  const limit = pageSize(query.limit)
  const order = query.sort ?? 'name'
  const isDescending = order.startsWith('-')
  const column = order.endsWith('updatedAt') ? 'updated_at' : 'name'
  const direction = isDescending ? 'desc' : 'asc'
  const conditions: Expression<SqlBool>[] = [sql<SqlBool>`kind = ${query.kind}`]
  if (query.parentId !== undefined) conditions.push(sql`parent_id = ${query.parentId}`)
  if (query.search !== undefined && query.search !== '') {
    conditions.push(sql`position(lower(${query.search}) in lower(name)) > 0`)
  }
  if (query.cursor !== undefined) {
    const after = decodeCursor(order, query.cursor)
    const beyond = sql.raw(isDescending ? '<' : '>')
    conditions.push(sql`(${sql.ref(column)}, id) ${beyond} (${after.value}, ${after.id})`)
  }
  const rows = await visible(scope)
    .where((eb) => eb.and(conditions))
    .orderBy(column, direction)
    .orderBy('id', direction)
    .limit(limit + 1)
    .execute()
  return pageOf(rows.map(rowOf), limit, (last) =>
    encodeCursor(order, { value: column === 'name' ? last.name : last.updatedAt, id: last.id }),
  )
}

async function insert(scope: Scope, resource: NewResource): Promise<ResourceRow> {
  const row = await naming('the parent or the tenant does not exist', () =>
    scope.db
      .insertInto('resources')
      .values({
        id: resource.id,
        tenant_id: scope.writeTenant,
        kind: resource.kind,
        parent_id: resource.parentId,
        name: resource.name,
        spec: jsonText(resource.spec),
      })
      // Not an error of the database, so that the transaction lives on.
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst(),
  )
  if (row === undefined) {
    throw new GatewayError('name_taken', { reason: `${resource.kind} ${resource.name} exists already` })
  }
  await writeReferences(scope, row, resource.references)
  return rowOf(row)
}

async function update(scope: Scope, id: string, change: Parameters<ResourceRepository['update']>[1]) {
  const expected = change.expectedRevision
  let statement = scope.db
    .updateTable('resources')
    .set({ spec: jsonText(change.spec), revision: sql`revision + 1`, updated_at: sql`now()` })
    .where('id', '=', id)
  if (scope.readTenant !== null) statement = statement.where('tenant_id', '=', scope.readTenant)
  if (expected !== undefined) statement = statement.where('revision', '=', expected)
  const row = await statement.returningAll().executeTakeFirst()
  if (row === undefined) {
    const stored = await visible(scope).where('id', '=', id).executeTakeFirst()
    if (stored === undefined) throw notFound(id)
    throw new GatewayError('revision_conflict', { reason: `expected ${expected}, stored ${stored.revision}` })
  }
  await scope.db.deleteFrom('resource_references').where('from_id', '=', id).execute()
  await writeReferences(scope, row, change.references)
  return rowOf(row)
}

async function writeReferences(scope: Scope, row: Row, references: readonly string[]): Promise<void> {
  const targets = [...new Set(references)]
  if (targets.length === 0) return
  await naming('a referred resource does not exist in this tenant', () =>
    scope.db
      .insertInto('resource_references')
      .values(targets.map((id) => ({ tenant_id: row.tenant_id, from_id: row.id, to_id: id })))
      .execute(),
  )
}

/** Turns a broken foreign key into a fault of the request. */
async function naming<T>(reason: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (!(error instanceof DatabaseFault) || error.sqlState !== SQL_STATE.foreignKey) throw error
    throw new GatewayError('validation_failed', { reason, cause: error })
  }
}

async function usedBy(scope: Scope, id: string): Promise<readonly ResourceRow[]> {
  const rows = await visible(scope)
    .innerJoin('resource_references', 'resource_references.from_id', 'resources.id')
    .where('resource_references.to_id', '=', id)
    .orderBy('resources.kind')
    .orderBy('resources.name')
    .orderBy('resources.id')
    .execute()
  return rows.map(rowOf)
}
