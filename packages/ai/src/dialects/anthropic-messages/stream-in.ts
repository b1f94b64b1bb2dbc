import { isJsonObject, type JsonObject } from '@konnect/contract'
import { streamError } from '../../anthropic/errors.ts'
import type { ChatEvent } from '../../canonical/event.ts'
import { settleFinish } from '../../canonical/finish.ts'
import type { AnswerMemo } from '../../canonical/response.ts'
import { argumentsText } from '../../canonical/tool-arguments.ts'
import type { StreamEvent } from '../../framing/framing.ts'
import { numberOf, objectOf, objectsOf, textOf } from '../../json/access.ts'
import type { StreamReader } from '../dialect.ts'
import { readFinish } from './finish.ts'
import { refusalText } from './response-in.ts'
import { mergeUsage, readUsage } from './usage.ts'

/** A content block of the vendor's and what it is to the client. */
interface OpenBlock {
  /** `output` is the forced tool whose arguments are the answer; `hidden` is what no client of another dialect knows. */
  readonly kind: 'text' | 'tool' | 'output' | 'hidden'
  /** Counted among the client's tools only; the vendor's index counts all blocks. */
  readonly tool: number
  hasArguments: boolean
}

/** Reads a stream of message events. */
export class MessageReader implements StreamReader {
  readonly #memo: AnswerMemo
  readonly #blocks = new Map<number, OpenBlock>()
  #toolCount = 0
  #usage: JsonObject = {}

  constructor(memo: AnswerMemo) {
    this.#memo = memo
  }

  read(event: StreamEvent): readonly ChatEvent[] {
    if (event.data === null || event.data === '') return [{ type: 'ping' }]
    const data: unknown = JSON.parse(event.data)
    if (!isJsonObject(data)) return []
    switch (textOf(data.type) ?? event.name) {
      case 'message_start':
        return this.#start(objectOf(data.message))
      case 'content_block_start':
        return this.#startBlock(numberOf(data.index) ?? 0, objectOf(data.content_block))
      case 'content_block_delta':
        return this.#delta(numberOf(data.index) ?? 0, objectOf(data.delta))
      case 'content_block_stop':
        return this.#stopBlock(numberOf(data.index) ?? 0)
      case 'message_delta':
        return this.#messageDelta(data)
      case 'message_stop':
        return [{ type: 'done' }]
      case 'ping':
        return [{ type: 'ping' }]
      case 'error':
        return [{ type: 'error', error: streamError(data) }]
      default:
        return []
    }
  }

  end(): readonly ChatEvent[] {
    return []
  }

  #start(message: JsonObject): ChatEvent[] {
    const events: ChatEvent[] = [{ type: 'start' }, ...this.#countUsage(message.usage)]
    // A continued message brings its first blocks along.
    objectsOf(message.content).forEach((block, position) => {
      events.push(...this.#startBlock(-1 - position, block), ...this.#stopBlock(-1 - position))
    })
    return events
  }

  #startBlock(index: number, block: JsonObject): ChatEvent[] {
    switch (block.type) {
      case 'tool_use':
        return this.#startTool(index, block)
      case 'redacted_thinking':
        return [{ type: 'redacted', data: textOf(block.data) ?? '' }]
      case 'text':
        return this.#known(index, textOf(block.text) ? [{ type: 'text', text: textOf(block.text) ?? '' }] : [])
      case 'thinking':
        return this.#known(
          index,
          textOf(block.thinking) ? [{ type: 'reasoning', text: textOf(block.thinking) ?? '' }] : [],
        )
      default:
        this.#blocks.set(index, { kind: 'hidden', tool: -1, hasArguments: false })
        return []
    }
  }

  #known(index: number, events: ChatEvent[]): ChatEvent[] {
    this.#blocks.set(index, { kind: 'text', tool: -1, hasArguments: false })
    return events
  }

  #startTool(index: number, block: JsonObject): ChatEvent[] {
    const name = textOf(block.name) ?? ''
    const isOutput = name === this.#memo.outputTool
    const tool = isOutput ? -1 : this.#toolCount++
    const open: OpenBlock = { kind: isOutput ? 'output' : 'tool', tool, hasArguments: false }
    this.#blocks.set(index, open)
    const events: ChatEvent[] = []
    if (!isOutput) {
      events.push({
        type: 'tool_start',
        tool,
        id: textOf(block.id) ?? `call_${tool}`,
        name: this.#memo.restoreToolName(name),
      })
    }
    const isGivenAtOnce = isJsonObject(block.input) && Object.keys(block.input).length > 0
    if (isGivenAtOnce) events.push(...this.#arguments(open, argumentsText(block.input)))
    return events
  }

  #arguments(block: OpenBlock, text: string): ChatEvent[] {
    if (text === '') return []
    block.hasArguments = true
    return [block.kind === 'output' ? { type: 'text', text } : { type: 'tool_arguments', tool: block.tool, text }]
  }

  #delta(index: number, delta: JsonObject): ChatEvent[] {
    const block = this.#blocks.get(index)
    switch (delta.type) {
      case 'text_delta':
        return delta.text === '' ? [] : [{ type: 'text', text: textOf(delta.text) ?? '' }]
      case 'thinking_delta':
        return delta.thinking === '' ? [] : [{ type: 'reasoning', text: textOf(delta.thinking) ?? '' }]
      case 'citations_delta':
        return [{ type: 'citations' }]
      case 'signature_delta':
        return [{ type: 'signature', signature: textOf(delta.signature) ?? '' }]
      case 'input_json_delta': {
        const isOurs = block?.kind === 'tool' || block?.kind === 'output'
        return isOurs ? this.#arguments(block, textOf(delta.partial_json) ?? '') : []
      }
      default:
        return []
    }
  }

  #stopBlock(index: number): ChatEvent[] {
    const block = this.#blocks.get(index)
    this.#blocks.delete(index)
    if (block?.kind === 'tool') return [{ type: 'tool_end', tool: block.tool }]
    return block?.kind === 'output' && !block.hasArguments ? [{ type: 'text', text: '{}' }] : []
  }

  #messageDelta(data: JsonObject): ChatEvent[] {
    const delta = objectOf(data.delta)
    const events = this.#countUsage(data.usage)
    const finish = readFinish(delta.stop_reason)
    if (finish === null) return events
    if (finish === 'refusal') events.push({ type: 'refusal', text: refusalText(delta) })
    const stopSequence = textOf(delta.stop_sequence)
    const reason = settleFinish(finish, this.#toolCount > 0, false)
    return [...events, { type: 'finish', reason, ...(stopSequence === undefined ? {} : { stopSequence }) }]
  }

  #countUsage(value: unknown): ChatEvent[] {
    if (!isJsonObject(value)) return []
    this.#usage = mergeUsage(this.#usage, value)
    const usage = readUsage(this.#usage)
    return usage ? [{ type: 'usage', usage }] : []
  }
}
