import { isJsonObject, type JsonObject } from '@konnect/contract'
import { faultOf } from '../../bedrock/errors.ts'
import type { ChatEvent } from '../../canonical/event.ts'
import { settleFinish } from '../../canonical/finish.ts'
import type { AnswerMemo } from '../../canonical/response.ts'
import { argumentsText } from '../../canonical/tool-arguments.ts'
import type { StreamEvent } from '../../framing/framing.ts'
import { numberOf, objectOf, textOf } from '../../json/access.ts'
import { parseExact } from '../../json/numbers.ts'
import type { FinishReason } from '../../ports.ts'
import type { StreamReader } from '../dialect.ts'
import { readFinish } from './finish.ts'
import { OpenImage } from './media-in.ts'
import { readUsage } from './usage.ts'

/** A call of a tool. `output` is the forced one whose arguments are the answer. */
interface OpenCall {
  readonly isOutput: boolean
  /** Counted among the client's tools only; the vendor's index counts all blocks. */
  readonly tool: number
  hasArguments: boolean
}

/** Reads a stream of Converse events. `messageStop` says why it ended, `metadata` what it cost; then it is over. */
export class ConverseReader implements StreamReader {
  readonly #memo: AnswerMemo
  readonly #calls = new Map<number, OpenCall>()
  readonly #images = new Map<number, OpenImage>()
  #toolCount = 0
  #finish: FinishReason | null = null
  #isDone = false

  constructor(memo: AnswerMemo) {
    this.#memo = memo
  }

  read(event: StreamEvent): readonly ChatEvent[] {
    const error = faultOf(event)
    if (error) return [{ type: 'error', error }]
    const data = parseExact(event.data || '{}')
    return isJsonObject(data) ? this.#readEvent(event.name, data) : []
  }

  // Some proxies leave out the costs.
  end(): readonly ChatEvent[] {
    return this.#finish === null ? [] : this.#done()
  }

  #readEvent(name: string, data: JsonObject): readonly ChatEvent[] {
    const index = numberOf(data.contentBlockIndex) ?? 0
    switch (name) {
      case 'messageStart':
        return [{ type: 'start' }]
      case 'contentBlockStart':
        return this.#startBlock(index, objectOf(data.start))
      case 'contentBlockDelta':
        return this.#delta(index, objectOf(data.delta))
      case 'contentBlockStop':
        return this.#stopBlock(index)
      case 'messageStop':
        this.#finish = readFinish(data.stopReason) ?? 'stop'
        return []
      case 'metadata':
        return this.#metadata(data)
      default:
        return []
    }
  }

  #startBlock(index: number, start: JsonObject): ChatEvent[] {
    if (isJsonObject(start.image)) this.#images.set(index, new OpenImage(start.image))
    if (!isJsonObject(start.toolUse)) return []
    const name = textOf(start.toolUse.name) ?? ''
    const isOutput = name === this.#memo.outputTool
    const tool = isOutput ? -1 : this.#toolCount++
    this.#calls.set(index, { isOutput, tool, hasArguments: false })
    if (isOutput) return []
    const id = textOf(start.toolUse.toolUseId) ?? `call_${tool}`
    return [{ type: 'tool_start', tool, id, name: this.#memo.restoreToolName(name) }]
  }

  #delta(index: number, delta: JsonObject): ChatEvent[] {
    if (typeof delta.text === 'string') return delta.text === '' ? [] : [{ type: 'text', text: delta.text }]
    if (isJsonObject(delta.reasoningContent)) return readReasoning(delta.reasoningContent)
    if (isJsonObject(delta.citation)) return [{ type: 'citations' }]
    if (isJsonObject(delta.image)) this.#images.get(index)?.add(delta.image)
    const call = this.#calls.get(index)
    if (call === undefined || !isJsonObject(delta.toolUse)) return []
    const { input } = delta.toolUse
    const text = typeof input === 'string' ? input : argumentsText(input)
    if (text === '') return []
    call.hasArguments = true
    return [call.isOutput ? { type: 'text', text } : { type: 'tool_arguments', tool: call.tool, text }]
  }

  #stopBlock(index: number): ChatEvent[] {
    const image = this.#images.get(index)
    this.#images.delete(index)
    if (image !== undefined) return image.image()
    const call = this.#calls.get(index)
    this.#calls.delete(index)
    if (call === undefined) return []
    if (!call.isOutput) return [{ type: 'tool_end', tool: call.tool }]
    return call.hasArguments ? [] : [{ type: 'text', text: '{}' }]
  }

  #metadata(data: JsonObject): readonly ChatEvent[] {
    const usage = readUsage(data.usage)
    const counted: ChatEvent[] = usage ? [{ type: 'usage', usage }] : []
    return this.#finish === null ? counted : [...counted, ...this.#done()]
  }

  #done(): readonly ChatEvent[] {
    if (this.#isDone) return []
    this.#isDone = true
    const reason = settleFinish(this.#finish ?? 'stop', this.#toolCount > 0, false)
    return [{ type: 'finish', reason }, { type: 'done' }]
  }
}

function readReasoning(delta: JsonObject): ChatEvent[] {
  const text = textOf(delta.text)
  const signature = textOf(delta.signature)
  const redacted = textOf(delta.redactedContent)
  return [
    ...(text ? [{ type: 'reasoning' as const, text }] : []),
    ...(signature ? [{ type: 'signature' as const, signature }] : []),
    ...(redacted ? [{ type: 'redacted' as const, data: redacted }] : []),
  ]
}
