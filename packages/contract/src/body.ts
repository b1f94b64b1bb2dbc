import { GatewayError } from './errors.ts'
import type { HeaderList } from './headers.ts'

/** Where the chunks of a message body go. */
export interface BodySink {
  /** Takes one chunk. `false` asks the source to pause until its `resume()` is called; the chunk itself was taken. */
  write(chunk: Uint8Array): boolean
  /** The body is complete; `trailers` if the sender sent any. Called at most once, never after `fail`. */
  end(trailers?: HeaderList): void
  /** The body broke off. Called at most once, never after `end`. */
  fail(error: Error): void
}

/** A message body that has not been read yet. It flows only once `pipeTo` was called, and at most once. */
export interface BodySource {
  /** Bytes, as announced by Content-Length; `undefined` when the sender did not say. */
  readonly length: number | undefined
  /** True when the message has no body at all. `pipeTo` then ends the sink at once. */
  readonly isEmpty: boolean
  /** Starts the flow into `sink`. Throws when called twice. */
  pipeTo(sink: BodySink): void
  /** Continues after a `write` that returned `false`. */
  resume(): void
  /** Gives up: the sender is told as well as its protocol allows, and nothing more arrives. */
  cancel(error?: Error): void
}

/** A body that is already in memory. */
export function bodyOf(bytes: Uint8Array): BodySource {
  let isStarted = false
  return {
    length: bytes.byteLength,
    isEmpty: bytes.byteLength === 0,
    pipeTo(sink) {
      if (isStarted) throw new Error('The body was already consumed')
      isStarted = true
      if (bytes.byteLength > 0) sink.write(bytes)
      sink.end()
    },
    resume() {},
    cancel() {},
  }
}

/**
 * Reads a whole body into memory.
 *
 * Rejects with `body_too_large` as soon as more than `maxBytes` were announced or arrived (the source is cancelled), or
 * with the source's own error when it broke off.
 */
export function collectBody(source: BodySource, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (source.length !== undefined && source.length > maxBytes) {
      reject(tooLarge(maxBytes))
      source.cancel()
      return
    }
    const chunks: Uint8Array[] = []
    let size = 0
    source.pipeTo({
      write(chunk) {
        size += chunk.byteLength
        if (size <= maxBytes) {
          chunks.push(chunk)
          return true
        }
        reject(tooLarge(maxBytes))
        source.cancel()
        return false
      },
      end: () => resolve(chunks.length === 1 ? asBuffer(chunks[0]) : Buffer.concat(chunks)),
      fail: reject,
    })
  })
}

const tooLarge = (maxBytes: number) =>
  new GatewayError('body_too_large', { detail: `The request body is larger than ${maxBytes} bytes.` })

const asBuffer = (chunk: Uint8Array | undefined): Buffer =>
  chunk === undefined
    ? Buffer.alloc(0)
    : Buffer.isBuffer(chunk)
      ? chunk
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
