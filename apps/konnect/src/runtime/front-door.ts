import type { ChildProcess } from 'node:child_process'
import { createServer, type Server, type Socket } from 'node:net'
import { GatewayError } from '@konnect/contract'
import { type ConnectionMessage, isConnectionMessage } from './child-message.ts'

/** Connections that wait while no worker is ready; more are turned away. */
const MAX_WAITING = 1_024

interface Waiting {
  readonly socket: Socket
  readonly isSecure: boolean
}

/** A connection that was handed to a worker which has not said yet that it has it. */
interface Handed extends Waiting {
  /** It left this process, so the worker may have read from it. */
  isSent: boolean
}

/**
 * The listening sockets of the gateway. They belong to the parent, so that no connection is refused while workers come
 * and go; each accepted connection is handed to the next worker in turn, unread, and waits while there is none.
 */
export class FrontDoor {
  readonly #servers: Server[] = []
  readonly #workers: ChildProcess[] = []
  readonly #waiting: Waiting[] = []
  readonly #handed = new Map<ChildProcess, Map<number, Handed>>()
  #next = 0
  #lastId = 0

  /** Listens; resolves with the port. Rejects with `invalid_request` when it cannot have it. */
  listen(port: number, host: string, isSecure: boolean): Promise<number> {
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) =>
      this.#hand({ socket, isSecure }),
    )
    this.#servers.push(server)
    return new Promise((resolve, reject) => {
      server.once('error', (cause) =>
        reject(
          new GatewayError('invalid_request', {
            detail: `The gateway cannot listen on ${host}:${port}: ${cause.message}`,
            cause,
          }),
        ),
      )
      server.listen({ port, host, backlog: 4_096 }, () => {
        // From now on a failed accept costs that connection only.
        server.removeAllListeners('error').on('error', () => undefined)
        const address = server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : port)
      })
    })
  }

  /** A worker is ready for connections, until it says that it is finishing or ends. */
  attach(worker: ChildProcess): void {
    this.#workers.push(worker)
    this.#handed.set(worker, new Map())
    worker.on('message', (message) => {
      if (!isConnectionMessage(message)) return
      this.#handed.get(worker)?.get(message.id)?.socket.destroy()
      this.#handed.get(worker)?.delete(message.id)
    })
    for (const waiting of this.#waiting.splice(0)) this.#hand(waiting)
  }

  /** The worker takes no more connections; what it was handed is still its own. */
  detach(worker: ChildProcess): void {
    const at = this.#workers.indexOf(worker)
    if (at !== -1) this.#workers.splice(at, 1)
  }

  /** The worker is gone. What never reached it goes to another; what it may have read from is broken off. */
  abandon(worker: ChildProcess): void {
    this.detach(worker)
    const handed = [...(this.#handed.get(worker)?.values() ?? [])]
    this.#handed.delete(worker)
    for (const one of handed) {
      if (one.isSent) one.socket.destroy()
      else this.#hand(one)
    }
  }

  /** Stops listening. Connections that were handed over are their workers' concern. */
  close(): void {
    for (const { socket } of this.#waiting.splice(0)) socket.destroy()
    for (const server of this.#servers) server.close()
  }

  /**
   * The socket stays open here as well until the worker says that it has it: Node keeps connections for a process that
   * died in a queue that nobody empties.
   */
  #hand({ socket, isSecure }: Waiting): void {
    const worker = this.#workers[this.#next++ % Math.max(1, this.#workers.length)]
    if (worker === undefined) {
      this.#wait({ socket, isSecure })
      return
    }
    const id = ++this.#lastId
    const handed: Handed = { socket, isSecure, isSent: false }
    this.#handed.get(worker)?.set(id, handed)
    const message: ConnectionMessage = { konnect: 'connection', id, isSecure }
    worker.send(message, socket, { keepOpen: true }, () => {
      handed.isSent = true
    })
  }

  #wait(waiting: Waiting): void {
    if (this.#waiting.length < MAX_WAITING) this.#waiting.push(waiting)
    else waiting.socket.destroy()
  }
}
