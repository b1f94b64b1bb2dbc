import { DEFAULT_TENANT } from '@konnect/contract'
import type { Transaction } from 'kysely'
import type { Database } from '../database/tables.ts'

/** One transaction, and whose rows a repository works on. */
export interface Scope {
  readonly db: Transaction<Database>
  /** Only rows of this tenant are read; null: every row the transaction can see. */
  readonly readTenant: string | null
  /** New rows belong to this tenant. */
  readonly writeTenant: string
}

/** What belongs to the installation as a whole is kept with the default tenant. */
export const INSTALLATION_TENANT = DEFAULT_TENANT
