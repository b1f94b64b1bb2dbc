import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '@konnect/contract'
import { afterAll } from 'vitest'
import { storeConformance } from './conformance/conformance.ts'
import { openEmbedded } from './embedded/open-embedded.ts'
import { prepare } from './migrations/prepare.ts'
import { postgresStore } from './postgres-store.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'konnect-store-'))

storeConformance('the embedded store', async () => {
  const embedded = await openEmbedded({ dataDir, logger: silentLogger })
  const prepared = await prepare(embedded.engine)
  return { prepared, store: postgresStore({ ...prepared, kind: 'embedded', close: () => embedded.close() }) }
})

afterAll(() => rmSync(dataDir, { recursive: true, force: true }))
