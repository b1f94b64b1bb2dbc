import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely'
import type { Engine, Session } from './engine.ts'
import { DatabaseFault, faultOf } from './fault.ts'
import type { Database } from './tables.ts'
import { encodeParameter } from './values.ts'

class SessionConnection implements DatabaseConnection {
  readonly session: Session
  isBroken = false

  constructor(session: Session) {
    this.session = session
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    try {
      const result = await this.session.run(query.sql, query.parameters.map(encodeParameter))
      return { rows: result.rows as R[], numAffectedRows: BigInt(result.affected) }
    } catch (error) {
      const fault = faultOf(error)
      if (fault.sqlState === undefined || fault.sqlState.startsWith('57P')) this.isBroken = true
      throw fault
    }
  }

  // biome-ignore lint/correctness/useYield: the interface asks for a generator, and nothing here streams
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new DatabaseFault({ message: 'streaming is not supported' })
  }
}

class EngineDriver implements Driver {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return new SessionConnection(await this.#engine.acquire())
  }

  async beginTransaction(connection: DatabaseConnection, _settings: TransactionSettings): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin'))
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'))
  }

  /** Never throws: the error that led here is the one to report, and a session that cannot roll back is thrown away. */
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await connection.executeQuery(CompiledQuery.raw('rollback'))
    } catch {
      if (connection instanceof SessionConnection) connection.isBroken = true
    }
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    if (connection instanceof SessionConnection) connection.session.release(connection.isBroken)
  }

  async destroy(): Promise<void> {
    await this.#engine.close()
  }
}

/** The query builder over either engine; destroying it closes the engine. */
export function databaseOver(engine: Engine): Kysely<Database> {
  const dialect: Dialect = {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new EngineDriver(engine),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
  return new Kysely<Database>({ dialect })
}
