import { type Lease, type LimitDecision, type LimitRule, type StateStore, StateUnavailable } from '@konnect/contract'
import { isReplyBatch, type StateChannel, type StateOperation, type StateReply, type StateRequest } from './channel.ts'
import { Pending } from './pending.ts'

export interface ParentStateOptions {
  /** Longest wait for an answer. Default 250. */
  readonly timeoutMs?: number
}

/**
 * {@link StateStore} of a worker whose parent holds the state; see `serveParentState`.
 *
 * All requests of one turn of the event loop travel in one message. Every call settles within `timeoutMs`: with the
 * answer, or with StateUnavailable when the parent is slow or gone.
 */
export function createParentState(channel: StateChannel, options: ParentStateOptions = {}): StateStore {
  const link = new ParentLink(channel, options.timeoutMs ?? 250)
  const leaseOf = (id: string): Lease => {
    let isHeld = true
    return {
      id,
      async extend(ttlMs) {
        if (isHeld) await link.ask('extend', id, ttlMs)
      },
      async release() {
        if (!isHeld) return
        isHeld = false
        await link.ask('release', id)
      },
    }
  }
  return {
    driver: 'parent',
    take: (key: string, rule: LimitRule, cost = 1) => link.ask('take', key, rule, cost) as Promise<LimitDecision>,
    async lease(key, limit, ttlMs) {
      const id = (await link.ask('lease', key, limit, ttlMs)) as string | null
      return id === null ? null : leaseOf(id)
    },
    get: async (key) => ((await link.ask('get', key)) as string | null) ?? undefined,
    set: async (key, value, ttlMs) => void (await link.ask('set', key, value, ttlMs)),
    delete: async (key) => void (await link.ask('delete', key)),
    increment: (key, amount, ttlMs) => link.ask('increment', key, amount, ttlMs) as Promise<number>,
    close: async () => link.close('The shared state was closed'),
  }
}

class ParentLink {
  readonly #channel: StateChannel
  readonly #pending: Pending
  #outgoing: StateRequest[] = []
  #flush: NodeJS.Immediate | undefined
  #closedBecause: string | undefined
  readonly #leasing = new Set<number>()

  constructor(channel: StateChannel, timeoutMs: number) {
    this.#channel = channel
    this.#pending = new Pending(timeoutMs)
    channel.onMessage((message) => {
      if (isReplyBatch(message)) for (const reply of message.replies) this.#hear(reply)
    })
    channel.onClose(() => this.close('The parent process is gone'))
  }

  ask(operation: StateOperation, ...args: unknown[]): Promise<unknown> {
    if (this.#closedBecause !== undefined) return Promise.reject(new StateUnavailable(this.#closedBecause))
    return this.#pending.wait((id) => {
      if (operation === 'lease') this.#leasing.add(id)
      this.#outgoing.push([id, operation, ...args])
      this.#flush ??= setImmediate(this.#send)
    })
  }

  close(reason: string): void {
    if (this.#closedBecause !== undefined) return
    this.#closedBecause = reason
    clearImmediate(this.#flush)
    this.#outgoing = []
    this.#leasing.clear()
    this.#pending.failAll(reason)
  }

  readonly #send = (): void => {
    const requests = this.#outgoing
    this.#outgoing = []
    this.#flush = undefined
    try {
      this.#channel.send({ konnect: 'state-requests', requests })
    } catch (cause) {
      const error = new StateUnavailable('The parent process cannot be reached', { cause })
      for (const [id] of requests) this.#pending.settle(id, error, undefined)
    }
  }

  #hear([id, errorName, value]: StateReply): void {
    const isLease = this.#leasing.delete(id)
    const error = errorName === null ? undefined : errorOf(errorName, String(value))
    const isAwaited = this.#pending.settle(id, error, value)
    // The place came after its deadline: nobody would ever give it back.
    if (isLease && !isAwaited && typeof value === 'string' && error === undefined) this.#giveBack(value)
  }

  #giveBack(leaseId: string): void {
    this.ask('release', leaseId).catch(() => {
      // The parent frees the place at the end of its time, or when this process ends.
    })
  }
}

function errorOf(name: string, message: string): Error {
  if (name === 'RangeError') return new RangeError(message)
  if (name === 'TypeError') return new TypeError(message)
  return new StateUnavailable(message)
}
