import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '@konnect/contract'
import { Migrator, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newAiHalf, newCall } from '../conformance/fixture.ts'
import { databaseOver } from '../database/dialect.ts'
import { type Embedded, openEmbedded } from '../embedded/open-embedded.ts'
import { postgresStore } from '../postgres-store.ts'
import { foundation } from './001-foundation.ts'
import { ensureAppRole } from './app-role.ts'
import { prepare } from './prepare.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'konnect-upgrade-'))
let embedded: Embedded
beforeAll(async () => {
  embedded = await openEmbedded({ dataDir, logger: silentLogger })
})
afterAll(async () => {
  await embedded.close()
  rmSync(dataDir, { recursive: true, force: true })
})

/** The schema of the first version with one day of calls and a call in it, owned as that version made it. */
async function makeFirstVersion(call: ReturnType<typeof newCall>): Promise<void> {
  const db = databaseOver(embedded.engine)
  const role = await ensureAppRole(db)
  await db.connection().execute(async (connection) => {
    if (role !== null) await sql`set role ${sql.id(role)}`.execute(connection)
    const provider = { getMigrations: async () => ({ '001-foundation': foundation }) }
    expect((await new Migrator({ db: connection, provider }).migrateToLatest()).error).toBeUndefined()
    await sql`select set_config('konnect.system', 'on', false)`.execute(connection)
    await sql`create table calls_20260131 partition of calls for values from ('2026-01-31') to ('2026-02-01')`.execute(
      connection,
    )
    await sql`
      insert into calls (id, tenant_id, started_at, kind, model, method, path, status, duration_ms, document)
      values (${call.id}, 'default', ${call.startedAt}, 'ai', 'assistant', 'POST', '/', 200, 5, ${call})
    `.execute(connection)
    await sql`select set_config('konnect.system', 'off', false)`.execute(connection)
    await sql`reset role`.execute(connection)
  })
}

describe('an installation of the first version', () => {
  it('keeps its calls, and has figures of them and of new ones', async () => {
    const former = newCall('default', { kind: 'ai', ai: newAiHalf() })
    await makeFirstVersion(former)
    const prepared = await prepare(embedded.engine)
    const store = postgresStore({ ...prepared, kind: 'embedded', close: () => Promise.resolve() })
    const later = newCall('default', { kind: 'ai', ai: newAiHalf({ version: 'v1' }) })
    expect(await store.asSystem((tx) => tx.calls.insert([later]))).toBe(1)
    expect(await store.asTenant('default', (tx) => tx.calls.get(former.id))).toEqual(former)
    const range = { model: 'assistant', from: '2026-01-31T00:00:00Z', to: '2026-02-01T00:00:00Z' }
    expect(await store.asTenant('default', (tx) => tx.calls.versions(range))).toMatchObject([
      { version: '', isShadow: false, calls: 1, p50Ms: 5 },
      { version: 'v1', isShadow: false, calls: 1 },
    ])
  })
})
