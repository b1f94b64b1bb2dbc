// The embedded database's thread. Plain JavaScript on purpose: a worker starts from a file of its own, both from the
// sources and beside the bundled program, so nothing may have to be translated first. The protocol is in engine.ts.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { parentPort, workerData } from 'node:worker_threads'
import { gzip } from 'node:zlib'
import { PGlite, types } from '@electric-sql/pglite'

const compress = promisify(gzip)

const identity = (value) => value
const asText = Object.fromEntries(
  [...Object.values(types).filter(Number.isInteger), ...Object.keys(types.parsers ?? {})].map((oid) => [oid, identity]),
)
const options = { rowMode: 'array', parsers: asText, serializers: asText }

/** Opens the folder; a new or restored one is prepared aside and moved into place whole, so that no half of it stays. */
async function openDatabase({ folder, restoreFrom }) {
  if (!existsSync(folder)) {
    const draft = `${folder}.draft`
    await rm(draft, { recursive: true, force: true })
    const loadDataDir =
      restoreFrom === undefined ? undefined : new Blob([await readFile(restoreFrom)], { type: 'application/gzip' })
    const preparing = await PGlite.create({ dataDir: draft, loadDataDir, relaxedDurability: false })
    await preparing.query('select 1')
    await preparing.close()
    await rename(draft, folder)
    await syncFolder(dirname(folder))
  }
  return PGlite.create({ dataDir: folder, relaxedDurability: false })
}

async function syncFolder(folder) {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A consistent copy of the files as they are now; compressed and written later, while statements run again. */
async function takeDump(database) {
  await database.exec('checkpoint')
  return Buffer.from(await (await database.dumpDataDir('none')).arrayBuffer())
}

/** Writes a dump whose name carries its own SHA-256, so that a half-written or altered one is recognised. */
async function backUp(tar, { folder, stamp }) {
  const dump = await compress(tar, { level: 1 })
  const digest = createHash('sha256').update(dump).digest('hex')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const name = `${stamp}.${digest}.tar.gz`
  const draft = join(folder, `${name}.draft`)
  const handle = await open(draft, 'w', 0o600)
  try {
    await handle.writeFile(dump)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(draft, join(folder, name))
  await syncFolder(folder)
  return name
}

const faultFacts = (error) => ({
  message: error?.message ?? String(error),
  ...(typeof error?.code === 'string' ? { code: error.code } : {}),
  ...(typeof error?.constraint === 'string' ? { constraint: error.constraint } : {}),
})

let takenDump = Buffer.alloc(0)

async function answer(database, { id, kind, ...request }) {
  try {
    if (kind === 'query') {
      const { rows, fields, affectedRows } = await database.query(request.sql, request.parameters, options)
      parentPort.postMessage({ id, rows, fields, affected: affectedRows ?? 0 })
    } else if (kind === 'dump') {
      takenDump = await takeDump(database)
      parentPort.postMessage({ id })
    } else if (kind === 'backup') {
      const tar = takenDump
      takenDump = Buffer.alloc(0)
      parentPort.postMessage({ id, name: await backUp(tar, request) })
    } else {
      await database.close()
      parentPort.postMessage({ id })
    }
  } catch (error) {
    parentPort.postMessage({ id, fault: faultFacts(error) })
    // Without a SQLSTATE it was not PostgreSQL that refused but its machine that broke; a new thread starts clean.
    if (kind === 'query' && typeof error?.code !== 'string') process.exit(1)
  }
}

try {
  const database = await openDatabase(workerData)
  parentPort.on('message', (request) => answer(database, request))
  parentPort.postMessage({ id: 0 })
} catch (error) {
  parentPort.postMessage({ id: 0, fault: faultFacts(error) })
}
