import { describeError } from '../cli/describe.ts'

/** Everything a child process needs; sent over IPC, because arguments and environment are readable by others. */
export interface ChildOptions {
  readonly masterKey: string
  readonly dataFolder: string
  readonly logLevel: string
  readonly node: string
  readonly gateway: {
    readonly port: number
    readonly host: string
    readonly tls: { readonly port: number; readonly cert: string; readonly key: string } | null
    readonly trustedProxies: readonly string[]
    readonly workers: number
    readonly redisUrl: string | null
    readonly region: string | null
    readonly spoolBytes: number
    readonly controlUrl: string
  }
  readonly control: {
    readonly port: number
    readonly host: string
    readonly databaseUrl: string | null
    readonly retentionDays: number
    readonly gatewayUrl: string
    readonly admin: {
      readonly email: string | null
      readonly password: string | null
      readonly apiToken: string | null
    }
    /** Declarative files to apply at start: the operator's, or the sample's on a first start. */
    readonly config: StartConfig | null
    /** Applied only when nothing was ever configured. */
    readonly sample: StartConfig | null
  } | null
}

/** A declarative file with the environment that its `${env:NAME}` are read from. */
export interface StartConfig {
  readonly file: string
  readonly text: string
  readonly env: Readonly<Record<string, string>>
}

/** What parent and child say to each other, besides shared state. */
export type ChildMessage =
  | { readonly konnect: 'ready' }
  | { readonly konnect: 'options'; readonly options: ChildOptions }
  | { readonly konnect: 'shutdown' }
  /** A gateway worker takes connections, or wants no more; what it was handed until `detached` is still its own. */
  | { readonly konnect: 'accepting'; readonly is: boolean }
  /** The parent's answer to a worker that wants no more connections: none follows. */
  | { readonly konnect: 'detached' }
  | { readonly konnect: 'listening'; readonly url: string }
  | { readonly konnect: 'setup'; readonly token: string | null; readonly hasSample: boolean }
  | { readonly konnect: 'failed'; readonly message: string }

/**
 * Comes with a socket from the parent to a worker, which answers with the same message once it has the connection. A
 * socket never travels back: the process that received it may have read from it.
 */
export interface ConnectionMessage {
  readonly konnect: 'connection'
  readonly id: number
  readonly isSecure: boolean
}

export const isConnectionMessage = (message: unknown): message is ConnectionMessage =>
  typeof message === 'object' && message !== null && 'konnect' in message && message.konnect === 'connection'

/** Reads a message of ours; undefined for any other. */
export function childMessage(message: unknown): ChildMessage | undefined {
  if (typeof message !== 'object' || message === null || !('konnect' in message)) return undefined
  return isConnectionMessage(message) || String(message.konnect).startsWith('state-')
    ? undefined
    : (message as ChildMessage)
}

/** Sends a message to the parent; without one (the process was started by hand) nothing happens. */
export function tellParent(message: ChildMessage): void {
  if (process.connected) process.send?.(message)
}

/** In a child: asks for its options, once it listens for them, and waits. */
export function receiveOptions(): Promise<ChildOptions> {
  return new Promise((resolve) => {
    const listen = (message: unknown) => {
      const ours = childMessage(message)
      if (ours?.konnect !== 'options') return
      process.off('message', listen)
      resolve(ours.options)
    }
    process.on('message', listen)
    tellParent({ konnect: 'ready' })
  })
}

/**
 * In a child: runs `close` once when the parent asks for it or is gone, then ends the process. Signals of the terminal
 * reach the whole process group, so they are left to the parent.
 */
export function closeWithParent(close: () => Promise<void>): void {
  let isClosing = false
  const end = () => {
    if (isClosing) return
    isClosing = true
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('message', (message) => {
    if (childMessage(message)?.konnect === 'shutdown') end()
  })
  process.on('disconnect', end)
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', end)
}

/** In a child: tells the parent why it cannot go on, and ends the process once the message has left. */
export function failToParent(error: unknown): void {
  const message: ChildMessage = { konnect: 'failed', message: describeError(error).join('\n') }
  if (process.connected) process.send?.(message, undefined, undefined, () => process.exit(1))
  else process.exit(1)
}
