import type { FrameReader, Framing, StreamEvent } from '../framing/framing.ts'
import { isWholeEvent, parseEvent } from './event.ts'
import { EventSplitter } from './splitter.ts'

/** Server-sent events (WHATWG HTML §9.2). */
export const sseFraming: Framing = { contentType: 'text/event-stream', open: () => new SseFrames() }

class SseFrames implements FrameReader {
  readonly #splitter = new EventSplitter()

  get pending(): number {
    return this.#splitter.pending
  }

  push(chunk: Buffer, each: (event: StreamEvent) => void): void {
    this.#splitter.push(chunk, (source, start, end) => each(parseEvent(source.toString('utf8', start, end))))
  }

  // Some vendors leave out the last blank line.
  end(): StreamEvent | undefined {
    const rest = this.#splitter.rest()
    return isWholeEvent(rest) ? parseEvent(rest.toString()) : undefined
  }
}
