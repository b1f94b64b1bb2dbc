import { type BodySink, type BodySource, GatewayError, type HeaderList, headerOf } from '@konnect/contract'
import { boundaryOf, type FormPart, FormReader } from './form-reader.ts'

const MAX_PEEKED_BYTES = 64 * 1024
const MAX_FIELD_BYTES = 1024

/** An upload whose fields before the file are known. */
export interface PeekedUpload {
  /** Values of the fields that came before the file, by name. */
  readonly fields: ReadonlyMap<string, string>
  /** The whole body, from its first byte. */
  readonly body: BodySource
}

/**
 * Reads a form up to its file, which stays where it is until the body is asked to flow. Rejects with `invalid_request` for
 * what is no form or has more than 64 KB before the file.
 */
export function peekUpload(source: BodySource, headers: HeaderList): Promise<PeekedUpload> {
  return new Promise((resolve, reject) => {
    try {
      const peek = new UploadPeek(source, boundaryOf(headerOf(headers, 'content-type')), { resolve, reject })
      source.pipeTo(peek)
    } catch (error) {
      reject(error as Error)
    }
  })
}

interface Outcome {
  resolve(peeked: PeekedUpload): void
  reject(error: Error): void
}

class UploadPeek implements BodySink, BodySource {
  readonly length: number | undefined
  readonly isEmpty = false
  readonly #source: BodySource
  readonly #reader: FormReader
  readonly #outcome: Outcome
  readonly #fields = new Map<string, string>()
  #chunks: Uint8Array[] = []
  #size = 0
  #field: string | undefined
  #isKnown = false
  #sink: BodySink | undefined
  /** How the source ended, until the sink has heard of it. */
  #ending: ((sink: BodySink) => void) | undefined

  constructor(source: BodySource, boundary: string, outcome: Outcome) {
    this.#source = source
    this.length = source.length
    this.#outcome = outcome
    this.#reader = new FormReader(boundary, {
      onPart: (part) => this.#onPart(part),
      onContent: (bytes) => this.#onContent(bytes),
      onPartEnd: () => undefined,
    })
  }

  write(chunk: Uint8Array): boolean {
    if (this.#sink !== undefined) return this.#sink.write(chunk)
    this.#chunks.push(chunk)
    this.#size += chunk.byteLength
    try {
      if (!this.#isKnown) this.#reader.write(chunk)
      if (!this.#isKnown && this.#size > MAX_PEEKED_BYTES) throw tooMuchBeforeTheFile()
    } catch (error) {
      this.#outcome.reject(error as Error)
      this.#source.cancel()
    }
    return !this.#isKnown
  }

  end(trailers?: HeaderList): void {
    this.#finish((sink) => sink.end(trailers))
    this.#know()
  }

  fail(error: Error): void {
    this.#finish((sink) => sink.fail(error))
    this.#outcome.reject(error)
  }

  pipeTo(sink: BodySink): void {
    this.#sink = sink
    const chunks = this.#chunks
    this.#chunks = []
    let mayGoOn = true
    for (const chunk of chunks) mayGoOn = sink.write(chunk)
    if (this.#ending !== undefined) this.#ending(sink)
    else if (mayGoOn) this.#source.resume()
  }

  resume(): void {
    this.#source.resume()
  }

  cancel(error?: Error): void {
    this.#source.cancel(error)
  }

  #finish(ending: (sink: BodySink) => void): void {
    if (this.#sink === undefined) this.#ending = ending
    else ending(this.#sink)
  }

  #onPart({ name, fileName }: FormPart): void {
    this.#field = name
    if (fileName !== undefined) this.#know()
    else if (!this.#isKnown) this.#fields.set(name, '')
  }

  #onContent(bytes: Buffer): void {
    if (this.#isKnown || this.#field === undefined) return
    const value = (this.#fields.get(this.#field) ?? '') + bytes.toString('utf8')
    this.#fields.set(this.#field, value.slice(0, MAX_FIELD_BYTES))
  }

  #know(): void {
    if (this.#isKnown) return
    this.#isKnown = true
    this.#outcome.resolve({ fields: this.#fields, body: this })
  }
}

const tooMuchBeforeTheFile = () =>
  new GatewayError('invalid_request', { detail: 'The fields before the file are larger than 64 KB.' })
