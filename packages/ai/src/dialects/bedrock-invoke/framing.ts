import { GatewayError } from '@konnect/contract'
import { awsEventStreamFraming } from '../../framing/aws-event-stream.ts'
import type { FrameReader, Framing, StreamEvent } from '../../framing/framing.ts'
import { objectOf, textOf } from '../../json/access.ts'

/**
 * Streams of InvokeModelWithResponseStream: in every `chunk` the model's own event, in base64. Such an event has no name;
 * what stands in place of events keeps the name that the event stream gives it.
 */
export const invokeFraming: Framing = {
  contentType: awsEventStreamFraming.contentType,
  open: () => new Chunks(),
}

class Chunks implements FrameReader {
  readonly #messages = awsEventStreamFraming.open()

  get pending(): number {
    return this.#messages.pending
  }

  push(chunk: Buffer, each: (event: StreamEvent) => void): void {
    this.#messages.push(chunk, (event) => each(event.name === 'chunk' ? unwrapped(event) : event))
  }

  end(): StreamEvent | undefined {
    return this.#messages.end()
  }
}

function unwrapped({ data }: StreamEvent): StreamEvent {
  const bytes = textOf(objectOf(parse(data ?? '')).bytes)
  if (bytes === undefined)
    throw new GatewayError('upstream_invalid', { reason: 'A chunk of the stream holds no bytes' })
  return { name: '', data: Buffer.from(bytes, 'base64').toString() }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
