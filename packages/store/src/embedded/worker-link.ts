import { Worker } from 'node:worker_threads'
import { DatabaseFault, faultOf } from '../database/fault.ts'
import type { WireParameter } from '../database/values.ts'

/** What the thread is asked to do. */
export type WorkerRequest =
  | { readonly kind: 'query'; readonly sql: string; readonly parameters: readonly WireParameter[] }
  /** Takes a copy of the database, for the `backup` that follows. */
  | { readonly kind: 'dump' }
  | { readonly kind: 'backup'; readonly folder: string; readonly stamp: string }
  | { readonly kind: 'close' }

/** What it answers; which fields are there depends on the request. */
export interface WorkerAnswer {
  readonly id: number
  readonly rows?: readonly (readonly (string | null)[])[]
  readonly fields?: readonly { readonly name: string; readonly dataTypeID: number }[]
  readonly affected?: number
  /** File name of a finished backup. */
  readonly name?: string
  readonly fault?: { readonly message: string; readonly code?: string; readonly constraint?: string }
}

/** How the thread starts. */
export interface WorkerStart {
  /** The database's own folder. */
  readonly folder: string
  /** A backup to start from when the folder does not exist. */
  readonly restoreFrom?: string
}

interface Waiter {
  resolve(answer: WorkerAnswer): void
  reject(fault: DatabaseFault): void
}

/** The file the thread runs. It lies beside this module in the sources, and must lie beside the bundled program. */
const WORKER_URL = new URL('./embedded-worker.mjs', import.meta.url)

/** One running database thread. Everything that is outstanding when it dies is rejected. */
export class WorkerLink {
  readonly #worker: Worker
  readonly #waiters = new Map<number, Waiter>()
  #nextId = 1
  #death: DatabaseFault | undefined

  private constructor(start: WorkerStart) {
    this.#worker = new Worker(WORKER_URL, { workerData: start, name: 'konnect-database', execArgv: [] })
    this.#worker.on('message', (answer: WorkerAnswer) => this.#settle(answer))
    this.#worker.on('error', (error) => this.#die(faultOf(error).message))
    this.#worker.on('exit', (code) => this.#die(`the embedded database's thread ended (${code})`))
  }

  /** Resolves when the database is open. Throws `DatabaseFault` when it cannot be opened. */
  static async start(start: WorkerStart): Promise<WorkerLink> {
    const link = new WorkerLink(start)
    try {
      await link.#answerTo(0)
      return link
    } catch (error) {
      await link.terminate()
      throw error
    }
  }

  get isAlive(): boolean {
    return this.#death === undefined
  }

  /** Sends a request and waits for its answer. Throws `DatabaseFault`. */
  ask(request: WorkerRequest): Promise<WorkerAnswer> {
    if (this.#death !== undefined) return Promise.reject(this.#death)
    const id = this.#nextId++
    const answer = this.#answerTo(id)
    this.#worker.postMessage({ id, ...request })
    return answer
  }

  /** Ends the thread without closing the database. */
  async terminate(): Promise<void> {
    await this.#worker.terminate()
  }

  #answerTo(id: number): Promise<WorkerAnswer> {
    return new Promise((resolve, reject) => this.#waiters.set(id, { resolve, reject }))
  }

  #settle(answer: WorkerAnswer): void {
    const waiter = this.#waiters.get(answer.id)
    this.#waiters.delete(answer.id)
    if (answer.fault === undefined) waiter?.resolve(answer)
    else waiter?.reject(faultOf(Object.assign(new Error(answer.fault.message), answer.fault)))
  }

  #die(message: string): void {
    this.#death ??= new DatabaseFault({ message })
    for (const waiter of this.#waiters.values()) waiter.reject(this.#death)
    this.#waiters.clear()
  }
}
