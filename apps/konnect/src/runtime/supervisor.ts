import { type ChildProcess, fork } from 'node:child_process'
import { resolve } from 'node:path'
import type { Logger } from '@konnect/contract'
import { createMemoryState, type ParentStateServer, serveParentState } from '@konnect/state'
import { type ChildMessage, type ChildOptions, childMessage, isConnectionMessage } from './child-message.ts'
import { FrontDoor } from './front-door.ts'

const FIRST_RESTART_MS = 50
const LAST_RESTART_MS = 5_000
/** A child that lived this long starts over with the shortest pause. */
const STABLE_AFTER_MS = 10_000
const END_WITHIN_MS = 15_000

export interface SupervisorOptions {
  readonly child: ChildOptions
  readonly hasGateway: boolean
  readonly logger: Logger
  readonly onMessage: (message: ChildMessage) => void
}

/** The processes of one `konnect` and their owner. */
export interface Supervisor {
  /** Asks every child to finish and waits for it; kills those that do not. */
  stop(): Promise<void>
}

/**
 * Starts the control plane and the gateway workers as processes of their own and replaces each that dies. The listening
 * sockets of the gateway belong to this process, so that no connection is refused while a worker is replaced. Rejects
 * when the gateway cannot listen.
 */
export async function startSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  const running = new RunningSupervisor(options)
  await running.start()
  return running
}

interface Child {
  readonly part: 'control' | 'gateway'
  send(message: ChildMessage): void
  kill(signal: NodeJS.Signals): void
  readonly exited: Promise<void>
}

class RunningSupervisor implements Supervisor {
  readonly #options: SupervisorOptions
  readonly #state: ParentStateServer
  readonly #children = new Set<Child>()
  readonly #door = new FrontDoor()
  readonly #restarts = new Set<NodeJS.Timeout>()
  #isStopping = false
  #child: ChildOptions

  constructor(options: SupervisorOptions) {
    this.#options = options
    this.#child = options.child
    this.#state = serveParentState(createMemoryState())
  }

  async start(): Promise<void> {
    const { child, hasGateway } = this.#options
    if (hasGateway) await this.#listen()
    if (child.control !== null) this.#keep('control', () => this.#forkControl(), FIRST_RESTART_MS)
    if (!hasGateway) return
    for (let index = 1; index <= child.gateway.workers; index++) {
      this.#keep(`gateway worker ${index}`, () => this.#forkWorker(index), FIRST_RESTART_MS)
    }
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    this.#door.close()
    for (const timer of this.#restarts) clearTimeout(timer)
    const killer = setTimeout(() => {
      for (const child of this.#children) child.kill('SIGKILL')
    }, END_WITHIN_MS)
    // Gateways first: while they finish, the control plane still takes their Calls.
    await this.#end('gateway')
    await this.#end('control')
    clearTimeout(killer)
  }

  async #listen(): Promise<void> {
    const { host, port, tls } = this.#options.child.gateway
    await this.#door.listen(port, host, false)
    if (tls !== null) await this.#door.listen(tls.port, host, true)
  }

  async #end(part: Child['part']): Promise<void> {
    const children = [...this.#children].filter((child) => child.part === part)
    for (const child of children) child.send({ konnect: 'shutdown' })
    await Promise.all(children.map((child) => child.exited))
  }

  /** Starts a child and starts it again, after a growing pause, whenever it ends by itself. */
  #keep(name: string, start: () => Child, pauseMs: number): void {
    const startedAt = Date.now()
    const child = start()
    this.#children.add(child)
    void child.exited.then(() => {
      this.#children.delete(child)
      if (this.#isStopping) return
      const isStable = Date.now() - startedAt > STABLE_AFTER_MS
      const next = isStable ? FIRST_RESTART_MS : pauseMs
      this.#options.logger.warn({ name, pauseMs: next }, 'A process ended unexpectedly and is replaced')
      const timer = setTimeout(() => {
        this.#restarts.delete(timer)
        this.#keep(name, start, Math.min(next * 2, LAST_RESTART_MS))
      }, next)
      this.#restarts.add(timer)
    })
  }

  /** A control plane that is replaced must not undo what was changed since the start. */
  #forgetStartConfig(): void {
    const { control } = this.#child
    if (control !== null) this.#child = { ...this.#child, control: { ...control, config: null, sample: null } }
  }

  #forkControl(): Child {
    return this.#adopt('control', fork(entryOf(), ['control-process'], { env: childEnvironment() }))
  }

  #forkWorker(index: number): Child {
    const worker = fork(entryOf(), ['gateway-worker'], {
      env: childEnvironment({ KONNECT_WORKER: String(index) }),
      execArgv: [...process.execArgv, ...COLLECTOR],
    })
    this.#state.attach(stateChannelOf(worker))
    worker.on('message', (message) => {
      const ours = childMessage(message)
      if (ours?.konnect !== 'accepting') return
      if (ours.is) this.#door.attach(worker)
      else {
        this.#door.detach(worker)
        worker.send({ konnect: 'detached' } satisfies ChildMessage, () => undefined)
      }
    })
    worker.once('exit', () => this.#door.abandon(worker))
    return this.#adopt('gateway', worker)
  }

  #adopt(part: Child['part'], child: ChildProcess): Child {
    child.on('message', (message) => {
      const ours = childMessage(message)
      if (ours === undefined) return
      if (ours.konnect === 'ready') child.send({ konnect: 'options', options: this.#child }, () => undefined)
      if (ours.konnect === 'setup') this.#forgetStartConfig()
      this.#options.onMessage(ours)
    })
    return {
      part,
      send(message) {
        if (child.connected) child.send(message, () => undefined)
      },
      kill: (signal) => child.kill(signal),
      exited: new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.once('error', () => resolve())
      }),
    }
  }
}

const stateChannelOf = (worker: ChildProcess) => ({
  send: (message: unknown) => {
    worker.send(message as object, () => undefined)
  },
  onMessage: (listener: (message: unknown) => void) => {
    worker.on('message', (message) => {
      if (childMessage(message) === undefined && !isConnectionMessage(message)) listener(message)
    })
  },
  onClose: (listener: () => void) => {
    worker.once('disconnect', listener)
  },
})

/**
 * What glibc's allocator needs so that it gives large blocks back when they are freed; without it the embedded database
 * leaves 100 MB and more behind that nobody uses.
 */
const ALLOCATOR = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '262144' }

/**
 * How V8 collects what requests leave behind. A young generation of 32 MB: what one request allocates is dead before a
 * collection comes to look at it. No pretenuring: V8 else takes what happened to be under way during a few collections
 * for long-lived, allocates its like in the old generation, and from there the garbage of every later request is kept
 * alive and copied, at a tenth of the CPU and pauses of 10 ms and more.
 */
const COLLECTOR = ['--max-semi-space-size=32', '--no-allocation-site-pretenuring']

const childEnvironment = (more: Readonly<Record<string, string>> = {}) => ({ ...ALLOCATOR, ...process.env, ...more })

/** The program's own entry: children run the same file. */
const entryOf = (): string => resolve(process.argv[1] ?? '')
