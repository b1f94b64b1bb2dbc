import type { BodySink, BodySource, HeaderList } from '@konnect/contract'
import type { ActiveExchange } from '../exchange/active-exchange.ts'

/** The request body on its way upstream: counts and captures what passes, and knows whether any of it was taken. */
export class TrackedBody implements BodySource, BodySink {
  readonly #source: BodySource
  readonly #exchange: ActiveExchange
  #sink: BodySink | undefined
  wasTaken = false

  constructor(source: BodySource, exchange: ActiveExchange) {
    this.#source = source
    this.#exchange = exchange
  }

  get length(): number | undefined {
    return this.#source.length
  }

  get isEmpty(): boolean {
    return this.#source.isEmpty
  }

  pipeTo(sink: BodySink): void {
    this.wasTaken = true
    this.#sink = sink
    this.#source.pipeTo(this)
  }

  resume(): void {
    this.#source.resume()
  }

  cancel(error?: Error): void {
    this.#source.cancel(error)
  }

  write(chunk: Uint8Array): boolean {
    this.#exchange.requestBytes += chunk.byteLength
    this.#exchange.capture?.requestChunk(chunk)
    return this.#sink?.write(chunk) ?? false
  }

  end(trailers?: HeaderList): void {
    this.#sink?.end(trailers)
  }

  /** A policy that stops the body (too large, say) fails it with the error the client should get. */
  fail(error: Error): void {
    this.#exchange.noteFailure(error)
    this.#sink?.fail(error)
  }
}
