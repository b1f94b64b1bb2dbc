import { silentLogger } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { storeConformance } from './conformance/conformance.ts'
import { createTestDatabase, findTestServer } from './conformance/test-server.ts'
import { createServerEngine } from './database/server-engine.ts'
import { prepare } from './migrations/prepare.ts'
import { postgresStore } from './postgres-store.ts'

const server = await findTestServer()

if (server.url === undefined) {
  describe.skip(`the server store (${server.absence})`, () => {
    it('keeps its guarantees', () => expect.unreachable())
  })
} else {
  const { url } = server
  storeConformance('the server store', async () => {
    const database = await createTestDatabase(url)
    const engine = createServerEngine(database.url, silentLogger)
    const prepared = await prepare(engine)
    const close = async () => {
      await engine.close()
      await database.drop()
    }
    return { prepared, store: postgresStore({ ...prepared, kind: 'server', close }) }
  })
}
