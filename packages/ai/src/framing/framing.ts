/** One event of a vendor's stream, whatever carried it. */
export interface StreamEvent {
  /** Empty when the event has no name. */
  readonly name: string
  /** `null` when there was none, e.g. in a comment. */
  readonly data: string | null
}

/** Cuts one stream of bytes into events, wherever the network split it. */
export interface FrameReader {
  /** Number of bytes held because their event is not complete. */
  readonly pending: number
  /** Takes the next bytes and hands on every event that is now complete. Throws `upstream_invalid` for damaged frames. */
  push(chunk: Buffer, each: (event: StreamEvent) => void): void
  /** The stream ended. Gives the last event where the framing allows to leave out its end; the rest is forgotten. */
  end(): StreamEvent | undefined
}

/** How a dialect cuts its streams into events. */
export interface Framing {
  /** Media type of such a stream, without parameters. */
  readonly contentType: string
  open(): FrameReader
}
