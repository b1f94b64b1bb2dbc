import type { Usage } from '@konnect/contract'
import { errorEvent } from '../../anthropic/errors.ts'
import { frame } from '../../anthropic/frame.ts'
import type { WritableEvent } from '../../canonical/event.ts'
import type { AnswerIdentity } from '../../canonical/response.ts'
import { NO_USAGE } from '../../canonical/usage.ts'
import type { StreamWriter } from '../dialect.ts'
import { BlockQueue } from './block-queue.ts'
import { writeFinish } from './finish.ts'
import { messageId } from './response-out.ts'
import { writeUsage } from './usage.ts'

/** Writes a stream of message events. */
export class MessageWriter implements StreamWriter {
  readonly #identity: AnswerIdentity
  readonly #blocks = new BlockQueue()
  #usage: Usage = NO_USAGE
  #isStarted = false

  constructor(identity: AnswerIdentity) {
    this.#identity = identity
  }

  write(event: WritableEvent): string {
    if (event.type === 'error') return errorEvent(event.error, this.#identity.requestId)
    if (event.type === 'usage') {
      this.#usage = event.usage
      return ''
    }
    if (event.type === 'ping') return this.#isStarted ? frame('ping', {}) : ': ping\n\n'
    const head = this.#isStarted ? '' : this.#start()
    return head + this.#write(event)
  }

  #start(): string {
    this.#isStarted = true
    const message = {
      id: messageId(this.#identity),
      type: 'message',
      role: 'assistant',
      model: this.#identity.model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: writeUsage(this.#usage),
    }
    return frame('message_start', { message })
  }

  #write(event: Exclude<WritableEvent, { type: 'error' | 'usage' | 'ping' }>): string {
    switch (event.type) {
      case 'start':
      case 'image':
      case 'speech':
        return ''
      case 'text':
      case 'refusal':
        return this.#blocks.add('text', event.text)
      case 'reasoning':
        return this.#blocks.add('thinking', event.text)
      case 'signature':
        return this.#blocks.seal(event.signature)
      case 'redacted':
        return this.#blocks.addRedacted(event.data)
      case 'tool_start':
        return this.#blocks.startTool(event.tool, event.id, event.name)
      case 'tool_arguments':
        return this.#blocks.addArguments(event.tool, event.text)
      case 'tool_end':
        return this.#blocks.endTool(event.tool)
      case 'finish':
        return this.#blocks.close() + this.#finish(event.reason, event.stopSequence)
      case 'done':
        return frame('message_stop', {})
    }
  }

  #finish(reason: Parameters<typeof writeFinish>[0], stopSequence: string | undefined): string {
    const isStopSequence = reason === 'stop' && stopSequence !== undefined
    const delta = {
      stop_reason: isStopSequence ? 'stop_sequence' : writeFinish(reason),
      stop_sequence: isStopSequence ? stopSequence : null,
    }
    return frame('message_delta', { delta, usage: writeUsage(this.#usage) })
  }
}
