import type { Lease, LimitRule, MaybePromise, StateStore } from '@konnect/contract'
import { isRequestBatch, type StateChannel, type StateReply, type StateRequest } from './channel.ts'

/** The parent's end of its workers' shared state. */
export interface ParentStateServer {
  /** Answers a worker until its channel closes; then every place that it holds is given back. */
  attach(channel: StateChannel): void
  /** Workers that are attached now. */
  readonly workers: number
}

/** Lets workers use `state`, normally a `createMemoryState()` of the parent; see `createParentState`. */
export function serveParentState(state: StateStore): ParentStateServer {
  const sessions = new Set<WorkerSession>()
  return {
    get workers() {
      return sessions.size
    },
    attach(channel) {
      const session = new WorkerSession(state, channel)
      sessions.add(session)
      channel.onMessage((message) => {
        if (isRequestBatch(message)) session.answer(message.requests)
      })
      channel.onClose(() => {
        sessions.delete(session)
        session.end()
      })
    },
  }
}

interface HeldLease {
  readonly lease: Lease
  expiresAtMs: number
}

const FIRST_SWEEP_SIZE = 1024

class WorkerSession {
  readonly #state: StateStore
  readonly #channel: StateChannel
  readonly #leases = new Map<string, HeldLease>()
  #sweepSize = FIRST_SWEEP_SIZE
  #isEnded = false

  constructor(state: StateStore, channel: StateChannel) {
    this.#state = state
    this.#channel = channel
  }

  /** Answers at once what needs no waiting, in one message; the rest as it comes. */
  answer(requests: readonly StateRequest[]): void {
    const replies: StateReply[] = []
    for (const request of requests) {
      const [id] = request
      try {
        const value = this.#run(request)
        if (value instanceof Promise) this.#replyLater(id, value)
        else replies.push([id, null, value ?? null])
      } catch (error) {
        replies.push(failureOf(id, error))
      }
    }
    if (replies.length > 0) this.#reply(replies)
  }

  end(): void {
    this.#isEnded = true
    for (const { lease } of this.#leases.values()) free(lease)
    this.#leases.clear()
  }

  #run([, operation, ...args]: StateRequest): MaybePromise<unknown> {
    const [key, second, third] = args as [string, never, never]
    switch (operation) {
      case 'take':
        return this.#state.take(key, second as LimitRule, third as number)
      case 'lease':
        return this.#lease(key, second, third)
      case 'extend':
        return this.#extend(key, second)
      case 'release':
        return this.#release(key)
      case 'get':
        return this.#state.get(key)
      case 'set':
        return this.#state.set(key, second, third)
      case 'delete':
        return this.#state.delete(key)
      case 'increment':
        return this.#state.increment(key, second, third)
      default:
        throw new TypeError(`Unknown operation ${String(operation)}`)
    }
  }

  #lease(key: string, limit: number, ttlMs: number): MaybePromise<string | null> {
    const lease = this.#state.lease(key, limit, ttlMs)
    return lease instanceof Promise ? lease.then((found) => this.#keep(found, ttlMs)) : this.#keep(lease, ttlMs)
  }

  #keep(lease: Lease | null, ttlMs: number): string | null {
    if (lease === null) return null
    if (this.#isEnded) {
      free(lease)
      return null
    }
    const nowMs = performance.now()
    if (this.#leases.size >= this.#sweepSize) this.#sweep(nowMs)
    this.#leases.set(lease.id, { lease, expiresAtMs: nowMs + ttlMs })
    return lease.id
  }

  #extend(id: string, ttlMs: number): MaybePromise<void> {
    const held = this.#leases.get(id)
    if (held === undefined) return undefined
    held.expiresAtMs = performance.now() + ttlMs
    return held.lease.extend(ttlMs)
  }

  #release(id: string): MaybePromise<void> {
    const held = this.#leases.get(id)
    this.#leases.delete(id)
    return held?.lease.release()
  }

  #sweep(nowMs: number): void {
    for (const [id, { expiresAtMs }] of this.#leases) if (expiresAtMs <= nowMs) this.#leases.delete(id)
    this.#sweepSize = Math.max(FIRST_SWEEP_SIZE, this.#leases.size * 2)
  }

  #replyLater(id: number, value: Promise<unknown>): void {
    value.then(
      (answer) => this.#reply([[id, null, answer ?? null]]),
      (error) => this.#reply([failureOf(id, error)]),
    )
  }

  #reply(replies: StateReply[]): void {
    if (this.#isEnded) return
    try {
      this.#channel.send({ konnect: 'state-replies', replies })
    } catch {
      // The worker is going away; onClose follows and frees what it holds.
    }
  }
}

const failureOf = (id: number, error: unknown): StateReply =>
  error instanceof Error ? [id, error.name, error.message] : [id, 'Error', String(error)]

function free(lease: Lease): void {
  try {
    Promise.resolve(lease.release()).catch(() => {
      // A store that is out of reach frees the place at the end of its time.
    })
  } catch {
    // As above, for a store that answers synchronously.
  }
}
