import { faultOf } from '../../bedrock/errors.ts'
import type { ChatEvent } from '../../canonical/event.ts'
import type { StreamEvent } from '../../framing/framing.ts'
import type { StreamReader } from '../dialect.ts'

/** Reads a stream whose chunks are events of another dialect, read by `inner`. */
export class InvokeReader implements StreamReader {
  readonly #inner: StreamReader

  constructor(inner: StreamReader) {
    this.#inner = inner
  }

  read(event: StreamEvent): readonly ChatEvent[] {
    const error = faultOf(event)
    return error === undefined ? this.#inner.read(event) : [{ type: 'error', error }]
  }

  end(): readonly ChatEvent[] {
    return this.#inner.end()
  }
}
