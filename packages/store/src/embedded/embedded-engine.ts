import type { Engine, EngineResult, Session } from '../database/engine.ts'
import { DatabaseFault } from '../database/fault.ts'
import { parseValue, type WireParameter } from '../database/values.ts'
import { Turnstile } from './turnstile.ts'
import { type WorkerAnswer, WorkerLink } from './worker-link.ts'

/** The embedded PostgreSQL: one session, used by one transaction at a time. */
export interface EmbeddedEngine extends Engine {
  /** Copies the database between two transactions and writes the copy into `folder`; resolves with its file name. */
  backUp(folder: string, stamp: string): Promise<string>
  /** Grows with every statement that may have written. */
  readonly writes: number
}

/**
 * Speaks to the database in `databaseFolder` over an opened thread; a thread that died is replaced with the next use.
 * `tidied` names tables, separated by commas, that are vacuumed before each backup.
 */
export function createEmbeddedEngine(databaseFolder: string, opened: WorkerLink, tidied = ''): EmbeddedEngine {
  const turnstile = new Turnstile()
  let link = opened
  let writes = 0
  let isClosed = false

  const aliveLink = async (): Promise<WorkerLink> => {
    if (isClosed) throw new DatabaseFault({ message: 'the store is closed' })
    if (!link.isAlive) link = await WorkerLink.start({ folder: databaseFolder })
    return link
  }

  const inTurn = async <T>(work: (alive: WorkerLink) => Promise<T>): Promise<T> => {
    const leave = await turnstile.enter()
    try {
      return await work(await aliveLink())
    } finally {
      leave()
    }
  }

  const acquire = async (): Promise<Session> => {
    const leave = await turnstile.enter()
    try {
      return sessionOver(await aliveLink(), leave)
    } catch (error) {
      leave()
      throw error
    }
  }

  const sessionOver = (alive: WorkerLink, leave: () => void): Session => ({
    run: async (sql, parameters: readonly WireParameter[]) => {
      const result = resultOf(await alive.ask({ kind: 'query', sql, parameters }))
      if (result.affected > 0) writes += 1
      return result
    },
    release: leave,
  })

  return {
    acquire,
    get writes() {
      return writes
    },
    backUp: async (folder, stamp) => {
      const dumped = await inTurn(async (alive) => {
        // No autovacuum runs here. Calls are only ever added and dropped, so they need none.
        if (tidied.length > 0) await alive.ask({ kind: 'query', sql: `vacuum (analyze) ${tidied}`, parameters: [] })
        await alive.ask({ kind: 'dump' })
        return alive
      })
      return (await dumped.ask({ kind: 'backup', folder, stamp })).name ?? ''
    },
    close: async () => {
      if (isClosed) return
      await inTurn(async (alive) => {
        await alive.ask({ kind: 'close' })
        await alive.terminate()
        isClosed = true
      })
    },
  }
}

function resultOf(answer: WorkerAnswer): EngineResult {
  const fields = answer.fields ?? []
  const rows = (answer.rows ?? []).map((row) =>
    Object.fromEntries(
      fields.map((field, at) => {
        const text = row[at] ?? null
        return [field.name, text === null ? null : parseValue(field.dataTypeID, text)]
      }),
    ),
  )
  return { rows, affected: answer.affected ?? 0 }
}
