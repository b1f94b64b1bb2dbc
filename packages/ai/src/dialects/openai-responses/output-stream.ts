import type { JsonObject } from '@konnect/contract'
import type { Call, ItemStatus } from './output-items.ts'
import { callItem, imageItem, messageItem, messagePart, reasoningItem, summaryPart } from './output-items.ts'
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
  readonly kind: 'call'
  readonly index: number
  arguments: string
}

/** Writes one event; its place in the stream is the owner's business. */
export type Emit = (type: string, body: JsonObject) => string

/**
 * Items of one output as their events build them up, one open at a time: the vendor's own never overlap, and clients
 * take whatever comes for a part of the newest item.
 */
export class OutputStream {
  /** Items that are complete, by their place in the output. */
  readonly #done: JsonObject[] = []
  readonly #emit: Emit
  readonly #requestId: string
  #open: OpenMessage | OpenReasoning | OpenCall | undefined
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
    if (this.#open?.kind !== 'message') out += this.close() + this.#openMessage()
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
    if (this.#open?.kind !== 'reasoning') out += this.close() + this.#openReasoning()
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
    const out = this.#open?.kind === 'reasoning' ? '' : this.close() + this.#openReasoning()
    const open = this.#open
    return open?.kind === 'reasoning' ? out + this.#closeReasoning(open, signature) : out
  }

  addRedacted(data: string): string {
    const out = this.close()
    const index = this.#count++
    const item = reasoningItem(this.#name(index), '', foreignContent({ type: 'redacted', data }))
    return out + this.#added(index, item) + this.#finished(index, item)
  }

  addImage(data: string): string {
    const out = this.close()
    const index = this.#count++
    const item = imageItem(this.#name(index), data)
    const pending = { ...item, status: 'in_progress', result: null }
    return out + this.#added(index, pending) + this.#finished(index, item)
  }

  startCall(callId: string, name: string): string {
    const out = this.close()
    const call: OpenCall = { kind: 'call', index: this.#count++, callId, name, arguments: '' }
    this.#open = call
    return out + this.#added(call.index, callItem(this.#name(call.index), call, 'in_progress'))
  }

  /** Of the call that is open. */
  addArguments(text: string): string {
    const call = this.#open
    if (call?.kind !== 'call' || text === '') return ''
    call.arguments += text
    return this.#emit('response.function_call_arguments.delta', { ...this.#place('fc', call.index), delta: text })
  }

  /** What is open ends, as cut off where `status` says so. */
  close(status: ItemStatus = 'completed'): string {
    const open = this.#open
    if (open === undefined) return ''
    if (open.kind === 'reasoning') return this.#closeReasoning(open, undefined)
    if (open.kind === 'call') return this.#closeCall(open, status)
    this.#open = undefined
    const out = this.#closePart(open)
    return out + this.#finished(open.index, messageItem(this.#name(open.index), open.content, status))
  }

  #openMessage(): string {
    this.#open = { kind: 'message', index: this.#count++, content: [], part: undefined }
    return this.#added(this.#open.index, messageItem(this.#name(this.#open.index), [], 'in_progress'))
  }

  #openReasoning(): string {
    this.#open = { kind: 'reasoning', index: this.#count++, text: '' }
    return this.#added(this.#open.index, reasoningItem(this.#name(this.#open.index), '', null))
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

  #closeCall(open: OpenCall, status: ItemStatus): string {
    const out = open.arguments === '' ? this.addArguments('{}') : ''
    this.#open = undefined
    const done = { ...this.#place('fc', open.index), name: open.name, arguments: open.arguments }
    const item = callItem(this.#name(open.index), open, status)
    return out + this.#emit('response.function_call_arguments.done', done) + this.#finished(open.index, item)
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
