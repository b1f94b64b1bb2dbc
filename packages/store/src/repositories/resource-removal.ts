import { DEFAULT_TENANT, type FieldFault, GatewayError } from '@konnect/contract'
import { sql } from 'kysely'
import { DatabaseFault, SQL_STATE } from '../database/fault.ts'
import type { Scope } from './scope.ts'

/** At most so many users of a resource are named in the error. */
const NAMED_USERS = 20

interface User {
  readonly kind: string
  readonly name: string
}

/**
 * Removes a resource and everything below it. References from inside the removed part do not count.
 * Throws GatewayError `resource_not_found`, and `in_use` with one fault for each user.
 */
export async function removeResource(scope: Scope, id: string): Promise<void> {
  if (id === DEFAULT_TENANT) throw new GatewayError('in_use', { detail: 'The default tenant always exists.' })
  const subtree = await lockSubtree(scope, id)
  if (subtree.length === 0) throw new GatewayError('resource_not_found', { reason: `no resource ${id}` })
  const ids = JSON.stringify(subtree)
  const users = await usersOf(scope, ids)
  if (users.length > 0) throw inUse(users)
  try {
    await sql`
      delete from resource_references where from_id in (select jsonb_array_elements_text(${ids}::jsonb))
    `.execute(scope.db)
    await scope.db.deleteFrom('resources').where('id', '=', id).execute()
  } catch (error) {
    // Someone else's transaction began to refer to it meanwhile.
    if (isForeignKeyFault(error)) throw new GatewayError('in_use', { cause: error })
    throw error
  }
}

async function lockSubtree(scope: Scope, id: string): Promise<readonly string[]> {
  const found = await sql<{ id: string }>`
    with recursive subtree as (
      select id from resources
      where id = ${id} and (${scope.readTenant}::text is null or tenant_id = ${scope.readTenant})
      union all
      select child.id from resources child join subtree on child.parent_id = subtree.id
    )
    select id from resources where id in (select id from subtree) order by id for update
  `.execute(scope.db)
  return found.rows.map((row) => row.id)
}

/** Resources outside the subtree that refer into it, and what a tenant in it still owns. */
async function usersOf(scope: Scope, ids: string): Promise<readonly User[]> {
  const found = await sql<User>`
    with removed as (select jsonb_array_elements_text(${ids}::jsonb) as id)
    select resources.kind, resources.name from resources
    where resources.id not in (select id from removed)
      and (
        resources.id in (select from_id from resource_references where to_id in (select id from removed))
        or resources.tenant_id in (select id from removed)
      )
    order by resources.kind, resources.name, resources.id
    limit ${NAMED_USERS}
  `.execute(scope.db)
  return found.rows
}

function inUse(users: readonly User[]): GatewayError {
  const errors: FieldFault[] = users.map((user) => ({ path: '', message: `${user.kind} ${user.name} refers to it` }))
  return new GatewayError('in_use', { errors })
}

function isForeignKeyFault(error: unknown): boolean {
  if (!(error instanceof DatabaseFault)) return false
  return error.sqlState === SQL_STATE.foreignKey || error.sqlState === SQL_STATE.restrict
}
