import { type BodySink, type BodySource, GatewayError } from '@konnect/contract'

/** A body that breaks off with `body_too_large`, and tells its sender, as soon as more than `maxBytes` have arrived. */
export function limitBody(source: BodySource, maxBytes: number): BodySource {
  return {
    length: source.length,
    isEmpty: source.isEmpty,
    pipeTo: (sink) => source.pipeTo(limitSink(source, sink, maxBytes)),
    resume: () => source.resume(),
    cancel: (error) => source.cancel(error),
  }
}

function limitSink(source: BodySource, sink: BodySink, maxBytes: number): BodySink {
  let size = 0
  const isBroken = () => size > maxBytes
  return {
    write(chunk) {
      if (isBroken()) return false
      size += chunk.byteLength
      if (!isBroken()) return sink.write(chunk)
      const error = tooLarge(maxBytes)
      sink.fail(error)
      source.cancel(error)
      return false
    },
    end(trailers) {
      if (!isBroken()) sink.end(trailers)
    },
    fail(error) {
      if (!isBroken()) sink.fail(error)
    },
  }
}

export const tooLarge = (maxBytes: number): GatewayError =>
  new GatewayError('body_too_large', { detail: `The request body is larger than ${maxBytes} bytes.` })
