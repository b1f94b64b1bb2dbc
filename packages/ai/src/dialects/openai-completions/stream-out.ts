import type { Usage } from '@konnect/contract'
import type { WritableEvent } from '../../canonical/event.ts'
import type { AnswerIdentity } from '../../canonical/response.ts'
import { writeUsage } from '../../openai/chat-usage.ts'
import { errorEvent } from '../../openai/errors.ts'
import type { FinishReason } from '../../ports.ts'
import type { StreamWriter } from '../dialect.ts'
import { writeChoice, writeHead } from './response-out.ts'

/** Writes a stream of `text_completion` chunks: the text of the answer and nothing else that it may hold. */
export class TextWriter implements StreamWriter {
  readonly #wantsUsage: boolean
  readonly #head: string
  #usage: Usage | null = null

  constructor(identity: AnswerIdentity) {
    this.#wantsUsage = identity.wantsUsage
    this.#head = JSON.stringify(writeHead(identity)).slice(0, -1)
  }

  write(event: WritableEvent): string {
    switch (event.type) {
      case 'text':
      case 'refusal':
        return this.#chunk(event.text, null)
      case 'usage':
        this.#usage = event.usage
        return ''
      case 'finish':
        return this.#chunk('', event.reason)
      case 'ping':
        return ': ping\n\n'
      case 'error':
        return errorEvent(event.error)
      case 'done':
        return `${this.#usageChunk()}data: [DONE]\n\n`
      default:
        return ''
    }
  }

  #chunk(text: string, reason: FinishReason | null): string {
    return `data: ${this.#head},"choices":[${JSON.stringify(writeChoice(text, reason))}]}\n\n`
  }

  #usageChunk(): string {
    if (!this.#wantsUsage || this.#usage === null) return ''
    return `data: ${this.#head},"choices":[],"usage":${JSON.stringify(writeUsage(this.#usage))}}\n\n`
  }
}
