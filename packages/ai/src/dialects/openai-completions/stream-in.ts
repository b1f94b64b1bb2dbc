import { isJsonObject } from '@konnect/contract'
import type { ChatEvent } from '../../canonical/event.ts'
import { settleFinish } from '../../canonical/finish.ts'
import type { StreamEvent } from '../../framing/framing.ts'
import { numberOf, objectsOf, textOf } from '../../json/access.ts'
import { readUsage } from '../../openai/chat-usage.ts'
import { streamError } from '../../openai/errors.ts'
import { readFinish } from '../../openai/finish.ts'
import type { FinishReason } from '../../ports.ts'
import type { StreamReader } from '../dialect.ts'

/** Reads a stream of `text_completion` chunks; choices after the first are left out. */
export class TextReader implements StreamReader {
  #isStarted = false
  #isDone = false
  #finish: FinishReason | null = null

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
    const text = textOf(choice?.text)
    if (text) events.push({ type: 'text', text })
    this.#finish = readFinish(choice?.finish_reason) ?? this.#finish
    const usage = readUsage(chunk.usage)
    if (usage) events.push({ type: 'usage', usage })
    return events
  }

  // Several vendors close the connection after the finish reason and send no [DONE]: the answer is whole all the same.
  end(): readonly ChatEvent[] {
    return this.#finish === null ? [] : this.#done()
  }

  // Usage may come after the finish reason.
  #done(): readonly ChatEvent[] {
    if (this.#isDone) return []
    this.#isDone = true
    return [{ type: 'finish', reason: settleFinish(this.#finish ?? 'stop', false, false) }, { type: 'done' }]
  }
}
