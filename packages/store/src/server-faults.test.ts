import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { GatewayError, silentLogger } from '@konnect/contract'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeOf } from './conformance/fixture.ts'
import { createTestDatabase, findTestServer } from './conformance/test-server.ts'
import { createServerEngine } from './database/server-engine.ts'
import { prepare } from './migrations/prepare.ts'
import { openStore } from './open-store.ts'
import { transact } from './postgres-store.ts'

/** A road to the server that can be cut and mended. */
async function roadTo(url: string) {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  let isOpen = true
  const road = createServer((client) => {
    if (!isOpen) return client.destroy()
    const server = connect(Number(target.port || 5432), target.hostname)
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(from)
      from.on('error', () => {})
      from.on('close', () => to.destroy())
      from.pipe(to)
    }
  })
  road.listen(0, '127.0.0.1')
  await once(road, 'listening')
  const detour = new URL(url)
  detour.hostname = '127.0.0.1'
  detour.port = String((road.address() as AddressInfo).port)
  const cut = () => {
    isOpen = false
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  return {
    url: detour.href,
    cut,
    mend: () => {
      isOpen = true
    },
    close: async () => {
      cut()
      road.close()
      await once(road, 'close')
    },
  }
}

const server = await findTestServer()

it('a server that does not answer is reported as unavailable', async () => {
  const error = await openStore({ databaseUrl: 'postgres://u@127.0.0.1:1/none', logger: silentLogger }).catch(
    (failure: unknown) => failure,
  )
  expect(error).toBeInstanceOf(GatewayError)
  expect(error).toMatchObject({ code: 'database_unavailable' })
  expect((error as GatewayError).cause).toBeInstanceOf(Error)
})

describe.skipIf(server.url === undefined)(`a server at fault (${server.absence ?? 'reachable'})`, () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  beforeAll(async () => {
    database = await createTestDatabase(server.url ?? '')
  })
  afterAll(() => database.drop())

  it('out of reach is unavailable, and serves again as soon as it is back', async () => {
    const road = await roadTo(database.url)
    const store = await openStore({ databaseUrl: road.url, logger: silentLogger })
    try {
      await store.ping()
      road.cut()
      for (let attempt = 0; attempt < 3; attempt += 1) expect(await codeOf(store.ping())).toBe('database_unavailable')
      expect(await codeOf(store.asSystem((tx) => tx.settings.get('x')))).toBe('database_unavailable')
      road.mend()
      expect(await codeOf(store.ping())).toBe('resolved')
    } finally {
      await store.close()
      await road.close()
    }
  })

  it('lost in the middle of a transaction undoes it, and the next one works', async () => {
    const road = await roadTo(database.url)
    const store = await openStore({ databaseUrl: road.url, logger: silentLogger })
    try {
      const torn = store.asSystem(async (tx) => {
        await tx.settings.set('torn', 'yes')
        road.cut()
        await tx.settings.set('torn', 'still')
      })
      expect(await codeOf(torn)).toBe('database_unavailable')
      road.mend()
      expect(await store.asSystem((tx) => tx.settings.get('torn'))).toBeUndefined()
    } finally {
      await store.close()
      await road.close()
    }
  })

  it('cancels a statement that takes too long, and the connection stays usable', async () => {
    const engine = createServerEngine(database.url, silentLogger)
    const prepared = await prepare(engine)
    const slow = transact(prepared, null, async ({ db }) => {
      await sql`select set_config('statement_timeout', '20', true)`.execute(db)
      await sql`select pg_sleep(30)`.execute(db)
    })
    expect(await codeOf(slow)).toBe('database_unavailable')
    expect(await transact(prepared, null, async ({ db }) => (await sql`select 1 as one`.execute(db)).rows)).toEqual([
      { one: 1 },
    ])
    await engine.close()
  })

  it('is migrated once when several start at the same time', async () => {
    const fresh = await createTestDatabase(server.url ?? '')
    const open = () => openStore({ databaseUrl: fresh.url, logger: silentLogger })
    const outcomes = await Promise.allSettled([open(), open(), open()])
    const stores = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    try {
      expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled'])
      for (const store of stores) expect(await store.asSystem((tx) => tx.resources.count('tenant'))).toBe(1)
    } finally {
      await Promise.all(stores.map((store) => store.close()))
      await fresh.drop()
    }
  })
})
