import { GatewayError } from '@konnect/contract'

/** What the database said when it refused a statement. */
export interface FaultFacts {
  readonly message: string
  /** SQLSTATE (PostgreSQL appendix A); absent when the database did not answer at all. */
  readonly sqlState?: string
  readonly constraint?: string
  readonly cause?: unknown
}

/** A statement that failed, before a repository or the store gives it a meaning. */
export class DatabaseFault extends Error {
  override readonly name = 'DatabaseFault'
  readonly sqlState: string | undefined
  readonly constraint: string | undefined

  constructor(facts: FaultFacts) {
    super(facts.message, { cause: facts.cause })
    this.sqlState = facts.sqlState
    this.constraint = facts.constraint
  }
}

/** SQLSTATEs that repositories give a meaning of their own. */
export const SQL_STATE = {
  foreignKey: '23503',
  unique: '23505',
  checkViolation: '23514',
  insufficientPrivilege: '42501',
  restrict: '23001',
} as const

/** Reads the facts from whatever `pg` or PGlite threw. */
export function faultOf(error: unknown): DatabaseFault {
  if (error instanceof DatabaseFault) return error
  const message = error instanceof Error ? error.message || error.name : String(error)
  return new DatabaseFault({ message, cause: error, ...sqlFacts(error) })
}

function sqlFacts(error: unknown): { sqlState?: string; constraint?: string } {
  if (typeof error !== 'object' || error === null) return {}
  const { code, constraint } = error as { code?: unknown; constraint?: unknown }
  const isSqlState = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)
  return {
    ...(isSqlState ? { sqlState: code } : {}),
    ...(typeof constraint === 'string' ? { constraint } : {}),
  }
}

/** The row of the error table that a fault surfaces as when no repository knew better. */
export function gatewayErrorOf(fault: DatabaseFault): GatewayError {
  const state = fault.sqlState ?? ''
  const options = { reason: state === '' ? fault.message : `${fault.message} (SQLSTATE ${state})`, cause: fault }
  if (state === SQL_STATE.insufficientPrivilege) return new GatewayError('permission_denied', options)
  if (state === SQL_STATE.unique) return new GatewayError('name_taken', options)
  if (state.startsWith('22') || state === SQL_STATE.foreignKey) return new GatewayError('validation_failed', options)
  if (state.startsWith('42')) return new GatewayError('internal_error', options)
  return new GatewayError('database_unavailable', options)
}
