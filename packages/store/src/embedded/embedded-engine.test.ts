import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmbeddedEngine, type EmbeddedEngine } from './embedded-engine.ts'
import { WorkerLink } from './worker-link.ts'

const parent = mkdtempSync(join(tmpdir(), 'konnect-engine-'))
const folder = join(parent, 'database')
let link: WorkerLink
let engine: EmbeddedEngine

beforeAll(async () => {
  link = await WorkerLink.start({ folder })
  engine = createEmbeddedEngine(folder, link)
})

afterAll(async () => {
  await engine.close()
  rmSync(parent, { recursive: true, force: true })
})

async function ask(statement: string): Promise<readonly Record<string, unknown>[]> {
  const session = await engine.acquire()
  try {
    return (await session.run(statement, [])).rows
  } finally {
    session.release(false)
  }
}

describe('the embedded engine', { timeout: 60_000 }, () => {
  it('gives its one session to one user at a time, in the order of asking', async () => {
    const first = await engine.acquire()
    const order: string[] = []
    const later = ['second', 'third'].map(async (name) => {
      const session = await engine.acquire()
      order.push(name)
      session.release(false)
    })
    order.push('first')
    first.release(false)
    await Promise.all(later)
    expect(order).toEqual(['first', 'second', 'third'])
  })

  it('reports what the database refuses with its SQLSTATE, and goes on', async () => {
    await expect(ask('select nonsense')).rejects.toMatchObject({ name: 'DatabaseFault', sqlState: '42703' })
    expect(await ask('select 1 as one')).toEqual([{ one: 1 }])
  })

  it('does not keep the event loop waiting while a statement runs', async () => {
    let turns = 0
    const timer = setInterval(() => {
      turns += 1
    }, 5)
    await ask('select count(*) from generate_series(1, 1000000)')
    clearInterval(timer)
    expect(turns).toBeGreaterThan(3)
  })

  it('fails the statements of a thread that died, and starts another that has all committed data', async () => {
    await ask('create table kept (id int)')
    await ask('insert into kept values (7)')
    const outstanding = expect(ask('select pg_sleep(60)')).rejects.toMatchObject({ name: 'DatabaseFault' })
    await link.terminate()
    await outstanding
    expect(await ask('select id from kept')).toEqual([{ id: 7 }])
  })
})
