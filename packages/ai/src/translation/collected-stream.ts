import { headerOf } from '@konnect/contract'
import type { Translation } from '../ports.ts'

/**
 * For a client that wants a stream: one that had to be collected before it could be read, because the vendor compressed it
 * though it was asked not to, is passed or translated like any other, in one piece.
 */
export const takingCollected = (translation: Translation): Translation => ({
  ...translation,
  response(status, headers, body) {
    const contentType = headerOf(headers, 'content-type') ?? ''
    if (status >= 300 || !contentType.startsWith(translation.streamType)) {
      return translation.response(status, headers, body)
    }
    const stream = translation.stream()
    const out = Buffer.concat([stream.write(body), stream.end()])
    return {
      answer: { status, contentType: translation.streamTypeFor(contentType), body: out },
      facts: stream.facts,
    }
  },
})
