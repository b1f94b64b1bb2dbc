import { isJsonObject, type JsonObject } from '@konnect/contract'
import type { ChatEvent } from '../../canonical/event.ts'
import { settleFinish } from '../../canonical/finish.ts'
import type { AnswerMemo } from '../../canonical/response.ts'
import { argumentsText } from '../../canonical/tool-arguments.ts'
import type { StreamEvent } from '../../framing/framing.ts'
import { streamError } from '../../google/errors.ts'
import { camel } from '../../google/wire.ts'
import { textOf } from '../../json/access.ts'
import { parseExact } from '../../json/numbers.ts'
import type { FinishReason } from '../../ports.ts'
import type { StreamReader } from '../dialect.ts'
import { BLOCKED, callIdOf, firstCandidate, isBlocked, isCited, partsOf, readAnswer } from './answer-in.ts'
import { readFinish } from './finish.ts'
import { PartialArguments } from './partial-arguments.ts'
import { readMedium, readText, readThought } from './parts-in.ts'
import { readUsage } from './usage.ts'

/** A call whose arguments come in pieces. */
interface OpenCall {
  readonly tool: number
  readonly pieces: PartialArguments
}

/**
 * Reads a stream of GenerateContentResponse; candidates after the first are left out. The dialect has no terminator: the
 * answer is whole when the stream ends after a reason to finish.
 */
export class ContentReader implements StreamReader {
  readonly #memo: AnswerMemo
  #open: OpenCall | undefined
  #toolCount = 0
  #isStarted = false
  #finish: FinishReason | null = null

  constructor(memo: AnswerMemo) {
    this.#memo = memo
  }

  /** How the answer ends, once the vendor said so. */
  get finishReason(): FinishReason | null {
    return this.#finish === null ? null : settleFinish(this.#finish, this.#toolCount > 0, false)
  }

  read(event: StreamEvent): readonly ChatEvent[] {
    if (event.data === null || event.data === '') return [{ type: 'ping' }]
    const chunk = readAnswer(parseExact(event.data))
    const error = streamError(chunk)
    if (error) return [{ type: 'error', error }]
    const events: ChatEvent[] = this.#isStarted ? [] : [{ type: 'start' }]
    this.#isStarted = true
    const candidate = firstCandidate(chunk)
    if (candidate) this.#readCandidate(candidate, chunk, events)
    else if (isBlocked(chunk) && this.#finish === null) {
      events.push({ type: 'refusal', text: BLOCKED })
      this.#finish = 'refusal'
    }
    const usage = readUsage(chunk.usageMetadata)
    if (usage) events.push({ type: 'usage', usage })
    return events
  }

  end(): readonly ChatEvent[] {
    const events: ChatEvent[] = []
    this.#close(events)
    const reason = this.finishReason
    return reason === null ? [] : [...events, { type: 'finish', reason }, { type: 'done' }]
  }

  #readCandidate(candidate: JsonObject, chunk: JsonObject, events: ChatEvent[]): void {
    for (const part of partsOf(candidate)) {
      for (const thought of readThought(part)) {
        if (thought.type === 'redacted') events.push(thought)
        else {
          if (thought.text !== '') events.push({ type: 'reasoning', text: thought.text })
          if (thought.signature !== undefined) events.push({ type: 'signature', signature: thought.signature })
        }
      }
      const text = readText(part)
      if (text !== '') events.push({ type: 'text', text })
      events.push(...readMedium(part))
      if (isJsonObject(part.functionCall)) this.#readCall(camel(part.functionCall), chunk, events)
    }
    if (isCited(candidate)) events.push({ type: 'citations' })
    this.#finish = readFinish(candidate.finishReason) ?? this.#finish
    if (this.#finish !== null) this.#close(events)
  }

  // Only the first piece of a call has its name; the last one does not announce more.
  #readCall(call: JsonObject, chunk: JsonObject, events: ChatEvent[]): void {
    const name = textOf(call.name)
    if (name) this.#start(name, call, chunk, events)
    const open = this.#open
    if (open === undefined) return
    open.pieces.add(call.partialArgs)
    if (isJsonObject(call.args)) open.pieces.assign(call.args)
    if (call.willContinue !== true) this.#close(events)
  }

  #start(name: string, call: JsonObject, chunk: JsonObject, events: ChatEvent[]): void {
    this.#close(events)
    const tool = this.#toolCount++
    const id = textOf(call.id) || callIdOf(chunk, tool)
    events.push({ type: 'tool_start', tool, id, name: this.#memo.restoreToolName(name) })
    if (call.willContinue === true || call.partialArgs !== undefined)
      this.#open = { tool, pieces: new PartialArguments() }
    else events.push({ type: 'tool_arguments', tool, text: argumentsText(call.args) }, { type: 'tool_end', tool })
  }

  #close(events: ChatEvent[]): void {
    const open = this.#open
    if (open === undefined) return
    this.#open = undefined
    events.push(
      { type: 'tool_arguments', tool: open.tool, text: open.pieces.text },
      { type: 'tool_end', tool: open.tool },
    )
  }
}
