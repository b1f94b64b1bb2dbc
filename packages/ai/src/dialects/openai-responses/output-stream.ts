import type { JsonObject } from '@konnect/contract'
import type { Call, ItemStatus } from './output-items.ts'
import { callItem, messageItem, messagePart, reasoningItem, summaryPart } from './output-items.ts'
import { foreignContent } from './reasoning.ts'

type PartKind = 'text' | 'refusal'

interface OpenMessage {
  readonly kind: 'message'
  readonly index: number
  /** Parts that are complete. */
  readonly content: JsonObject[]
  part: { readonly kind: PartKind; text: string } | undefined
}

interface OpenReasoning {
  readonly kind: 'reasoning'
  readonly index: number
  text: string
}

interface OpenCall extends Call {
  readonly index: number
  arguments: string
}

/** Writes one event; its place in the stream is the owner's business. */
export type Emit = (type: string, body: JsonObject) => string

/**
 * Items of one output as their events build them up. Text and reasoning are open one at a time; calls stay open until
 * the vendor ends them, since elsewhere the deltas of several may interleave, and items of this dialect may too.
 */
export class OutputStream {
  /** Items that are complete, by their place in the output. */
  readonly #done: JsonObject[] = []
  readonly #calls = new Map<number, OpenCall>()
  readonly #emit: Emit
  readonly #requestId: string
  #open: OpenMessage | OpenReasoning | undefined
  #count = 0

  constructor(requestId: string, emit: Emit) {
    this.#requestId = requestId
    this.#emit = emit
  }

  /** The items that are complete, in order. */
  get items(): JsonObject[] {
    return this.#done.filter(Boolean)
  }

  say(kind: PartKind, text: string): string {
    let out = ''
    if (this.#open?.kind !== 'message') out += this.#closeOpen('completed') + this.#openMessage()
    const open = this.#open
    if (open?.kind !== 'message') return out
    const place = { ...this.#place('msg', open.index), content_index: open.content.length }
    if (open.part?.kind !== kind) {
      out += this.#closePart(open)
      open.part = { kind, text: '' }
      place.content_index = open.content.length
      out += this.#emit('response.content_part.added', { ...place, part: messagePart(kind, '') })
    }
    open.part.text += text
    if (kind === 'refusal') return out + this.#emit('response.refusal.delta', { ...place, delta: text })
    return out + this.#emit('response.output_text.delta', { ...place, delta: text, logprobs: [] })
  }

  think(text: string): string {
    let out = ''
    if (this.#open?.kind !== 'reasoning') out += this.#closeOpen('completed') + this.#openReasoning()
    const open = this.#open
    if (open?.kind !== 'reasoning') return out
    const place = this.#summaryPlace(open)
    if (open.text === '')
      out += this.#emit('response.reasoning_summary_part.added', { ...place, part: summaryPart('') })
    open.text += text
    return out + this.#emit('response.reasoning_summary_text.delta', { ...place, delta: text })
  }

  /** Seals the open reasoning and ends it. */
  seal(signature: string): string {
    const out = this.#open?.kind === 'reasoning' ? '' : this.#closeOpen('completed') + this.#openReasoning()
    const open = this.#open
    return open?.kind === 'reasoning' ? out + this.#closeReasoning(open, signature) : out
  }

  addRedacted(data: string): string {
    const out = this.#closeOpen('completed')
    const index = this.#count++
    const item = reasoningItem(this.#name(index), '', foreignContent({ type: 'redacted', data }))
    return out + this.#added(index, item) + this.#finished(index, item)
  }

  startCall(tool: number, callId: string, name: string): string {
    const out = this.#closeOpen('completed')
    const call: OpenCall = { index: this.#count++, callId, name, arguments: '' }
    this.#calls.set(tool, call)
    return out + this.#added(call.index, callItem(this.#name(call.index), call, 'in_progress'))
  }

  addArguments(tool: number, text: string): string {
    const call = this.#calls.get(tool)
    if (call === undefined || text === '') return ''
    call.arguments += text
    return this.#emit('response.function_call_arguments.delta', { ...this.#place('fc', call.index), delta: text })
  }

  endCall(tool: number, status: ItemStatus = 'completed'): string {
    const call = this.#calls.get(tool)
    if (call === undefined) return ''
    const out = call.arguments === '' ? this.addArguments(tool, '{}') : ''
    this.#calls.delete(tool)
    const place = this.#place('fc', call.index)
    const done = { ...place, name: call.name, arguments: call.arguments }
    const item = callItem(this.#name(call.index), call, status)
    return out + this.#emit('response.function_call_arguments.done', done) + this.#finished(call.index, item)
  }

  /** The answer is over: everything that is open ends, as cut off where `status` says so. */
  close(status: ItemStatus): string {
    let out = this.#closeOpen(status)
    for (const tool of [...this.#calls.keys()]) out += this.endCall(tool, status)
    return out
  }

  #openMessage(): string {
    this.#open = { kind: 'message', index: this.#count++, content: [], part: undefined }
    return this.#added(this.#open.index, messageItem(this.#name(this.#open.index), [], 'in_progress'))
  }

  #openReasoning(): string {
    this.#open = { kind: 'reasoning', index: this.#count++, text: '' }
    return this.#added(this.#open.index, reasoningItem(this.#name(this.#open.index), '', null))
  }

  #closeOpen(status: ItemStatus): string {
    const open = this.#open
    if (open === undefined) return ''
    if (open.kind === 'reasoning') return this.#closeReasoning(open, undefined)
    this.#open = undefined
    const out = this.#closePart(open)
    return out + this.#finished(open.index, messageItem(this.#name(open.index), open.content, status))
  }

  #closePart(open: OpenMessage): string {
    const { part } = open
    if (part === undefined) return ''
    open.part = undefined
    const place = { ...this.#place('msg', open.index), content_index: open.content.length }
    const whole = messagePart(part.kind, part.text)
    open.content.push(whole)
    const done =
      part.kind === 'refusal'
        ? this.#emit('response.refusal.done', { ...place, refusal: part.text })
        : this.#emit('response.output_text.done', { ...place, text: part.text, logprobs: [] })
    return done + this.#emit('response.content_part.done', { ...place, part: whole })
  }

  #closeReasoning(open: OpenReasoning, signature: string | undefined): string {
    this.#open = undefined
    let out = ''
    if (open.text !== '') {
      const place = this.#summaryPlace(open)
      out += this.#emit('response.reasoning_summary_text.done', { ...place, text: open.text })
      out += this.#emit('response.reasoning_summary_part.done', { ...place, part: summaryPart(open.text) })
    }
    const content = foreignContent({ type: 'reasoning', ...(signature === undefined ? {} : { signature }) })
    return out + this.#finished(open.index, reasoningItem(this.#name(open.index), open.text, content))
  }

  #added(index: number, item: JsonObject): string {
    return this.#emit('response.output_item.added', { output_index: index, item })
  }

  #finished(index: number, item: JsonObject): string {
    this.#done[index] = item
    return this.#emit('response.output_item.done', { output_index: index, item })
  }

  #name(index: number): string {
    return `${this.#requestId}_${index}`
  }

  #place(prefix: string, index: number) {
    return { item_id: `${prefix}_${this.#name(index)}`, output_index: index }
  }

  #summaryPlace(open: OpenReasoning) {
    return { ...this.#place('rs', open.index), summary_index: 0 }
  }
}
