import type { GatewayError } from '@konnect/contract'
import type { ResponseFacts, StreamTranslation } from '../../ports.ts'
import { parseEvent } from '../../sse/event.ts'
import { EventSplitter } from '../../sse/splitter.ts'
import type { StreamForm } from '../dialect.ts'

/** Streams as one JSON array that grows: what Google's servers send unless they are asked for `alt=sse`. */
const ARRAY: StreamForm = { contentType: 'application/json', reshape: (stream) => new ArrayStream(stream) }

/** The form of streams that a query asks for: server-sent events (`undefined`) only with `alt=sse`. */
export const streamForm = (query: string): StreamForm | undefined =>
  /(?:^|&)(?:\$|%24)?alt=sse(?=[&;]|$)/i.test(query) ? undefined : ARRAY

const bytesOf = (text: string): Buffer => Buffer.from(text)

/** Each event becomes an element, an error among them; the array is closed whatever happens. */
class ArrayStream implements StreamTranslation {
  readonly #inner: StreamTranslation
  readonly #splitter = new EventSplitter()
  #isOpen = false
  #isClosed = false

  constructor(inner: StreamTranslation) {
    this.#inner = inner
  }

  get facts(): ResponseFacts {
    return this.#inner.facts
  }

  write(chunk: Uint8Array): Uint8Array {
    return bytesOf(this.#elements(this.#inner.write(chunk)))
  }

  end(): Uint8Array {
    return bytesOf(this.#close(this.#inner.end()))
  }

  fail(error: GatewayError): Uint8Array {
    return bytesOf(this.#close(this.#inner.fail(error)))
  }

  #elements(events: Uint8Array): string {
    let out = ''
    this.#splitter.push(Buffer.from(events), (source, start, end) => {
      const { data } = parseEvent(source.toString('utf8', start, end))
      if (data !== null) out += this.#element(data)
    })
    return out
  }

  #element(json: string): string {
    const separator = this.#isOpen ? ',\r\n' : '['
    this.#isOpen = true
    return `${separator}${json}`
  }

  #close(rest: Uint8Array): string {
    if (this.#isClosed) return ''
    // What is left without its blank line ends here all the same.
    const last = this.#elements(Buffer.concat([rest, bytesOf('\n\n')]))
    this.#isClosed = true
    return `${last}${this.#isOpen ? '' : '['}]`
  }
}
