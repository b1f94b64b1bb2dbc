import { DEFAULT_TENANT, GatewayError, type Store, type StoreTransaction } from '@konnect/contract'
import { type Kysely, sql, type Transaction } from 'kysely'
import { DatabaseFault, gatewayErrorOf } from './database/fault.ts'
import { STATEMENT_TIMEOUT_MS } from './database/server-engine.ts'
import type { Database } from './database/tables.ts'
import { auditRepository } from './repositories/audit.ts'
import { callRepository } from './repositories/calls.ts'
import { identityRepository } from './repositories/identity.ts'
import { resourceRepository } from './repositories/resources.ts'
import type { Scope } from './repositories/scope.ts'
import { settingRepository } from './repositories/settings.ts'
import { snapshotRepository } from './repositories/snapshots.ts'

/** Whose rows a transaction sees: one tenant's, or with null every tenant's. */
type Viewer = string | null

/** A store over a migrated database. */
export interface PostgresStoreOptions {
  readonly kind: Store['kind']
  readonly db: Kysely<Database>
  /** The role each transaction assumes; null when the connecting role is held by row-level security itself. */
  readonly role: string | null
  close(): Promise<void>
}

/** The `Store` port over kysely; the engine beneath decides whether it is a server or embedded. */
export function postgresStore(options: PostgresStoreOptions): Store {
  const { kind, db, close } = options
  return {
    kind,
    asTenant: (tenantId, work) => transact(options, tenantId, (scope) => work(transactionOver(scope))),
    asSystem: (work) =>
      transact(options, null, (scope) =>
        work({
          ...transactionOver(scope),
          forTenant: (tenantId) => resourceRepository({ ...scope, readTenant: tenantId, writeTenant: tenantId }),
        }),
      ),
    ping: () =>
      translating(async () => {
        await sql`select 1`.execute(db)
      }),
    close,
  }
}

/** One transaction with the rights of a viewer. */
export function transact<T>(
  { db, role }: Pick<PostgresStoreOptions, 'db' | 'role'>,
  viewer: Viewer,
  work: (scope: Scope) => Promise<T>,
): Promise<T> {
  return translating(() =>
    db.transaction().execute(async (transaction) => {
      await assume(transaction, viewer, role)
      return work({ db: transaction, readTenant: viewer, writeTenant: viewer ?? DEFAULT_TENANT })
    }),
  )
}

function transactionOver(scope: Scope): StoreTransaction {
  return {
    resources: resourceRepository(scope),
    identity: identityRepository(scope),
    audit: auditRepository(scope),
    snapshots: snapshotRepository(scope),
    calls: callRepository(scope),
    settings: settingRepository(scope),
  }
}

/** All settings end with the transaction, so a pooled connection never carries one tenant's rights to another. */
async function assume(transaction: Transaction<Database>, viewer: Viewer, role: string | null): Promise<void> {
  const asRole = role === null ? sql`null` : sql`set_config('role', ${role}, true)`
  await sql`
    select ${asRole},
      set_config('konnect.tenant', ${viewer ?? ''}, true),
      set_config('konnect.system', ${viewer === null ? 'on' : 'off'}, true),
      set_config('statement_timeout', ${String(STATEMENT_TIMEOUT_MS)}, true)
  `.execute(transaction)
}

/** Gives faults of the database their row of the error table; everything else passes as it is. */
export async function translating<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof GatewayError || !(error instanceof DatabaseFault)) throw error
    throw gatewayErrorOf(error)
  }
}
