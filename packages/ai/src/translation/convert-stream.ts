import { asGatewayError, GatewayError } from '@konnect/contract'
import { type ChatEvent, isContent } from '../canonical/event.ts'
import { newFacts } from '../canonical/facts.ts'
import type { AnswerIdentity, AnswerMemo } from '../canonical/response.ts'
import type { Dialect, MutableFacts, StreamReader, StreamWriter } from '../dialects/dialect.ts'
import { bufferOf } from '../json/splice.ts'
import type { ResponseFacts, StreamTranslation } from '../ports.ts'
import { isWholeEvent, parseEvent } from '../sse/event.ts'
import { EventSplitter, MAX_EVENT_BYTES } from '../sse/splitter.ts'

const NOTHING = Buffer.alloc(0)

/** Reads the vendor's stream, event by event, and writes the client's. */
export class ConvertStream implements StreamTranslation {
  readonly #reader: StreamReader
  readonly #writer: StreamWriter
  readonly #splitter = new EventSplitter()
  readonly #facts: MutableFacts = newFacts()
  #isOver = false

  constructor(client: Dialect, vendor: Dialect, memo: AnswerMemo, identity: AnswerIdentity) {
    this.#reader = vendor.streamIn(memo)
    this.#writer = client.streamOut(identity)
  }

  get facts(): ResponseFacts {
    return this.#facts
  }

  write(bytes: Uint8Array): Uint8Array {
    if (this.#isOver) return NOTHING
    let out = ''
    this.#splitter.push(bufferOf(bytes), (source, start, end) => {
      out += this.#read(source.toString('utf8', start, end))
    })
    if (this.#splitter.pending > MAX_EVENT_BYTES) out += this.#giveUp()
    return out === '' ? NOTHING : Buffer.from(out)
  }

  end(): Uint8Array {
    const rest = this.#splitter.rest()
    let out = isWholeEvent(rest) ? this.#read(rest.toString()) : ''
    if (!this.#isOver) out += this.#convert(this.#reader.end())
    if (!this.#isOver) out += this.#break(new GatewayError('upstream_truncated'))
    return Buffer.from(out)
  }

  fail(error: GatewayError): Uint8Array {
    return this.#isOver ? NOTHING : Buffer.from(this.#break(error))
  }

  #read(text: string): string {
    if (this.#isOver) return ''
    try {
      return this.#convert(this.#reader.read(parseEvent(text)))
    } catch (error) {
      this.#facts.error = new GatewayError('upstream_invalid', {
        reason: 'An event of the stream cannot be read',
        cause: asGatewayError(error),
      })
      return this.#break(this.#facts.error)
    }
  }

  #convert(events: readonly ChatEvent[]): string {
    let out = ''
    for (const event of events) {
      if (this.#isOver) return out
      this.#note(event)
      out += this.#writer.write(event)
      if (event.type === 'error' || event.type === 'done') this.#isOver = true
    }
    return out
  }

  #note(event: ChatEvent): void {
    if (event.type === 'usage') this.#facts.usage = event.usage
    else if (event.type === 'finish') this.#facts.finishReason = event.reason
    else if (event.type === 'error') this.#facts.error = event.error
    else if (event.type === 'done') this.#facts.isComplete = true
    else if (isContent(event)) this.#facts.hasContent = true
  }

  #giveUp(): string {
    this.#splitter.rest()
    if (this.#isOver) return ''
    this.#facts.error = new GatewayError('upstream_invalid', { reason: 'An event of the stream is too large' })
    return this.#break(this.#facts.error)
  }

  #break(error: GatewayError): string {
    this.#isOver = true
    return this.#writer.write({ type: 'error', error })
  }
}
