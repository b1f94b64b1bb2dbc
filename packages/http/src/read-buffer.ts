/** What sockets without TLS read into. A view of it is valid until the event loop turns. */
export const READ_BUFFER: Buffer = Buffer.allocUnsafeSlow(64 * 1024)

/** The chunk itself, or a copy when its memory is about to be read into again. */
export function ownBytes(chunk: Uint8Array): Uint8Array {
  return chunk.buffer === READ_BUFFER.buffer ? Buffer.from(chunk) : chunk
}
