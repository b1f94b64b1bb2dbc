import { userInfo } from 'node:os'
import type { Logger } from '@konnect/contract'
import pg from 'pg'
import type { Engine, Session } from './engine.ts'
import { faultOf } from './fault.ts'
import { parseValue } from './values.ts'

/** Longest a single statement may take on the server before it cancels it. */
export const STATEMENT_TIMEOUT_MS = 30_000
const CONNECT_TIMEOUT_MS = 5_000
const POOL_SIZE = 10

/** Client-side limit for a server that stopped answering altogether; later than the server's own. */
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000

/** Pooled connections to a PostgreSQL server. Lost connections are replaced with the next use. */
export function createServerEngine(databaseUrl: string, logger: Logger): Engine {
  // As libpq does for a URL without a user name; pg only looks at $USER, which services often lack.
  pg.defaults.user ??= userInfo().username
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 60_000,
    query_timeout: ANSWER_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'konnect',
    types: { getTypeParser: (oid: number) => (text: string) => parseValue(oid, text) },
  })
  // An idle connection that dies is no fault of a caller; unheard, the event would end the process.
  pool.on('error', (error) => logger.warn({ error }, 'idle database connection lost'))
  return {
    acquire: async () => {
      try {
        return sessionOver(await pool.connect())
      } catch (error) {
        throw faultOf(error)
      }
    },
    close: () => pool.end(),
  }
}

function sessionOver(client: pg.PoolClient): Session {
  // A connection may die between two statements; the next statement reports it.
  const ignore = () => {}
  client.on('error', ignore)
  return {
    run: async (sql, parameters) => {
      const result = await client.query<Record<string, unknown>>(sql, [...parameters])
      return { rows: result.rows, affected: result.rowCount ?? 0 }
    },
    release: (isBroken) => {
      client.removeListener('error', ignore)
      client.release(isBroken)
    },
  }
}
