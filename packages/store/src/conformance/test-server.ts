import { randomBytes } from 'node:crypto'
import { userInfo } from 'node:os'
import pg from 'pg'

const DEFAULT_URL = 'postgres://127.0.0.1:5432/test'
const PROBE_TIMEOUT_MS = 2_000

/** A PostgreSQL server that tests may make databases on, or why there is none. */
export type TestServer =
  | { readonly url: string; readonly absence?: undefined }
  | { readonly url?: undefined; readonly absence: string }

/** Looks for the server of `KONNECT_TEST_DATABASE_URL`, or else a local one. Says on the console when there is none. */
export async function findTestServer(): Promise<TestServer> {
  const url = process.env.KONNECT_TEST_DATABASE_URL ?? DEFAULT_URL
  try {
    await command(url, 'select 1')
    return { url }
  } catch (error) {
    const reason = error instanceof Error ? error.message || error.name : String(error)
    const absence = `no PostgreSQL at ${new URL(url).host}: ${reason}`
    console.warn(`Tests on a server are skipped: ${absence}`)
    return { absence }
  }
}

/** A database of its own on the server. */
export async function createTestDatabase(url: string): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const name = `konnect_test_${randomBytes(6).toString('hex')}`
  await command(url, `create database ${name}`)
  const own = new URL(url)
  own.pathname = `/${name}`
  return { url: own.href, drop: () => command(url, `drop database if exists ${name} with (force)`) }
}

async function command(url: string, sql: string): Promise<void> {
  pg.defaults.user ??= userInfo().username
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: PROBE_TIMEOUT_MS })
  try {
    await client.connect()
    await client.query(sql)
  } finally {
    await client.end()
  }
}
