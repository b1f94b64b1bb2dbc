import { isJsonObject, type JsonObject } from '@konnect/contract'
import type { ChatEvent } from '../../canonical/event.ts'
import { settleFinish } from '../../canonical/finish.ts'
import type { AnswerMemo } from '../../canonical/response.ts'
import type { StreamEvent } from '../../framing/framing.ts'
import { numberOf, objectOf, textOf } from '../../json/access.ts'
import type { StreamReader } from '../dialect.ts'
import { brokenOff } from './errors.ts'
import { readFinish } from './finish.ts'
import { readCall, readContent } from './response-in.ts'
import { readUsage } from './usage.ts'

/** Reads a stream of chat events. `message-end` ends it; a `[DONE]` may follow. */
export class ChatReader implements StreamReader {
  readonly #memo: AnswerMemo
  /** The client's count of a tool by the vendor's index. */
  readonly #tools = new Map<number, number>()
  #toolCount = 0

  constructor(memo: AnswerMemo) {
    this.#memo = memo
  }

  read(event: StreamEvent): readonly ChatEvent[] {
    if (event.data === null || event.data === '') return [{ type: 'ping' }]
    if (event.data.trim() === '[DONE]') return []
    const data: unknown = JSON.parse(event.data)
    return isJsonObject(data) ? this.#readEvent(textOf(data.type) ?? event.name, data) : []
  }

  end(): readonly ChatEvent[] {
    return []
  }

  #readEvent(type: string, data: JsonObject): ChatEvent[] {
    const delta = objectOf(data.delta)
    const message = objectOf(delta.message)
    switch (type) {
      case 'message-start':
        return [{ type: 'start' }]
      case 'content-start':
      case 'content-delta':
        return readContent(objectOf(message.content)).flatMap(eventsOf)
      case 'tool-plan-delta':
        return message.tool_plan ? [{ type: 'reasoning', text: textOf(message.tool_plan) ?? '' }] : []
      case 'tool-call-start':
        return this.#startTool(numberOf(data.index) ?? 0, objectOf(message.tool_calls))
      case 'tool-call-delta':
        return this.#arguments(numberOf(data.index) ?? 0, objectOf(message.tool_calls))
      case 'tool-call-end':
        return [{ type: 'tool_end', tool: this.#toolAt(numberOf(data.index) ?? 0) }]
      case 'citation-start':
        return [{ type: 'citations' }]
      case 'message-end':
        return this.#finish(delta)
      case '':
      case 'error':
        return [{ type: 'error', error: brokenOff('error', textOf(data.message)) }]
      default:
        return []
    }
  }

  #startTool(index: number, given: JsonObject): ChatEvent[] {
    const tool = this.#toolCount++
    this.#tools.set(index, tool)
    const { id, name, arguments: text } = readCall(given, this.#memo)
    const start: ChatEvent = { type: 'tool_start', tool, id, name }
    return text === '' ? [start] : [start, { type: 'tool_arguments', tool, text }]
  }

  #arguments(index: number, given: JsonObject): ChatEvent[] {
    const text = textOf(objectOf(given.function).arguments) ?? ''
    return text === '' ? [] : [{ type: 'tool_arguments', tool: this.#toolAt(index), text }]
  }

  #toolAt(index: number): number {
    return this.#tools.get(index) ?? Math.max(0, this.#toolCount - 1)
  }

  #finish(delta: JsonObject): ChatEvent[] {
    const usage = readUsage(delta.usage)
    const counted: ChatEvent[] = usage ? [{ type: 'usage', usage }] : []
    const finish = readFinish(delta.finish_reason) ?? 'stop'
    if (finish === 'error') {
      const error = brokenOff(textOf(delta.finish_reason) ?? '', textOf(delta.error))
      return [...counted, { type: 'error', error }]
    }
    const reason = settleFinish(finish, this.#toolCount > 0, false)
    return [...counted, { type: 'finish', reason }, { type: 'done' }]
  }
}

function eventsOf(part: ReturnType<typeof readContent>[number]): ChatEvent[] {
  return part.type === 'text' || part.type === 'reasoning' ? [{ type: part.type, text: part.text }] : []
}
