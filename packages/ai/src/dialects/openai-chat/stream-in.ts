import { isJsonObject, type JsonObject } from '@konnect/contract'
import type { ChatEvent } from '../../canonical/event.ts'
import { settleFinish } from '../../canonical/finish.ts'
import type { ReasoningPart } from '../../canonical/request.ts'
import type { AnswerMemo } from '../../canonical/response.ts'
import type { StreamEvent } from '../../framing/framing.ts'
import { arrayOf, numberOf, objectOf, objectsOf, textOf } from '../../json/access.ts'
import { readUsage } from '../../openai/chat-usage.ts'
import { streamError } from '../../openai/errors.ts'
import { readFinish } from '../../openai/finish.ts'
import type { FinishReason } from '../../ports.ts'
import type { StreamReader } from '../dialect.ts'
import { readMedia } from './media-in.ts'
import { readContent, readReasoning } from './messages-in.ts'
import { isCited } from './response-in.ts'

/** A call as its deltas build it up. */
interface OpenTool {
  readonly tool: number
  readonly id: string
  name: string
  waiting: string
}

/** Reads a stream of `chat.completion.chunk`; choices after the first are left out. */
export class ChunkReader implements StreamReader {
  readonly #memo: AnswerMemo
  readonly #tools = new Map<number, OpenTool>()
  #toolCount = 0
  #isStarted = false
  #isDone = false
  #hasRefusal = false
  /** What was thought since the last seal. */
  #thought = ''
  #finish: FinishReason | null = null

  constructor(memo: AnswerMemo) {
    this.#memo = memo
  }

  read(event: StreamEvent): readonly ChatEvent[] {
    if (event.data === null || event.data === '') return [{ type: 'ping' }]
    if (event.data.trim() === '[DONE]') return this.#done()
    const chunk: unknown = JSON.parse(event.data)
    if (!isJsonObject(chunk)) return []
    const error = streamError(chunk)
    if (error) return [{ type: 'error', error }]
    const events: ChatEvent[] = this.#isStarted ? [] : [{ type: 'start' }]
    this.#isStarted = true
    const choice = objectsOf(chunk.choices).find((one) => (numberOf(one.index) ?? 0) === 0)
    if (choice) this.#readChoice(choice, events)
    if (choice && isCited(deltaOf(choice), chunk)) events.push({ type: 'citations' })
    const usage = readUsage(chunk.usage)
    if (usage) events.push({ type: 'usage', usage })
    return events
  }

  // Several vendors close the connection after the finish reason and send no [DONE]: the answer is whole all the same.
  end(): readonly ChatEvent[] {
    return this.#finish === null ? [] : this.#done()
  }

  #done(): readonly ChatEvent[] {
    if (this.#isDone) return []
    this.#isDone = true
    const reason = settleFinish(this.#finish ?? 'stop', this.#toolCount > 0, this.#hasRefusal)
    return [{ type: 'finish', reason }, { type: 'done' }]
  }

  #readChoice(choice: JsonObject, events: ChatEvent[]): void {
    const delta = deltaOf(choice)
    for (const part of [...readReasoning(delta), ...readContent(delta.content, [])]) {
      if (part.type === 'text') events.push({ type: 'text', text: part.text })
      else if (part.type === 'image') events.push({ type: 'image', source: part.source })
      else if (part.type === 'redacted') events.push({ type: 'redacted', data: part.data })
      else if (part.type === 'reasoning') this.#readThought(part, events)
    }
    events.push(...readMedia(delta))
    const refusal = textOf(delta.refusal)
    if (refusal) {
      this.#hasRefusal = true
      events.push({ type: 'refusal', text: refusal })
    }
    arrayOf(delta.tool_calls).forEach((call, position) => {
      if (isJsonObject(call)) this.#readTool(call, position, events)
    })
    if (isJsonObject(delta.function_call)) this.#readTool({ function: delta.function_call }, 0, events)
    this.#finish = readFinish(choice.finish_reason) ?? this.#finish
  }

  // Some gateways, this one too, repeat the whole thought beside its seal once its pieces have come.
  #readThought({ text, signature }: ReasoningPart, events: ChatEvent[]): void {
    const isRepeated = signature !== undefined && text === this.#thought
    if (text !== '' && !isRepeated) {
      this.#thought += text
      events.push({ type: 'reasoning', text })
    }
    if (!signature) return
    this.#thought = ''
    events.push({ type: 'signature', signature })
  }

  #readTool(call: JsonObject, position: number, events: ChatEvent[]): void {
    const body = objectOf(call.function)
    const index = numberOf(call.index) ?? this.#indexOf(call, position)
    const id = textOf(call.id)
    const name = textOf(body.name)
    let open = this.#tools.get(index)
    // A second id with a name under the same index is another call: some vendors send every call as index 0.
    if (open === undefined || (id && name && open.name !== '' && id !== open.id)) {
      open = { tool: this.#toolCount++, id: id || `call_${this.#toolCount}`, name: '', waiting: '' }
      this.#tools.set(index, open)
    }
    const text = typeof body.arguments === 'string' ? body.arguments : argumentsText(body.arguments)
    if (open.name === '') this.#startTool(open, name ?? '', text, events)
    else if (text !== '') events.push({ type: 'tool_arguments', tool: open.tool, text })
  }

  // Arguments that come before the name wait for it.
  #startTool(open: OpenTool, name: string, text: string, events: ChatEvent[]): void {
    open.waiting += text
    if (name === '') return
    open.name = name
    events.push({ type: 'tool_start', tool: open.tool, id: open.id, name: this.#memo.restoreToolName(name) })
    if (open.waiting !== '') events.push({ type: 'tool_arguments', tool: open.tool, text: open.waiting })
  }

  // Without an index, an id starts a call of its own and anything else continues the newest one.
  #indexOf(call: JsonObject, position: number): number {
    if (!textOf(call.id)) return Math.max(position, this.#tools.size - 1)
    for (const [index, open] of this.#tools) if (open.id === call.id) return index
    return this.#tools.size
  }
}

const deltaOf = ({ delta, message }: JsonObject): JsonObject => (isJsonObject(delta) ? delta : objectOf(message))

const argumentsText = (value: unknown): string => (value === undefined || value === null ? '' : JSON.stringify(value))
