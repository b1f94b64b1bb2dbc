/** Most heads fit; looking further at once would copy bodies for nothing. */
const USUAL_HEAD_BYTES = 4 * 1024

/** What {@link findHead} found. One object is reused for every message: read it at once. */
export interface FoundHead {
  /** latin1 text from where the head begins, at least as long as the head. */
  text: string
  /** Bytes of the head with its empty line; 0 when it is not complete. */
  length: number
}

const found: FoundHead = { text: '', length: 0 }

/** Looks for the empty line that ends a message head beginning at `at`, within `maxBytes`. */
export function findHead(bytes: Buffer, at: number, maxBytes: number): FoundHead {
  let text = bytes.toString('latin1', at, Math.min(bytes.length, at + USUAL_HEAD_BYTES, at + maxBytes))
  let end = text.indexOf('\r\n\r\n')
  if (end < 0 && bytes.length - at > USUAL_HEAD_BYTES) {
    text = bytes.toString('latin1', at, Math.min(bytes.length, at + maxBytes))
    end = text.indexOf('\r\n\r\n')
  }
  found.text = text
  found.length = end < 0 ? 0 : end + 4
  return found
}
