import type { WireParameter } from './values.ts'

/** Rows of one statement, values parsed. */
export interface EngineResult {
  readonly rows: readonly Record<string, unknown>[]
  /** Rows written, for statements that write. */
  readonly affected: number
}

/** One connection, held by one user at a time. Every failure is a `DatabaseFault`. */
export interface Session {
  run(sql: string, parameters: readonly WireParameter[]): Promise<EngineResult>
  /** Gives the connection back; a broken one is thrown away. */
  release(isBroken: boolean): void
}

/** A PostgreSQL that answers statements: a server's pool, or the embedded one. */
export interface Engine {
  acquire(): Promise<Session>
  close(): Promise<void>
}
