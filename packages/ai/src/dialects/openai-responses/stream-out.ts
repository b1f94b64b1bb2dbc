import type { Json, JsonObject, Usage } from '@konnect/contract'
import { type AnswerEvent, CallSequence } from '../../canonical/call-sequence.ts'
import type { WritableEvent } from '../../canonical/event.ts'
import type { AnswerIdentity } from '../../canonical/response.ts'
import { errorBody } from '../../openai/errors.ts'
import type { StreamWriter } from '../dialect.ts'
import { errorEvent } from './errors.ts'
import { type Ending, writeFinish } from './finish.ts'
import { OutputStream } from './output-stream.ts'
import { dataOf, failureOf, responseObject } from './response-out.ts'

const IN_PROGRESS: Ending = { status: 'in_progress' }

/** Writes a stream of response events. The last one holds the whole answer. */
export class ResponseWriter implements StreamWriter {
  readonly #identity: AnswerIdentity
  readonly #output: OutputStream
  readonly #calls = new CallSequence()
  #ending: Ending = writeFinish('stop')
  #usage: Usage | null = null
  #isStarted = false
  #sequence = 0

  constructor(identity: AnswerIdentity) {
    this.#identity = identity
    this.#output = new OutputStream(identity.requestId, (type, body) => this.#frame(type, body))
  }

  write(event: WritableEvent): string {
    if (event.type === 'error') return this.#fail(event)
    if (event.type === 'ping') return ': ping\n\n'
    if (event.type === 'usage') {
      this.#usage = event.usage
      return ''
    }
    const ready = this.#calls.take(event).map((one) => this.#write(one))
    return this.#start() + ready.join('')
  }

  #start(): string {
    if (this.#isStarted) return ''
    this.#isStarted = true
    const response = this.#response(IN_PROGRESS, null)
    return this.#frame('response.created', { response }) + this.#frame('response.in_progress', { response })
  }

  #write(event: AnswerEvent): string {
    switch (event.type) {
      case 'start':
      case 'speech':
        return ''
      case 'image':
        return this.#output.addImage(dataOf(event))
      case 'text':
      case 'refusal':
        return this.#output.say(event.type, event.text)
      case 'reasoning':
        return this.#output.think(event.text)
      case 'signature':
        return this.#output.seal(event.signature)
      case 'redacted':
        return this.#output.addRedacted(event.data)
      case 'tool_start':
        return this.#output.startCall(event.id, event.name)
      case 'tool_arguments':
        return this.#output.addArguments(event.text)
      case 'tool_end':
        return this.#output.close()
      case 'finish':
        this.#ending = writeFinish(event.reason)
        return this.#close()
      case 'done':
        return this.#close() + this.#last()
    }
  }

  #close(): string {
    return this.#output.close(this.#ending.status === 'incomplete' ? 'incomplete' : 'completed')
  }

  #last(): string {
    const ending = this.#ending
    return this.#frame(`response.${ending.status}`, { response: this.#response(ending, failureOf(ending)) })
  }

  // Some clients look for the error event, others for the response that failed; the vendor sends both.
  #fail({ error }: WritableEvent & { readonly type: 'error' }): string {
    const event = errorEvent(error, this.#sequence++)
    if (!this.#isStarted) return event
    const { code = null, message = null } = errorBody(error)
    return event + this.#frame('response.failed', { response: this.#response(writeFinish('error'), { code, message }) })
  }

  #response(ending: Ending, error: Json): JsonObject {
    return responseObject(this.#identity, { ending, output: this.#output.items, usage: this.#usage, error })
  }

  #frame(type: string, body: JsonObject): string {
    const data = JSON.stringify({ type, sequence_number: this.#sequence++, ...body })
    return `event: ${type}\ndata: ${data}\n\n`
  }
}
