import type { JsonObject, Usage } from '@konnect/contract'
import type { WritableEvent } from '../../canonical/event.ts'
import type { AnswerIdentity, AnswerPart } from '../../canonical/response.ts'
import { errorEvent } from '../../google/errors.ts'
import { compact } from '../../json/access.ts'
import { stringifyExact } from '../../json/numbers.ts'
import type { FinishReason } from '../../ports.ts'
import type { StreamWriter } from '../dialect.ts'
import { writeFinish } from './finish.ts'
import { writeCandidate, writeIdentity, writePart } from './response-out.ts'
import { writeUsage } from './usage.ts'

/** A call as its pieces come; here it goes out whole. */
interface OpenCall {
  readonly id: string
  readonly name: string
  text: string
  isEnded: boolean
}

/** Writes a stream of GenerateContentResponse. */
export class ContentWriter implements StreamWriter {
  readonly #identity: AnswerIdentity
  readonly #calls = new Map<number, OpenCall>()
  #usage: Usage | null = null
  #finish: FinishReason = 'stop'

  constructor(identity: AnswerIdentity) {
    this.#identity = identity
  }

  write(event: WritableEvent): string {
    switch (event.type) {
      case 'start':
        return ''
      case 'text':
      case 'refusal':
      case 'reasoning':
      case 'redacted':
      case 'image':
      case 'speech':
        return this.#parts(writePart(event))
      case 'signature':
        return this.#parts(writePart({ type: 'reasoning', text: '', signature: event.signature }))
      case 'tool_start':
      case 'tool_arguments':
      case 'tool_end':
        return this.#tool(event)
      case 'usage':
        this.#usage = event.usage
        return ''
      case 'finish':
        this.#finish = event.reason
        return this.#flush(true)
      case 'ping':
        return ': ping\n\n'
      case 'error':
        return errorEvent(event.error)
      case 'done':
        return this.#chunk(writeCandidate([{ text: '' }], writeFinish(this.#finish)))
    }
  }

  #tool(event: WritableEvent & { readonly tool: number }): string {
    if (event.type === 'tool_start') {
      this.#calls.set(event.tool, { id: event.id, name: event.name, text: '', isEnded: false })
      return ''
    }
    const call = this.#calls.get(event.tool)
    if (call === undefined) return ''
    if (event.type === 'tool_arguments') call.text += event.text
    else if (event.type === 'tool_end') call.isEnded = true
    return this.#flush(false)
  }

  // Calls leave in the order in which they began, each when everything before it has ended.
  #flush(isLast: boolean): string {
    const parts: AnswerPart[] = []
    for (const [tool, { id, name, text, isEnded }] of this.#calls) {
      if (!isEnded && !isLast) break
      parts.push({ type: 'tool_call', id, name, arguments: text })
      this.#calls.delete(tool)
    }
    return this.#parts(parts.flatMap(writePart))
  }

  #parts(parts: readonly JsonObject[]): string {
    return parts.length === 0 ? '' : this.#chunk(writeCandidate(parts))
  }

  #chunk(candidate: JsonObject): string {
    const usageMetadata = this.#usage === null ? undefined : writeUsage(this.#usage)
    const body = compact({ candidates: [candidate], usageMetadata, ...writeIdentity(this.#identity) })
    return `data: ${stringifyExact(body)}\n\n`
  }
}
