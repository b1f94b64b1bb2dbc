import { isJsonObject, type JsonObject } from '@konnect/contract'
import type { ChatEvent } from '../../canonical/event.ts'
import type { AnswerMemo } from '../../canonical/response.ts'
import type { StreamEvent } from '../../framing/framing.ts'
import { numberOf, objectOf, objectsOf, textOf } from '../../json/access.ts'
import type { StreamReader } from '../dialect.ts'
import { readFailure } from './errors.ts'
import { readFinish } from './finish.ts'
import { callText, isCall, isCustom, readCall } from './items-in.ts'
import { append, missing, type OpenItem, OpenItems } from './open-items.ts'
import { PARAGRAPH, readReasoning } from './reasoning.ts'
import { isCited, readImage } from './response-in.ts'
import { readUsage } from './usage.ts'

type TextKind = 'text' | 'refusal' | 'reasoning'

/**
 * Reads a stream of response events. Deltas are read as they come; what the events that repeat a part, an item or the
 * response as a whole have beyond the deltas is read from there.
 */
export class ResponseReader implements StreamReader {
  readonly #memo: AnswerMemo
  readonly #items = new OpenItems()
  #toolCount = 0
  #hasRefusal = false
  #isStarted = false

  constructor(memo: AnswerMemo) {
    this.#memo = memo
  }

  read(event: StreamEvent): readonly ChatEvent[] {
    if (event.data === null || event.data === '') return [{ type: 'ping' }]
    // Some vendors end the stream as Chat Completions does; the terminator of this dialect stands before it.
    if (event.data.trim() === '[DONE]') return []
    const data: unknown = JSON.parse(event.data)
    if (!isJsonObject(data)) return []
    const type = textOf(data.type) ?? event.name
    const events = this.#read(type, data)
    if (this.#isStarted || events.length === 0 || events[0]?.type === 'error') return events
    this.#isStarted = true
    return [{ type: 'start' }, ...events.filter((one) => one.type !== 'start')]
  }

  end(): readonly ChatEvent[] {
    return []
  }

  #read(type: string, data: JsonObject): ChatEvent[] {
    const place = type.startsWith('response.reasoning_summary') ? data.summary_index : data.content_index
    const part = `${type.startsWith('response.reasoning_summary') ? 'summary' : 'content'} ${numberOf(place) ?? 0}`
    switch (type) {
      case 'response.created':
        return [{ type: 'start' }]
      case 'response.output_item.added':
        return this.#added(data, objectOf(data.item))
      case 'response.output_text.delta':
      case 'response.output_text.done':
        return this.#text('text', data, part, data.text)
      case 'response.refusal.delta':
      case 'response.refusal.done':
        return this.#text('refusal', data, part, data.refusal)
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_summary_text.done':
      case 'response.reasoning_text.delta':
      case 'response.reasoning_text.done':
        return this.#text('reasoning', data, part, data.text)
      case 'response.function_call_arguments.delta':
      case 'response.function_call_arguments.done':
        return this.#arguments(this.#items.get(data), data.delta, data.arguments)
      case 'response.custom_tool_call_input.delta':
      case 'response.custom_tool_call_input.done':
        return this.#arguments(this.#items.get(data), data.delta, data.input)
      case 'response.output_item.done':
        return this.#done(data, objectOf(data.item))
      default:
        return this.#readLifecycle(type, data)
    }
  }

  #readLifecycle(type: string, data: JsonObject): ChatEvent[] {
    switch (type) {
      case 'response.completed':
      case 'response.incomplete':
        return this.#finish(objectOf(data.response))
      case 'response.failed':
        return [...usageOf(objectOf(data.response)), { type: 'error', error: readFailure(objectOf(data.response)) }]
      case 'error':
        return [{ type: 'error', error: readFailure(data) }]
      case 'ping':
      case 'keepalive':
        return [{ type: 'ping' }]
      default:
        return []
    }
  }

  #added(data: JsonObject, item: JsonObject): ChatEvent[] {
    if (!isCall(item)) {
      const isKnown = item.type === 'message' || item.type === 'reasoning'
      this.#items.add(data, isKnown ? (item.type as 'message' | 'reasoning') : 'hidden')
      return []
    }
    const { id, name } = readCall(item)
    const open = this.#items.add(data, 'call', this.#toolCount++)
    open.isCustom = isCustom(item)
    const start: ChatEvent = { type: 'tool_start', tool: open.tool, id, name: this.#memo.restoreToolName(name) }
    return [start, ...this.#arguments(open, undefined, callText(item))]
  }

  #arguments(item: OpenItem | undefined, delta: unknown, whole: unknown): ChatEvent[] {
    if (item?.kind !== 'call') return []
    const isFirst = !item.sent.has('')
    const text = typeof delta === 'string' ? append(item, '', delta) : missing(item, '', textOf(whole) ?? '')
    if (text === '') return []
    return [{ type: 'tool_arguments', tool: item.tool, text: item.isCustom ? quoted(text, isFirst) : text }]
  }

  #endCall(item: OpenItem, whole: JsonObject): ChatEvent[] {
    const events = this.#arguments(item, undefined, callText(whole))
    if (item.isCustom) {
      events.push({ type: 'tool_arguments', tool: item.tool, text: item.sent.has('') ? '"}' : '{"input":""}' })
    }
    return [...events, { type: 'tool_end', tool: item.tool }]
  }

  #text(kind: TextKind, data: JsonObject, part: string, whole: unknown): ChatEvent[] {
    const item = this.#items.get(data) ?? this.#items.add(data, kind === 'reasoning' ? 'reasoning' : 'message')
    if (item.kind === 'call' || item.kind === 'hidden') return []
    // Where a vendor sends both the reasoning and its summary, what comes first is read.
    const [first] = item.sent.keys()
    if (kind === 'reasoning' && first !== undefined && first[0] !== part[0]) return []
    const isNext = kind === 'reasoning' && first !== undefined && !item.sent.has(part)
    const { delta } = data
    const text = typeof delta === 'string' ? append(item, part, delta) : missing(item, part, textOf(whole) ?? '')
    if (text === '') return []
    if (kind === 'refusal') this.#hasRefusal = true
    return [{ type: kind, text: isNext ? PARAGRAPH + text : text }]
  }

  #done(data: JsonObject, whole: JsonObject): ChatEvent[] {
    const events = this.#items.get(data) === undefined ? this.#added(data, whole) : []
    const item = this.#items.get(data)
    if (item === undefined || item.isDone) return events
    item.isDone = true
    if (item.kind === 'call') events.push(...this.#endCall(item, whole))
    else if (item.kind === 'message') events.push(...this.#restOfMessage(data, whole), ...citationsOf(whole))
    else if (item.kind === 'reasoning') events.push(...this.#restOfReasoning(data, whole))
    else if (whole.type === 'image_generation_call') events.push(...readImage(whole))
    return events
  }

  #restOfMessage({ output_index = null, item_id = null }: JsonObject, whole: JsonObject): ChatEvent[] {
    return objectsOf(whole.content).flatMap((part, index) => {
      const kind = part.type === 'refusal' ? 'refusal' : 'text'
      return this.#text(kind, { output_index, item_id }, `content ${index}`, part.refusal ?? part.text)
    })
  }

  #restOfReasoning({ output_index = null, item_id = null }: JsonObject, whole: JsonObject): ChatEvent[] {
    const texts = (['summary', 'content'] as const).flatMap((source) =>
      objectsOf(whole[source]).flatMap((part, index) =>
        this.#text('reasoning', { output_index, item_id }, `${source} ${index}`, part.text),
      ),
    )
    const [read] = readReasoning(whole)
    if (read?.type === 'redacted') return [...texts, read]
    return read?.signature === undefined ? texts : [...texts, { type: 'signature', signature: read.signature }]
  }

  #finish(response: JsonObject): ChatEvent[] {
    const events: ChatEvent[] = []
    // Some vendors stream nothing but the end.
    if (this.#items.isEmpty) {
      objectsOf(response.output).forEach((item, index) => {
        events.push(...this.#done({ output_index: index }, item))
      })
    }
    events.push(...usageOf(response))
    const reason = readFinish(response, { hasTools: this.#toolCount > 0, hasRefusal: this.#hasRefusal })
    return [...events, { type: 'finish', reason }, { type: 'done' }]
  }
}

const citationsOf = (item: JsonObject): ChatEvent[] => (isCited(item) ? [{ type: 'citations' }] : [])

// A piece of free text inside of the object that it becomes.
const quoted = (text: string, isFirst: boolean): string =>
  (isFirst ? '{"input":"' : '') + JSON.stringify(text).slice(1, -1)

function usageOf(response: JsonObject): ChatEvent[] {
  const usage = readUsage(response.usage)
  return usage === null ? [] : [{ type: 'usage', usage }]
}
