import { asGatewayError, GatewayError } from '@konnect/contract'
import { type ChatEvent, isContent } from '../canonical/event.ts'
import { newFacts } from '../canonical/facts.ts'
import type { AnswerIdentity, AnswerMemo } from '../canonical/response.ts'
import type { ClientDialect, MutableFacts, StreamReader, StreamWriter, VendorDialect } from '../dialects/dialect.ts'
import type { FrameReader, StreamEvent } from '../framing/framing.ts'
import { bufferOf } from '../json/splice.ts'
import type { ResponseFacts, StreamTranslation } from '../ports.ts'
import { MAX_EVENT_BYTES } from '../sse/splitter.ts'
import { AnswerLosses } from './answer-losses.ts'

const NOTHING = Buffer.alloc(0)

/** Reads the vendor's stream, event by event, and writes the client's. */
export class ConvertStream implements StreamTranslation {
  readonly #reader: StreamReader
  readonly #writer: StreamWriter
  readonly #frames: FrameReader
  readonly #facts: MutableFacts = newFacts()
  readonly #losses: AnswerLosses
  #isOver = false

  constructor(client: ClientDialect, vendor: VendorDialect, memo: AnswerMemo, identity: AnswerIdentity) {
    this.#frames = vendor.framing.open()
    this.#reader = vendor.streamIn(memo)
    this.#writer = client.streamOut(identity)
    this.#losses = new AnswerLosses(client)
  }

  get facts(): ResponseFacts {
    return this.#facts
  }

  write(bytes: Uint8Array): Uint8Array {
    if (this.#isOver) return NOTHING
    let out = ''
    try {
      this.#frames.push(bufferOf(bytes), (event) => {
        out += this.#read(event)
      })
    } catch (error) {
      out += this.#spoil('The frames of the stream are damaged', error)
    }
    if (this.#frames.pending > MAX_EVENT_BYTES) out += this.#giveUp()
    return out === '' ? NOTHING : Buffer.from(out)
  }

  end(): Uint8Array {
    const last = this.#frames.end()
    let out = last === undefined ? '' : this.#read(last)
    if (!this.#isOver) out += this.#convert(this.#reader.end())
    if (!this.#isOver) out += this.#break(new GatewayError('upstream_truncated'))
    return Buffer.from(out)
  }

  fail(error: GatewayError): Uint8Array {
    return this.#isOver ? NOTHING : Buffer.from(this.#break(error))
  }

  #read(event: StreamEvent): string {
    if (this.#isOver) return ''
    try {
      return this.#convert(this.#reader.read(event))
    } catch (error) {
      return this.#spoil('An event of the stream cannot be read', error)
    }
  }

  #spoil(reason: string, cause?: unknown): string {
    if (this.#isOver) return ''
    const known = cause === undefined ? {} : { cause: asGatewayError(cause) }
    this.#facts.error = new GatewayError('upstream_invalid', { reason, ...known })
    return this.#break(this.#facts.error)
  }

  #convert(events: readonly ChatEvent[]): string {
    let out = ''
    for (const event of events) {
      if (this.#isOver) return out
      this.#note(event)
      if (!this.#losses.passes(event)) {
        this.#facts.dropped = this.#losses.names
        continue
      }
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
    this.#frames.end()
    return this.#spoil('An event of the stream is too large')
  }

  #break(error: GatewayError): string {
    this.#isOver = true
    return this.#writer.write({ type: 'error', error })
  }
}
