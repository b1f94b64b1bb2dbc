import { headerOf } from '@konnect/contract'
import { bufferOf } from '../json/splice.ts'
import type { Translation } from '../ports.ts'

const EVENT_STREAM = 'text/event-stream'
const LONGEST_START = 64

/**
 * For a client that wants a stream: one that had to be collected before it could be read, because the vendor compressed it
 * though it was asked not to or calls it something else, is passed or translated like any other, in one piece.
 */
export const takingCollected = (translation: Translation): Translation => ({
  ...translation,
  response(status, headers, body) {
    const type = status < 300 ? streamTypeOf(translation, headerOf(headers, 'content-type'), body) : undefined
    if (type === undefined) return translation.response(status, headers, body)
    const stream = translation.stream()
    const out = Buffer.concat([stream.write(body), stream.end()])
    return { answer: { status, contentType: translation.streamTypeFor(type), body: out }, facts: stream.facts }
  },
})

/** The content type of a stream, or what it should have been; `undefined` when it is none. */
function streamTypeOf({ streamType }: Translation, given = '', body: Uint8Array): string | undefined {
  if (given.startsWith(streamType)) return given
  const isMislabelled = streamType === EVENT_STREAM && startsWithField(bufferOf(body))
  return isMislabelled ? EVENT_STREAM : undefined
}

// No answer of another kind starts with a field of an event, or with a comment.
const startsWithField = (body: Buffer): boolean =>
  /^\s*(?:event|data|id|retry)?:/.test(body.toString('utf8', 0, LONGEST_START))
