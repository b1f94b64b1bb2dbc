import type { JsonObject, Usage } from '@konnect/contract'
import type { WritableEvent } from '../../canonical/event.ts'
import type { AnswerIdentity } from '../../canonical/response.ts'
import { writeUsage } from '../../openai/chat-usage.ts'
import { errorEvent } from '../../openai/errors.ts'
import { writeFinish } from '../../openai/finish.ts'
import type { StreamWriter } from '../dialect.ts'
import { writeImage, writeSpeechPiece } from './media-out.ts'
import { completionId, writeThinkingBlock } from './response-out.ts'

/** Writes a stream of `chat.completion.chunk`. */
export class ChunkWriter implements StreamWriter {
  readonly #identity: AnswerIdentity
  readonly #head: string
  readonly #emptyTools = new Set<number>()
  #reasoning = ''
  #imageCount = 0
  #usage: Usage | null = null

  constructor(identity: AnswerIdentity) {
    this.#identity = identity
    const head = {
      id: completionId(identity),
      object: 'chat.completion.chunk',
      created: identity.createdS,
      model: identity.model,
    }
    this.#head = JSON.stringify(head).slice(0, -1)
  }

  write(event: WritableEvent): string {
    switch (event.type) {
      case 'start':
        return this.#delta({ role: 'assistant', content: '', refusal: null })
      case 'text':
        return this.#delta({ content: event.text })
      case 'refusal':
        return this.#delta({ refusal: event.text })
      case 'reasoning':
        this.#reasoning += event.text
        return this.#delta({ reasoning_content: event.text })
      case 'signature':
        return this.#seal(event.signature)
      case 'redacted':
        return this.#delta({ thinking_blocks: writeThinkingBlock(event) })
      case 'image':
        return this.#delta({ images: [writeImage(event, this.#imageCount++)] })
      case 'speech':
        return this.#delta({ audio: writeSpeechPiece([event], this.#identity) })
      case 'tool_start':
      case 'tool_arguments':
      case 'tool_end':
        return this.#tool(event)
      case 'usage':
        this.#usage = event.usage
        return ''
      case 'finish':
        return this.#chunk({}, writeFinish(event.reason))
      case 'ping':
        return ': ping\n\n'
      case 'error':
        return errorEvent(event.error)
      case 'done':
        return `${this.#usageChunk()}data: [DONE]\n\n`
    }
  }

  #seal(signature: string): string {
    const block = writeThinkingBlock({ type: 'reasoning', text: this.#reasoning, signature })
    this.#reasoning = ''
    return this.#delta({ thinking_blocks: block })
  }

  #tool(event: WritableEvent & { readonly tool: number }): string {
    const index = event.tool
    if (event.type === 'tool_start') {
      this.#emptyTools.add(index)
      const body = { name: event.name, arguments: '' }
      return this.#delta({ tool_calls: [{ index, id: event.id, type: 'function', function: body }] })
    }
    const isEmpty = this.#emptyTools.delete(index)
    if (event.type === 'tool_arguments') return this.#arguments(index, event.text)
    return isEmpty ? this.#arguments(index, '{}') : ''
  }

  #arguments(index: number, text: string): string {
    return this.#delta({ tool_calls: [{ index, function: { arguments: text } }] })
  }

  #delta(delta: JsonObject): string {
    return this.#chunk(delta, null)
  }

  #chunk(delta: JsonObject, finish: string | null): string {
    const choice = { index: 0, delta, logprobs: null, finish_reason: finish }
    return `data: ${this.#head},"choices":[${JSON.stringify(choice)}]}\n\n`
  }

  #usageChunk(): string {
    if (!this.#identity.wantsUsage || this.#usage === null) return ''
    return `data: ${this.#head},"choices":[],"usage":${JSON.stringify(writeUsage(this.#usage))}}\n\n`
  }
}
