import type { HeaderList } from '@konnect/contract'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import { finalHeaders, runReturn } from '../return/answer.ts'
import { addedHeaders } from '../translate/ai-headers.ts'
import { LineCutter, linesOf } from './line-cutter.ts'
import { type AnswerStream, typeOf } from './vendor-call.ts'

/** Changes or watches what passes, in whole lines. */
export type LinePass = (lines: Buffer) => Buffer

/** Lines beyond this are no lines: the content then passes unseen. */
const MAX_LINE_BYTES = 32 * 1024 * 1024

/** An answer that goes to the client as it comes, with backpressure. */
export class StreamedAnswer implements AnswerStream {
  readonly #exchange: ActiveExchange
  #pass: LinePass | undefined
  readonly #lines = new LineCutter()

  constructor(exchange: ActiveExchange, pass?: LinePass) {
    this.#exchange = exchange
    this.#pass = pass
  }

  head(status: number, headers: HeaderList, length: number | undefined): void {
    const exchange = this.#exchange
    exchange.response = { status, headers: ['content-type', typeOf(headers), ...addedHeaders(headers, undefined)] }
    exchange.enter('return')
    // A stream does not wait: its return phase works on the head only and must be synchronous.
    runReturn(exchange)?.catch((error: unknown) => exchange.noteFailure(error))
    if (exchange.isFinished) return
    exchange.status = exchange.response.status
    const sent = finalHeaders(exchange, exchange.response.headers)
    exchange.capture?.responseHeaders(sent)
    exchange.responder.head(exchange.response.status, sent, this.#pass === undefined ? length : undefined)
  }

  data(chunk: Uint8Array): boolean {
    return this.#out(this.#pass === undefined ? chunk : this.#passed(this.#pass, chunk))
  }

  end(): void {
    const rest = this.#lines.rest()
    this.#out(this.#pass?.(rest) ?? rest)
    this.#exchange.responder.end()
  }

  #passed(pass: LinePass, chunk: Uint8Array): Uint8Array {
    const whole = pass(this.#lines.push(chunk))
    if (this.#lines.pending <= MAX_LINE_BYTES) return whole
    this.#pass = undefined
    return Buffer.concat([whole, this.#lines.rest()])
  }

  #out(bytes: Uint8Array): boolean {
    if (bytes.byteLength === 0 || this.#exchange.isFinished) return true
    this.#exchange.capture?.responseChunk(bytes)
    return this.#exchange.responder.write(bytes)
  }
}

/** Lets lines pass as they are and shows each of them. */
export const watching =
  (see: (line: Buffer) => void): LinePass =>
  (lines) => {
    for (const line of linesOf(lines)) see(line)
    return lines
  }
