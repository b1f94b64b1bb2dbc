import { GatewayError } from '@konnect/contract'
import { maskSecrets } from '../canonical/error.ts'
import type { PassingDialect, StreamTap } from '../dialects/dialect.ts'
import { bufferOf } from '../json/splice.ts'
import type { ResponseFacts, StreamTranslation } from '../ports.ts'
import { isWholeEvent } from '../sse/event.ts'
import { EventSplitter, MAX_EVENT_BYTES } from '../sse/splitter.ts'

const NOTHING = Buffer.alloc(0)

/**
 * Passes a stream of the client's own dialect. Complete events leave as the bytes they came as, without a copy where a
 * chunk ends with an event; an event that is not complete waits for its rest, so a break never leaves half of one behind.
 */
export class PassStream implements StreamTranslation {
  readonly #dialect: PassingDialect
  readonly #tap: StreamTap
  readonly #hidesUsage: boolean
  readonly #requestId: string
  readonly #splitter = new EventSplitter()
  #isOver = false

  constructor(dialect: PassingDialect, hidesUsage: boolean, requestId: string) {
    this.#dialect = dialect
    this.#tap = dialect.streamTap()
    this.#hidesUsage = hidesUsage
    this.#requestId = requestId
  }

  get facts(): ResponseFacts {
    return this.#tap.facts
  }

  write(bytes: Uint8Array): Uint8Array {
    if (this.#isOver) return NOTHING
    const chunk = bufferOf(bytes)
    const output = new PassedBytes(chunk)
    this.#splitter.push(chunk, (source, start, end) => this.#see(output, source, start, end))
    if (this.#splitter.pending > MAX_EVENT_BYTES) output.add(this.#giveUp())
    return output.bytes()
  }

  end(): Uint8Array {
    if (this.#isOver) return NOTHING
    // Some vendors leave out the last blank line.
    const rest = this.#splitter.rest()
    const output = new PassedBytes(rest)
    if (isWholeEvent(rest)) this.#see(output, rest, 0, rest.length)
    this.#tap.end()
    const isWell = this.#isOver || this.facts.isComplete || this.facts.error !== null
    this.#isOver = true
    if (isWell) return output.bytes()
    const separator = output.bytes().length === 0 ? '' : '\n\n'
    const event = this.#dialect.errorEvent(new GatewayError('upstream_truncated'), this.#requestId)
    return Buffer.concat([output.bytes(), Buffer.from(separator + event)])
  }

  fail(error: GatewayError): Uint8Array {
    if (this.#isOver) return NOTHING
    this.#isOver = true
    return Buffer.from(this.#dialect.errorEvent(error, this.#requestId))
  }

  #giveUp(): Buffer {
    const error = new GatewayError('upstream_invalid', { reason: 'An event of the stream is too large' })
    this.#tap.facts.error = error
    this.#splitter.rest()
    return Buffer.from(this.fail(error))
  }

  #see(output: PassedBytes, source: Buffer, start: number, end: number): void {
    if (this.#isOver) return
    const verdict = this.#tap.see(source, start, end)
    if (verdict === 'error' || verdict === 'failing') {
      // Nothing follows the last word on an error, whatever the vendor still sends.
      this.#isOver = verdict === 'error'
      output.add(masked(source.subarray(start, end)))
    } else if (verdict !== 'extra-usage' || !this.#hidesUsage) output.pass(source, start, end)
  }
}

function masked(event: Buffer): Buffer {
  const text = event.toString()
  const safe = maskSecrets(text)
  return safe === text ? Buffer.from(event) : Buffer.from(safe)
}

/** What is to go out of one chunk: a view of it while nothing was left out of its middle. */
class PassedBytes {
  readonly #chunk: Buffer
  readonly #parts: Buffer[] = []
  #start = 0
  #end = 0

  constructor(chunk: Buffer) {
    this.#chunk = chunk
  }

  /** Lets bytes through. Those that are not of the chunk itself stand in memory that changes, so they are copied. */
  pass(source: Buffer, start: number, end: number): void {
    if (source !== this.#chunk) this.add(Buffer.from(source.subarray(start, end)))
    else if (start === this.#end && this.#end > this.#start) this.#end = end
    else {
      this.#settle()
      this.#start = start
      this.#end = end
    }
  }

  add(bytes: Buffer): void {
    this.#settle()
    this.#parts.push(bytes)
  }

  bytes(): Buffer {
    this.#settle()
    const [only] = this.#parts
    if (only === undefined) return NOTHING
    return this.#parts.length === 1 ? only : Buffer.concat(this.#parts)
  }

  #settle(): void {
    const { length } = this.#chunk
    if (this.#end === this.#start) return
    const isAll = this.#start === 0 && this.#end === length
    this.#parts.push(isAll ? this.#chunk : this.#chunk.subarray(this.#start, this.#end))
    this.#start = this.#end
  }
}
