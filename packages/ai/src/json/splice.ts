/** One change of bytes: what stands from `start` up to `end` becomes `text`. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Applies edits, in order and without overlap, to a copy; bytes outside of them stay exactly as they are. */
export function splice(bytes: Buffer, edits: readonly Edit[]): Buffer {
  if (edits.length === 0) return bytes
  let size = bytes.length
  for (const edit of edits) size += Buffer.byteLength(edit.text) - (edit.end - edit.start)
  const result = Buffer.allocUnsafe(size)
  let written = 0
  let copied = 0
  for (const edit of edits) {
    written += bytes.copy(result, written, copied, edit.start)
    written += result.write(edit.text, written)
    copied = edit.end
  }
  bytes.copy(result, written, copied)
  return result
}

/** A view of the same memory as a Buffer. */
export const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
