/** A way for messages between a worker and its parent, in order and structured-cloneable; the application provides it. */
export interface StateChannel {
  /**
   * May throw when the other side is gone. A failure that shows later is the application's to catch: `process.send` and
   * `child.send` emit `error` unless they are given a callback.
   */
  send(message: unknown): void
  onMessage(listen: (message: unknown) => void): void
  /** The other side is gone for good. */
  onClose(listen: () => void): void
}

/** Operations that cross the channel, with their arguments in order. */
export type StateOperation = 'take' | 'lease' | 'extend' | 'release' | 'get' | 'set' | 'delete' | 'increment'

/** `[id, operation, ...arguments]` */
export type StateRequest = readonly [id: number, operation: StateOperation, ...args: unknown[]]

/** `[id, null, value]`, or `[id, name of the error, message]`. */
export type StateReply = readonly [id: number, error: string | null, value: unknown]

/** All requests of one turn of a worker's event loop. */
export interface StateRequestBatch {
  readonly konnect: 'state-requests'
  readonly requests: readonly StateRequest[]
}

export interface StateReplyBatch {
  readonly konnect: 'state-replies'
  readonly replies: readonly StateReply[]
}

/** True for a batch of requests; a channel may carry other messages as well. */
export const isRequestBatch = (message: unknown): message is StateRequestBatch => kindOf(message) === 'state-requests'

/** True for a batch of replies. */
export const isReplyBatch = (message: unknown): message is StateReplyBatch => kindOf(message) === 'state-replies'

const kindOf = (message: unknown): unknown =>
  typeof message === 'object' && message !== null && 'konnect' in message ? message.konnect : undefined
