import { isCompleteJson } from '../json/complete.ts'
import type { WritableEvent } from './event.ts'

/** What belongs to the answer itself, and so has a place in its order. */
export type AnswerEvent = Exclude<WritableEvent, { type: 'error' | 'usage' | 'ping' }>

/** Events of one call, or of what came between two of them. */
interface Stretch {
  /** Which call; undefined for everything else. */
  readonly tool: number | undefined
  /** Events that wait for the stretches before. */
  readonly waiting: AnswerEvent[]
  arguments: string
  /** Nothing more will come. */
  isEnded: boolean
}

/**
 * Puts the events of an answer in an order in which calls never overlap, each with its end, for formats whose clients
 * count on that. Only the first call that is open goes out as it comes; what the vendor says meanwhile waits. A call has
 * ended when the vendor says so, or when something else waits and its arguments are a complete JSON value.
 */
export class CallSequence {
  readonly #queue: Stretch[] = []

  /** The events that can go out now that `event` has come. */
  take(event: AnswerEvent): AnswerEvent[] {
    switch (event.type) {
      case 'tool_start':
        this.#append(event.tool).waiting.push(event)
        return this.#flush()
      case 'tool_arguments':
        return this.#addArguments(event)
      case 'tool_end':
        return this.#end(event.tool)
      case 'finish':
      case 'done':
        return [...this.#endAll(), event]
      default:
        if (this.#queue.length === 0) return [event]
        this.#between().waiting.push(event)
        return this.#flush()
    }
  }

  #addArguments(event: AnswerEvent & { readonly type: 'tool_arguments' }): AnswerEvent[] {
    const stretch = this.#callOf(event.tool)
    if (stretch === undefined) return []
    stretch.arguments += event.text
    stretch.waiting.push(event)
    return this.#flush()
  }

  #end(tool: number): AnswerEvent[] {
    const stretch = this.#callOf(tool)
    if (stretch !== undefined) stretch.isEnded = true
    return this.#flush()
  }

  // Whether they are complete or cut off is for the reader of the finish to tell: the last one stays without its end.
  #endAll(): AnswerEvent[] {
    for (const stretch of this.#queue.slice(0, -1)) stretch.isEnded = true
    return this.#flush()
  }

  #callOf(tool: number): Stretch | undefined {
    return this.#queue.find((one) => one.tool === tool && !one.isEnded)
  }

  #between(): Stretch {
    const last = this.#queue.at(-1)
    return last !== undefined && last.tool === undefined ? last : this.#append(undefined)
  }

  #append(tool: number | undefined): Stretch {
    const stretch: Stretch = { tool, waiting: [], arguments: '', isEnded: tool === undefined }
    this.#queue.push(stretch)
    return stretch
  }

  #flush(): AnswerEvent[] {
    const out: AnswerEvent[] = []
    for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
      out.push(...first.waiting.splice(0))
      if (!this.#hasEnded(first)) break
      if (first.tool !== undefined) out.push({ type: 'tool_end', tool: first.tool })
      this.#queue.shift()
    }
    return out
  }

  #hasEnded(stretch: Stretch): boolean {
    return stretch.isEnded || (this.#queue.length > 1 && isCompleteJson(stretch.arguments))
  }
}
