import { asGatewayError, GatewayError, isJsonObject } from '@konnect/contract'
import { faultOf } from '../../bedrock/errors.ts'
import type { StreamEvent } from '../../framing/framing.ts'
import { textOf } from '../../json/access.ts'
import { bufferOf } from '../../json/splice.ts'
import type { ResponseFacts, StreamTranslation } from '../../ports.ts'
import { MAX_EVENT_BYTES } from '../../sse/splitter.ts'
import { invokeFraming } from './framing.ts'

const NOTHING = Buffer.alloc(0)

/**
 * Passes the events out of the chunks of InvokeModelWithResponseStream as server-sent events, through the stream that
 * passes those of the dialect inside.
 */
export class InvokePassStream implements StreamTranslation {
  readonly #inner: StreamTranslation
  readonly #frames = invokeFraming.open()
  #error: GatewayError | undefined

  constructor(inner: StreamTranslation) {
    this.#inner = inner
  }

  get facts(): ResponseFacts {
    const { facts } = this.#inner
    return this.#error === undefined ? facts : { ...facts, error: this.#error }
  }

  write(bytes: Uint8Array): Uint8Array {
    if (this.#error !== undefined) return NOTHING
    const out: Uint8Array[] = []
    try {
      this.#frames.push(bufferOf(bytes), (event) => out.push(this.#pass(event)))
    } catch (error) {
      out.push(this.#spoil('The frames of the stream are damaged', error))
    }
    if (this.#frames.pending > MAX_EVENT_BYTES) out.push(this.#spoil('An event of the stream is too large'))
    return Buffer.concat(out)
  }

  end(): Uint8Array {
    return this.#inner.end()
  }

  fail(error: GatewayError): Uint8Array {
    return this.#inner.fail(error)
  }

  #pass(event: StreamEvent): Uint8Array {
    if (this.#error !== undefined) return NOTHING
    const error = faultOf(event)
    if (error !== undefined) return this.#fault(error)
    if (event.name !== '' || event.data === null) return NOTHING
    return this.#inner.write(Buffer.from(serverSent(event.data)))
  }

  #fault(error: GatewayError): Uint8Array {
    if (!this.facts.isComplete) this.#error = error
    return this.#inner.fail(error)
  }

  #spoil(reason: string, cause?: unknown): Uint8Array {
    if (this.#error !== undefined) return NOTHING
    const known = cause === undefined ? {} : { cause: asGatewayError(cause) }
    return this.#fault(new GatewayError('upstream_invalid', { reason, ...known }))
  }
}

// In JSON text, line ends stand between tokens only.
function serverSent(json: string): string {
  return `event: ${typeOf(json)}\ndata: ${json.replace(/[\r\n]+/g, ' ')}\n\n`
}

function typeOf(json: string): string {
  const event: unknown = JSON.parse(json)
  return (isJsonObject(event) ? textOf(event.type) : undefined) ?? ''
}
