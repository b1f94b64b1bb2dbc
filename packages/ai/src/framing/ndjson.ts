import type { FrameReader, Framing, StreamEvent } from './framing.ts'

const LF = 0x0a

/** Newline-delimited JSON: one value a line. Events have no name. */
export const ndjsonFraming: Framing = { contentType: 'application/x-ndjson', open: () => new Lines() }

class Lines implements FrameReader {
  #parts: Buffer[] = []
  #pending = 0

  get pending(): number {
    return this.#pending
  }

  push(chunk: Buffer, each: (event: StreamEvent) => void): void {
    let start = 0
    for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, start)) {
      const event = this.#line(chunk.subarray(start, at))
      start = at + 1
      if (event !== undefined) each(event)
    }
    if (start === chunk.length) return
    // The chunk's memory may change once this call is over.
    this.#parts.push(Buffer.from(chunk.subarray(start)))
    this.#pending += chunk.length - start
  }

  // The last line may lack its end; half a value is none.
  end(): StreamEvent | undefined {
    const event = this.#line(Buffer.alloc(0))
    return event !== undefined && isJson(event.data ?? '') ? event : undefined
  }

  #line(last: Buffer): StreamEvent | undefined {
    const text = (this.#parts.length === 0 ? last : Buffer.concat([...this.#parts, last])).toString().trim()
    this.#parts = []
    this.#pending = 0
    return text === '' ? undefined : { name: '', data: text }
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
